"""Packages whose claims rest on evidence of all kinds of rights, and what else people leave in the hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.domain.audit import AuditEntry
from core.domain.base import Evidence, System
from core.domain.chat import Answer, AnswerStatus, Thread
from core.domain.claims import Claim, ClaimState, Section, evidence_from
from core.domain.contracts import ClauseKind, Contract, Department
from core.domain.inbound import InboundStatus
from core.domain.packages import ApprovalView, Package, PackageSection, Sections, SectionStatus
from core.domain.products import PricingRule
from core.domain.views.operations import ContractTerm
from core.domain.views.reply import ReplyDraft, ReplySentence
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Role
from core.language import Lang
from evals.bench.leaks.company import ACCOUNTS, NOW, TENANTS, World, caller_of
from evals.bench.leaks.rights import READERS, Person, Row, Secret
from hub.installation import Platform
from hub.reviews.opening import begin_reviews, plan_reviews
from hub.sharing import revoke_share, share_package

_LEGAL, _FINANCE, _SUPPLY = Department.LEGAL, Department.FINANCE, Department.SUPPLY_CHAIN


@dataclass(frozen=True)
class _Planned:
    """A claim to plant: what its evidence is for, which departments review it."""

    row: Row
    departments: frozenset[Department]
    record: type[Contract | PricingRule] | None = None


def _claims(region: str | None) -> list[_Planned]:
    below = f"{region}/key" if region == "north" else region
    return [
        _Planned(Row(region), frozenset({_LEGAL})),
        _Planned(Row(region), frozenset({_FINANCE})),
        _Planned(Row(region), frozenset({_SUPPLY})),
        _Planned(Row(region), frozenset()),
        _Planned(Row(region, frozenset({"manager", "finance"})), frozenset({_FINANCE})),
        _Planned(Row(region, frozenset({"manager"})), frozenset({_LEGAL})),
        _Planned(Row(region, frozenset({"legal"})), frozenset({_LEGAL, _FINANCE})),
        _Planned(Row(below), frozenset()),
        _Planned(Row(None, READERS["terms"]), frozenset({_LEGAL}), Contract),
        _Planned(Row(None, READERS["bounds"]), frozenset({_FINANCE}), PricingRule),
    ]


def plant_package(platform: Platform, world: World, requester: Person, account: str, run_id: str) -> None:
    """A finished run of the requester's whose package holds a word in every claim, quote and clause."""
    tenant, region = requester.tenant, ACCOUNTS[account].region
    purpose = world.plant(tenant, account)
    run = Run(
        id=run_id, account_id=account, account=account, requester=caller_of(requester), status=RunStatus.QUEUED,
        request=VisitRequest(account=account, purpose=f"Agree on {purpose}"), created_at=NOW,
    )  # fmt: skip
    claims, evidence = [], {}
    for number, planned in enumerate(_claims(region)):
        names = frozenset(map(str, planned.departments))
        secret = Secret(tenant, (ACCOUNTS[account], planned.row), names, requester.id)
        word = world.secrets.plant(secret)
        cited = _evidence(planned, f"{run_id}-{number}", world.secrets.plant(secret))
        evidence[cited.id] = cited
        claims.append(_claim(f"x{number}", f"They said {word}.", cited, planned.departments))
    term = ContractTerm(
        contract_id="k", title="Frame", number=None, value=None, ends_on=None, days_left=None,
        clauses={ClauseKind.PAYMENT: world.secrets.plant(Secret(
            tenant, (ACCOUNTS[account], Row(None, READERS["terms"])), frozenset(), requester.id
        ))},
        evidence=claims[8].evidence[0],
    )  # fmt: skip
    package = Package(
        run_id=run_id, account=account, account_id=account, lang=Lang.EN, purpose=run.request.purpose,
        status=RunStatus.PARTIAL, created_at=NOW, elapsed_ms=1, sections=_sections(claims, term), claims=tuple(claims),
        evidence=evidence, model="embedded",
        reviews=plan_reviews(run, claims, region, NOW, timedelta(hours=8)),
    )  # fmt: skip
    with platform.store.write() as unit:
        unit.visits.create(tenant, run, run_id, run_id)
        unit.visits.save_package(tenant, package, [])
        begin_reviews(platform, unit, tenant, package)
    world.runs.setdefault(tenant, []).append((run_id, account, requester.id))
    world.accounts[tenant, run_id] = account


def _evidence(planned: _Planned, number: str, word: str) -> Evidence:
    row = planned.row
    roles = frozenset(map(Role, row.audience))
    if planned.record is None:
        return Evidence(
            id=f"crm:opportunity:{number}", source=System.CRM, record=number, as_of=NOW, quote=f"Quoted {word}.",
            region=row.region, audience=roles,
        )  # fmt: skip
    # What the product itself makes of such a record: its readers are those of the fields that it tells.
    made = (
        evidence_from(Contract(id=number, account_id="a", title="Frame"), NOW)
        if planned.record is Contract
        else evidence_from(PricingRule(id=number, max_discount_rep=0, max_discount_approved=0, play="x"), NOW)
    )
    return made.model_copy(update={"quote": f"Quoted {word}."})


