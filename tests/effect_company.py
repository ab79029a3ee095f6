"""A company whose systems can be written to, and the people who decide about that."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.effects import Change, Effect, EffectFacts, Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import ActivityForm, DraftQuote, LogActivity, Payload, QuoteLine, ReserveStock, SetNextStep
from core.domain.products import StockLine
from core.domain.written import WRITTEN
from core.identity import Caller, Role
from core.ports.effects import Targets
from core.settings import Settings
from hub.effects.ledger import propose_effect
from hub.installation import Platform
from hub.platform import open_platform
from tests.databases import migrated_url

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
RECORDS: tuple[Record, ...] = (
    Account(id="a1", name="Acme", region="north", customer_class="A"),
    Account(id="a2", name="Huajin", region="south"),
    Opportunity(id="o1", account_id="a1", name="Line 3", stage=PipelineStage.PROPOSAL, next_step="Call"),
    Contact(id="c1", account_id="a1", name="Ada Frost", title="Buyer"),
    StockLine(id="s1", product_id="p1", warehouse="Main", on_hand=9, reserved=2),
    Contract(id="k1", account_id="a1", title="Frame"),
)


def person(user: str, *roles: Role, regions: frozenset[str] | None = None, tenant: str = "t") -> Caller:
    """Somebody of the company."""
    return Caller(tenant=tenant, user=user, roles=frozenset(roles), regions=regions)


REP = person("rep", Role.REP)
SUPPLY = person("supply", Role.SUPPLY_CHAIN)
LEGAL = person("legal", Role.LEGAL)
MANAGER = person("manager", Role.MANAGER)
FINANCE, FINANCE_TOO = person("finance", Role.FINANCE), person("finance-2", Role.FINANCE)
ADMIN = person("admin", Role.ADMIN)


@dataclass
class SetClock:
    """A clock that is put forward by hand."""

    time: datetime = field(default=NOW)

    def now(self) -> datetime:
        """The time it was put to."""
        return self.time

    def advance(self, **amount: float) -> None:
        """Put it forward."""
        self.time += timedelta(**amount)


@contextmanager
def open_company(
    url: str, home: Path, *, targets: Targets | None = None, **faults: dict[str, Any]
) -> Iterator[tuple[Platform, SetClock]]:
    """The company on a fresh database, with its clock; `faults` are those of the sandbox, by system."""
    clock = SetClock()
    settings = Settings(
        home=home,
        database_url=migrated_url(url),
        embedding_model="none",
        audit_key="key",
        effect_attempts=4,
        sandbox_faults=faults,
    )
    with open_platform(settings, clock=clock, targets=targets) as platform:
        with platform.store.write() as unit:
            unit.records.upsert("t", RECORDS, {}, at=NOW)
        yield platform, clock


def log_activity(subject: str = "Called", account_id: str = "a1") -> LogActivity:
    """What policy allows at once."""
    return LogActivity(account_id=account_id, form=ActivityForm.CALL, subject=subject, at=NOW)


def reserve(quantity: int = 1) -> ReserveStock:
    """What somebody of supply chain must approve."""
    return ReserveStock(account_id="a1", product_id="p1", warehouse="Main", quantity=quantity, until=date(2026, 6, 30))


def next_step(text: str, expected: str | None = "Call") -> SetNextStep:
    """A change of the deal, which policy allows at once."""
    return SetNextStep(account_id="a1", opportunity_id="o1", expected=expected, next_step=text)


def quote() -> DraftQuote:
    """What a manager must approve, then two of finance: it is worth more than five million."""
    line = QuoteLine(product_id="p1", quantity=10, unit_price=Money(amount=Decimal(600_000)))
    return DraftQuote(account_id="a1", lines=(line,), valid_until=date(2026, 6, 30))


def proposal(payload: Payload, **facts: Decimal) -> Proposal:
    """The payload as a tool would propose it."""
    told = EffectFacts(operation=payload.operation, **facts)
    return Proposal(payload=payload, risk=RiskClass.LOW, facts=told, preview=(Change(field="x", new="y"),))


def propose(
    platform: Platform,
    payload: Payload,
    key: str = "k",
    *,
    by: Caller = REP,
    group: str | None = None,
    position: int = 0,
    **facts: Decimal,
) -> Effect:
    """The payload, proposed by the rep unless said otherwise."""
    return propose_effect(
        platform, by, proposal(payload, **facts), request_key=key, origin="test", group=group, position=position
    )


def propose_quote(platform: Platform, key: str = "k") -> Effect:
    """The quote, with what policy asks of it."""
    return propose(platform, quote(), key, amount_cny=Decimal(6_000_000), discount=Decimal(0))


def written(platform: Platform) -> Counter[str]:
    """How many records each effect left in the systems that still count, by key: the systems' own account of it."""
    found: Counter[str] = Counter()
    with platform.store.read() as unit:
        for kind in WRITTEN:
            found.update(one.effect_key for one in unit.records.find(ADMIN, kind) if not one.void)
    return found


def stock(platform: Platform) -> int:
    """Pieces reserved in the warehouse."""
    with platform.store.read() as unit:
        return unit.records.find(ADMIN, StockLine)[0].reserved
