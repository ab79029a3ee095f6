"""Fields and records for some roles alone, wherever they are read or written."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import core.domain.accounts
import core.domain.contracts
import core.domain.products
from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.claims import evidence_from
from core.domain.contracts import Clause, ClauseKind, Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.products import PricingRule
from core.domain.visits import VisitRequest
from core.errors import ConflictError, ForbiddenError, NotFoundError, SourceError
from core.identity import Caller, Role
from core.policy.field_rights import FIELD_RIGHTS, as_read_by, combined, hidden_fields, narrowed
from hub.effects.ledger import get_effect, list_effects
from hub.effects.proposing import propose
from hub.installation import Platform
from hub.policies import publish_policy
from hub.visits import request_visit
from tests.effect_company import NOW, open_company, person

LEGAL_ONLY = frozenset({Role.LEGAL})
RECORDS: tuple[Record, ...] = (
    Account(id="a1", name="Acme", region="north"),
    Account(id="a2", name="Birch", region="south"),
    Contact(id="c1", account_id="a1", name="Ada", email="ada@acme.example", phone="+44 1", region="north"),
    Contract(
        id="k1", account_id="a1", title="Frame", region="north",
        clauses=(Clause(kind=ClauseKind.PAYMENT, heading="Payment", text="Thirty days."),),
    ),
    Contract(id="k2", account_id="a1", title="Hidden", region="north", audience=LEGAL_ONLY),
    Opportunity(id="o1", account_id="a1", name="Line 3", stage=PipelineStage.PROPOSAL, region="north"),
    PricingRule(id="r1", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.1"), play="Bundle"),
)  # fmt: skip
ONE_OF_EACH = [person(role.value, role) for role in Role]


@pytest.fixture
def platform(tmp_path: Path, store_url: str) -> Iterator[Platform]:
    with open_company(store_url, tmp_path) as (opened, _clock):
        with opened.store.write() as unit:
            unit.records.upsert("t", RECORDS, {}, at=NOW)
        yield opened


def may(caller: Caller, kind: str) -> bool:
    readers = next(right.readers for right in FIELD_RIGHTS if right.kind == kind)
    return bool(caller.roles & (readers | {Role.ADMIN}))


def test_each_right_names_fields_that_there_are() -> None:
    modules = (core.domain.accounts, core.domain.contracts, core.domain.products)
    kinds = {
        one.kind: one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Record) and one is not Record
    }
    for right in FIELD_RIGHTS:
        assert right.fields <= kinds[right.kind].model_fields.keys()
        assert right.readers
        assert Role.ADMIN not in right.readers, "who reads everything is in no list"


@pytest.mark.parametrize("caller", ONE_OF_EACH, ids=lambda one: one.user)
def test_a_repository_gives_a_role_its_fields_and_no_others(platform: Platform, caller: Caller) -> None:
    with platform.store.read() as unit:
        (contact,) = (one for one in unit.records.find(caller, Contact) if one.id == "c1")
        (contract,) = unit.records.find(caller, Contract, ids=["k1"])
        rules = unit.records.find(caller, PricingRule)
    assert (contact.email, contact.phone) == (("ada@acme.example", "+44 1") if may(caller, "contact") else (None, None))
    assert contact.name == "Ada"
    assert bool(contract.clauses) is may(caller, "contract")
    assert bool(rules) is may(caller, "pricing_rule")


@pytest.mark.parametrize("caller", ONE_OF_EACH, ids=lambda one: one.user)
async def test_a_system_says_that_it_may_not_answer_instead_of_leaving_out(platform: Platform, caller: Caller) -> None:
    reads: dict[str, Callable[[], Awaitable[Any]]] = {
        "pricing_rule": lambda: platform.systems.erp.pricing_rules(caller),
        "contract": lambda: platform.systems.contracts.contracts(caller, "a1"),
    }
    for kind, read in reads.items():
        if may(caller, kind):
            assert (await read()).records
        else:
            with pytest.raises(SourceError) as refused:
                await read()
            assert refused.value.reason == "forbidden"


def test_evidence_is_for_who_reads_what_it_tells_and_quotes_no_personal_data() -> None:
    contact, contract, rule = RECORDS[2], RECORDS[3], RECORDS[-1]
    at = datetime(2026, 5, 1, tzinfo=UTC)
    quoted = evidence_from(contact, at)
    assert "Ada" in quoted.quote
    assert "acme.example" not in quoted.quote
    assert quoted.audience == frozenset()
    told = {right.kind: right.readers for right in FIELD_RIGHTS}
    assert evidence_from(contract, at).audience == told["contract"]
    assert evidence_from(rule, at).audience == told["pricing_rule"]
    assert evidence_from(RECORDS[4], at).audience == LEGAL_ONLY


def test_an_audience_that_leaves_nobody_leaves_administrators() -> None:
    assert narrowed(frozenset(), LEGAL_ONLY) == LEGAL_ONLY
    assert narrowed(LEGAL_ONLY, frozenset({Role.FINANCE})) == {Role.ADMIN}
    assert combined([("north", frozenset()), ("north/key", LEGAL_ONLY), (None, frozenset())]) == (
        "north/key",
        LEGAL_ONLY,
    )
    assert combined([("north", frozenset()), ("south", frozenset())])[1] == {Role.ADMIN}
    assert combined([]) == (None, frozenset())


def test_somebody_with_several_roles_reads_what_any_of_them_does() -> None:
    both = person("both", Role.FINANCE, Role.REP)
    assert not hidden_fields(both, "contact")
    assert as_read_by(both, RECORDS[2]) == RECORDS[2]


def test_an_effect_is_for_who_may_see_what_it_tells_of(platform: Platform) -> None:
    legal, rep, finance = (person(role.value, role) for role in (Role.LEGAL, Role.REP, Role.FINANCE))
    wording = {"account": "a1", "contract": "k2", "clause": "payment", "wording": "Sixty days.", "reason": "asked"}
    amendment = propose(platform, legal, "request_amendment", wording, origin="test")
    mail = {"account": "a1", "contact": "c1", "email": "ada@new.example"}
    address = propose(platform, rep, "update_contact", mail, origin="test")
    title = propose(platform, rep, "update_contact", {"account": "a1", "contact": "c1", "title": "CEO"}, origin="test")
    shown = {caller.user: {one.id for one in list_effects(platform, caller)} for caller in (legal, rep, finance)}
    assert shown == {
        "legal": {amendment.id, address.id, title.id}, "rep": {address.id, title.id}, "finance": {title.id}
    }  # fmt: skip
    with pytest.raises(NotFoundError):
        get_effect(platform, rep, amendment.id)


@pytest.mark.parametrize(
    ("role", "operation", "args"),
    [
        (Role.FINANCE, "update_contact", {"contact": "c1", "email": "x@y.example"}),
        (Role.SUPPLY_CHAIN, "create_contact", {"name": "Ben", "phone": "1"}),
        (Role.LEGAL, "draft_quote", {"lines": [{"product": "p1", "quantity": 1}]}),
        (Role.ANALYST, "log_activity", {"form": "call", "subject": "Called"}),
    ],
)
def test_what_somebody_may_not_read_they_do_not_write(
    platform: Platform, role: Role, operation: str, args: dict[str, object]
) -> None:
    with pytest.raises(ForbiddenError):
        propose(platform, person("x", role), operation, {"account": "a1", **args}, origin="test")
    assert list_effects(platform, person("admin", Role.ADMIN)) == []


def test_visits_and_policies_are_for_the_roles_that_the_table_names(platform: Platform) -> None:
    for role in (Role.LEGAL, Role.ANALYST, Role.FINANCE):
        with pytest.raises(ForbiddenError):
            request_visit(platform, person("x", role), VisitRequest(account="a1", purpose="Renew"))
        with pytest.raises(ForbiddenError):
            publish_policy(platform, person("x", role), "effects", "{}")


def test_a_key_that_holds_a_visit_of_another_region_tells_nothing_of_it(platform: Platform) -> None:
    north = person("north", Role.REP, regions=frozenset({"north"}))
    south = person("south", Role.REP, regions=frozenset({"south"}))
    request = VisitRequest(account="a1", purpose="Renew")
    jobs: list[str] = []

    class Jobs:
        def submit(self, _tenant: str, run_id: str) -> None:
            jobs.append(run_id)

    platform.running_jobs = Jobs()  # type: ignore[assignment]
    run = request_visit(platform, north, request, "key")
    assert request_visit(platform, north, request, "key") == run
    with pytest.raises(ConflictError) as refused:
        request_visit(platform, south, request, "key")
    assert "Acme" not in str(refused.value)
    assert set(jobs) == {run.id}