def _claim(id_: str, text: str, cited: Evidence, departments: frozenset[Department]) -> Claim:
    return Claim(
        id=id_, section=Section.APPROVAL_PATH, kind="operations.term", text=text, plain=text,
        state=ClaimState.SUPPORTED, evidence=(cited.id,), departments=departments,
    )  # fmt: skip


def _sections(claims: list[Claim], term: ContractTerm) -> Sections:
    missing = PackageSection[Any](status=SectionStatus.MISSING, reason="nothing there")
    plain = {section.value: missing.model_dump() for section in Section}
    told = PackageSection[ApprovalView](
        status=SectionStatus.OK, claims=tuple(each.id for each in claims), data=ApprovalView(contracts=(term,))
    )
    return Sections.model_validate({**plain, "approval_path": told.model_dump()})


def plant_message(platform: Platform, world: World, tenant: str, number: int) -> None:
    """Make a customer's message wait, with a draft that rests on evidence for some roles alone."""
    message = world.messages[number]
    own = Row(ACCOUNTS[message.account].region, frozenset({"manager"}))
    open_to = world.plant(tenant, message.account, message.row)
    guarded = world.plant(tenant, message.account, message.row, own)
    personal = world.plant(tenant, message.account, message.row, Row(None, READERS["personal"]))
    cited = _evidence(_Planned(own, frozenset()), message.id, world.plant(tenant, message.account, message.row, own))
    draft = ReplyDraft(
        lang=Lang.EN, to=f"{personal}@customer.example", subject="Re", sentences=(
            ReplySentence(text=f"Thank you, {open_to}.", state=ClaimState.SUPPORTED),
            ReplySentence(text=f"We offer {guarded}.", state=ClaimState.SUPPORTED, evidence=(cited.id,)),
        ),
    )  # fmt: skip
    with platform.store.write() as unit:
        texts = unit.interactions.load(tenant, [message.id])
        unit.inbound.notice(tenant, texts, at=NOW)
        taken = unit.inbound.get(caller_of(Person(tenant, "x", frozenset({"admin"}))), message.id)
        assert taken is not None  # noqa: S101
        prepared = {"status": InboundStatus.WAITING, "draft": draft, "evidence": {cited.id: cited}, "prepared_at": NOW}
        unit.inbound.prepare(tenant, taken.model_copy(update=prepared), held_until=NOW)


def plant_thread(platform: Platform, world: World, owner: Person, number: int) -> None:
    """A thread of somebody's, with an answer they may read and one that their rights no longer reach."""
    tenant, id_ = owner.tenant, f"t-{owner.id}-{number}"
    mine, past = Secret(tenant, owner=owner.id), Secret(tenant, nobody=True)
    thread = Thread(id=id_, user=owner.id, title=world.secrets.plant(mine), created_at=NOW, updated_at=NOW)
    caller = caller_of(owner)
    answers = [(mine, ()), (past, ((None, (Role.ANALYST,)),))]
    if owner.roles & {"analyst", "admin"}:
        answers = answers[:1]
    with platform.store.write() as unit:
        unit.threads.create(tenant, thread)
        for turn, (secret, rights) in enumerate(answers):
            question, said = world.secrets.plant(mine), world.secrets.plant(secret)
            unit.threads.begin_turn(caller, id_, f"{id_}-{turn}", question, at=NOW, until=NOW + timedelta(seconds=9))
            answer = Answer(thread=id_, answer=said, lang=Lang.EN, status=AnswerStatus.ANSWERED)
            unit.threads.end_turn(tenant, id_, f"{id_}-{turn}", answer, rights)
    world.threads.setdefault(tenant, []).append((id_, owner.id))


def plant_shares(platform: Platform, world: World, by: Person) -> None:
    """Links of somebody's to their own packages, for a colleague and for a role, and one that has ended."""
    for run_id, _account, requester in world.runs[by.tenant]:
        if requester == by.id:
            made = [
                share_package(platform, caller_of(by), run_id, with_role=Role.ANALYST),
                share_package(platform, caller_of(by), run_id, with_role=Role.ANALYST),
                share_package(platform, caller_of(by), run_id, with_user="manager"),
            ]
            revoke_share(platform, caller_of(by), made[0].id)
            world.shares.setdefault(by.tenant, []).extend(one.id for one in made)


def plant_audit(platform: Platform, world: World) -> None:
    """One record a company in the log that nobody else's may show."""
    for tenant in TENANTS:
        entry = AuditEntry(
            actor="hub", action="trial.planted", subject="trial", body={"word": world.plant(tenant, None)}
        )
        with platform.store.write() as unit:
            unit.audit.append(tenant, entry, at=NOW)


def requesters(people: list[Person]) -> Iterator[tuple[Person, str]]:
    """Who asks for a package of which account; each account has one, some two."""
    by = {person.id: person for person in people}
    for account in ACCOUNTS:
        yield by["manager"], account
    yield by["rep-north"], "a-north"
    yield by["rep-legal"], "a-south"
