"""The workload: effects of mixed operations, most of which must happen once and the others never.

Each effect carries a mark in what it writes, so that what the target holds can be counted without asking us.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.contracts import ClauseKind, Contract, Department
from core.domain.deals import Opportunity, PipelineStage
from core.domain.effects import Change, EffectFacts, Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import (
    ActivityForm,
    ContactFields,
    CreateContact,
    CreateOpportunity,
    CreateTask,
    DraftQuote,
    LogActivity,
    OpenReview,
    Operation,
    OpportunityFields,
    Payload,
    QuoteLine,
    RequestAmendment,
    RequestSample,
    ReserveStock,
    SampleForm,
    ScheduleSignature,
    SetNextStep,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.products import StockLine
from core.identity import Caller, Role

TENANT = "chaos"
ACCOUNTS = 10
_DAY = date(2030, 1, 15)
_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
# Of ten effects that must never run: how each of them ends.
_ENDINGS = "RRRREELLWW"


class Fate(StrEnum):
    """What becomes of an effect: everybody agrees, or one of the ways in which it must never run."""

    RUN = "run"
    REJECT = "reject"
    EXPIRE = "expire"
    LEAVE = "leave"
    WITHDRAW = "withdraw"


_FATE_OF = {"R": Fate.REJECT, "E": Fate.EXPIRE, "L": Fate.LEAVE, "W": Fate.WITHDRAW}


@dataclass(frozen=True, slots=True)
class Item:
    """One effect of the workload."""

    number: int
    fate: Fate
    proposal: Proposal

    @property
    def mark(self) -> str:
        """What is found again in the record that it writes."""
        return mark_of(self.number)


def mark_of(number: int) -> str:
    """The mark of an effect; also the id of the deal that is its own."""
    return f"mark-{number:06d}"


def person(user: str, *roles: Role, tenant: str = TENANT) -> Caller:
    """Somebody of the company."""
    return Caller(tenant=tenant, user=user, roles=frozenset(roles))


REP = person("rep", Role.REP)
DECIDERS = {
    Role.MANAGER: person("manager", Role.MANAGER),
    Role.SUPPLY_CHAIN: person("supply-chain", Role.SUPPLY_CHAIN),
    Role.FINANCE: person("finance", Role.FINANCE),
    Role.LEGAL: person("legal", Role.LEGAL),
}


def build_plan(effects: int, seed: int) -> list[Item]:
    """`effects` that must run, and a fifth as many among them that must not. The order depends on `seed` alone."""
    chance = random.Random(seed)
    never = [_FATE_OF[_ENDINGS[number % len(_ENDINGS)]] for number in range(-(-effects // 5))]
    fates = [Fate.RUN] * effects + never
    chance.shuffle(fates)
    return [Item(number, fate, _proposal(number, fate, chance)) for number, fate in enumerate(fates)]


def records_of(plan: Sequence[Item]) -> Iterator[Record]:
    """What the company's systems hold before."""
    for number in range(ACCOUNTS):
        yield Account(id=f"a{number}", name=f"Customer {number}", customer_class="A")
        yield Contract(id=f"k{number}", account_id=f"a{number}", title=f"Frame contract {number}")
        yield StockLine(id=f"s{number}", product_id=f"p{number}", warehouse="Main", on_hand=10_000_000)
    for item in plan:
        account = item.proposal.payload.account_id
        yield Opportunity(id=item.mark, account_id=account, name="Deal", stage=PipelineStage.PROPOSAL, next_step="Call")
        if isinstance(item.proposal.payload, UpdateContact):
            yield Contact(id=item.mark, account_id=account, name="Person", title="Buyer")


_Make = Callable[[str, str, str, int], Payload]
_AT_ONCE: tuple[_Make, ...] = (
    lambda account, mark, _of, _n: LogActivity(account_id=account, form=ActivityForm.CALL, subject=mark, at=_NOON),
    lambda account, mark, _of, _n: CreateTask(account_id=account, subject=mark, due_on=_DAY, opportunity_id=mark),
    lambda account, mark, _of, _n: CreateContact(account_id=account, name=mark),
    lambda account, mark, _of, _n: CreateOpportunity(account_id=account, name=mark),
    lambda account, mark, _of, _n: SetNextStep(
        account_id=account, opportunity_id=mark, expected="Call", next_step="Visit"
    ),
    lambda account, mark, _of, _n: UpdateOpportunity(
        account_id=account,
        opportunity_id=mark,
        expected=OpportunityFields(name="Deal"),
        changes=OpportunityFields(name="Renamed"),
    ),
    lambda account, mark, _of, _n: UpdateContact(
        account_id=account,
        contact_id=mark,
        expected=ContactFields(title="Buyer"),
        changes=ContactFields(title="Director"),
    ),
    lambda account, mark, _of, _n: OpenReview(
        account_id=account, department=Department.LEGAL, subject=mark, question="Is it sound?", due_on=_DAY
    ),
)
_NEED_APPROVAL: tuple[_Make, ...] = (
    lambda account, mark, of, n: ReserveStock(
        account_id=account, product_id=f"p{of}", warehouse="Main", quantity=n, until=_DAY, opportunity_id=mark
    ),
    lambda account, mark, of, _n: RequestSample(
        account_id=account, form=SampleForm.SAMPLE, product_id=f"p{of}", needed_on=_DAY, opportunity_id=mark
    ),
    lambda account, mark, of, n: DraftQuote(
        account_id=account,
        lines=(QuoteLine(product_id=f"p{of}", quantity=n, unit_price=Money(amount=Decimal(10_000))),),
        valid_until=_DAY,
        opportunity_id=mark,
    ),
    lambda account, mark, of, _n: RequestAmendment(
        account_id=account, contract_id=f"k{of}", clause=ClauseKind.PAYMENT, wording="In 30 days.", reason=mark
    ),
    lambda account, mark, of, _n: ScheduleSignature(
        account_id=account, contract_id=f"k{of}", on=_DAY, signatories=(mark,)
    ),
)


def _proposal(number: int, fate: Fate, chance: random.Random) -> Proposal:
    of, mark = chance.randrange(ACCOUNTS), mark_of(number)
    # Half of what runs is stock, whose quantities show what the count of records might not.
    stock = fate is not Fate.RUN or chance.random() < 1 / 2
    choices = _NEED_APPROVAL if fate is not Fate.RUN else (_NEED_APPROVAL[:1] if stock else _AT_ONCE + _NEED_APPROVAL)
    payload = chance.choice(choices)(f"a{of}", mark, str(of), chance.randint(1, 9))
    facts = EffectFacts(operation=payload.operation, amount_cny=_amount(payload), discount=Decimal(0))
    return Proposal(payload=payload, risk=RiskClass.MEDIUM, facts=facts, preview=(Change(field="mark", new=mark),))


def _amount(payload: Payload) -> Decimal:
    # A quote that needs a manager, and everything else within what is allowed at once.
    return Decimal(100_000) if isinstance(payload, DraftQuote) else Decimal(1000)


# What fields that are changed held before; what they hold afterwards is found nowhere else.
BEFORE = {
    Operation.SET_NEXT_STEP: ("opportunity", "next_step", "Call"),
    Operation.UPDATE_OPPORTUNITY: ("opportunity", "name", "Deal"),
    Operation.UPDATE_CONTACT: ("contact", "title", "Buyer"),
}
EXPIRES_AT_ONCE = timedelta(0)
