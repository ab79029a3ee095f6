"""The companies of the trial: three with the same people and ids, whose every record holds planted words."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.domain.access import Scope
from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.contracts import Clause, ClauseKind, Contract
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.interactions import Interaction, InteractionKind
from core.domain.market import MarketNote
from core.domain.money import Money
from core.domain.people import User
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller, Role
from core.language import Lang
from evals.bench.leaks.rights import READERS, Person, Row, Secret, Secrets

TENANTS = ("aster", "birch", "cedar")
NOW = datetime.now(UTC)
_ALL = frozenset[str]()
_LEGAL = frozenset({"legal"})
_MONEY = frozenset({"manager", "finance"})

# Regions, with traps: one that another's name begins with, a team, a team in it, none at all.
ACCOUNTS: dict[str, Row] = {
    "a-north": Row("north"),
    "a-key": Row("north/key"),
    "a-auto": Row("north/key/auto"),
    "a-sea": Row("north-sea"),
    "a-south": Row("south"),
    "a-board": Row("north", _MONEY),
    "a-free": Row(None),
}
PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "rep-north": (("rep",), ("north",)),
    "rep-key": (("rep",), ("north/key",)),
    "rep-south": (("rep",), ("south",)),
    "rep-nowhere": (("rep",), ()),
    "rep-legal": (("rep", "legal"), ("south",)),
    "manager": (("manager",), None),
    "manager-north": (("manager",), ("north",)),
    "legal": (("legal",), None),
    "legal-south": (("legal",), ("south",)),
    "supply": (("supply_chain",), None),
    "finance": (("finance",), None),
    "finance-2": (("finance",), ("north", "south")),
    "coach-key": (("coach",), ("north/key",)),
    "analyst": (("analyst",), None),
    "analyst-sea": (("analyst",), ("north-sea",)),
    "admin": (("admin",), None),
    "admin-north": (("admin",), ("north",)),
    "gone": (("manager", "admin"), None),
}


@dataclass
class Message:
    """A customer's message, and the rights of its text."""

    id: str
    account: str
    row: Row


@dataclass
class World:
    """What is planted, and the ids that operations may name; those of one company are those of all."""

    secrets: Secrets = field(default_factory=Secrets)
    people: list[Person] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    runs: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    effects: dict[str, list[str]] = field(default_factory=dict)
    shares: dict[str, list[str]] = field(default_factory=dict)
    threads: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[tuple[str, str, str], str] = field(default_factory=dict)
    sessions: dict[tuple[str, str], str] = field(default_factory=dict)

    def plant(self, tenant: str, account: str | None, *rows: Row) -> str:
        """A word for who sees the account and all these rows."""
        own = (ACCOUNTS[account],) if account else ()
        return self.secrets.plant(Secret(tenant, (*own, *rows)))

    def leaked(self, words: frozenset[str], to: Person | None) -> list[str]:
        """Those of the words and ids that the person may not know (None: nobody's to know)."""
        return sorted(word for word in words if to is None or not self._is_for(word, to))

    def _is_for(self, word: str, person: Person) -> bool:
        row = ACCOUNTS.get(word) or ACCOUNTS.get(self.accounts.get((person.tenant, word), ""))
        return self.secrets.is_for(word, person) if row is None else row.is_for(person)


def caller_of(person: Person) -> Caller:
    """The person as the product knows them."""
    roles = frozenset(map(Role, person.roles))
    return Caller(tenant=person.tenant, user=person.id, roles=roles, regions=person.regions)


def people_of(tenant: str) -> list[Person]:
    """Everybody of a company who is still there."""
    return [
        Person(tenant, id_, frozenset(roles), None if regions is None else frozenset(regions))
        for id_, (roles, regions) in PEOPLE.items()
        if id_ != "gone"
    ]


def users() -> Iterator[User]:
    """The same people as users."""
    for id_, (roles, regions) in PEOPLE.items():
        held = None if regions is None else frozenset(regions)
        yield User(id=id_, name=id_, roles=frozenset(map(Role, roles)), regions=held, active=id_ != "gone")


def records_of(world: World, tenant: str) -> Iterator[Record]:
    """The records of a company's systems; each text a person could read is a planted word."""
    for account, row in ACCOUNTS.items():
        yield from _of_account(world, tenant, account, row)
    yield Product(id="p1", name="Pump", list_price=Money(amount=Decimal(1000), currency="EUR"), family="Pumps")
    yield Price(id="l1", product_id="p1", unit_price=Money(amount=Decimal(1000), currency="EUR"))
    own = world.secrets
    bounds = Row(None, READERS["bounds"])
    yield PricingRule(
        id="r1", family="Pumps", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.1"),
        play=own.plant(Secret(tenant, (bounds,))),
    )  # fmt: skip
    for number, (region, audience) in enumerate([(None, _ALL), ("south", _ALL), (None, frozenset({"supply_chain"}))]):
        word = own.plant(Secret(tenant, (Row(region, audience),)))
        yield StockLine(
            id=f"s{number}", product_id="p1", warehouse=word, on_hand=900, region=region, audience=_roles(audience)
        )
        yield Expert(
            id=f"e{number}",
            name=own.plant(Secret(tenant, (Row(region, audience),))),
            region=region,
            audience=_roles(audience),
        )
        yield ReferenceCase(
            id=f"f{number}", customer="A customer", summary=own.plant(Secret(tenant, (Row(region, audience),))),
            region=region, audience=_roles(audience),
        )  # fmt: skip


def _of_account(world: World, tenant: str, account: str, row: Row) -> Iterator[Record]:
    region, plant = row.region, world.plant
    personal, terms = Row(None, READERS["personal"]), Row(None, READERS["terms"])
    name = world.names[tenant, account] = plant(tenant, account)
    yield Account(
        id=account, name=name, region=region, audience=_roles(row.audience), country="DE",
        customer_class="A",
    )  # fmt: skip
    for number, audience in enumerate((_ALL, _LEGAL, _MONEY)):
        own = Row(region, audience)
        at, rights = f"{account}-{number}", {"region": region, "audience": _roles(audience)}
        address = f"{plant(tenant, account, own, personal)}@customer.example"
        yield Contact(
            id=f"c-{at}", account_id=account, name=plant(tenant, account, own), email=address,
            phone=plant(tenant, account, own, personal), **rights,
        )  # fmt: skip
        yield Opportunity(
            id=f"o-{at}", account_id=account, name=plant(tenant, account, own), stage=PipelineStage.PROPOSAL,
            next_step=plant(tenant, account, own), amount=Money(amount=Decimal(9000), currency="EUR"),
            product_id="p1", quantity=9, **rights,
        )  # fmt: skip
        yield Order(id=f"b-{at}", account_id=account, status=plant(tenant, account, own), product_id="p1", **rights)
        wording = plant(tenant, account, own, terms)
        clause = Clause(kind=ClauseKind.PAYMENT, heading="Payment", text=f"Payment {wording} within thirty days.")
        yield Contract(id=f"k-{at}", account_id=account, title=plant(tenant, account, own), clauses=(clause,), **rights)
        yield MarketNote(
            id=f"n-{at}", competitor="Ferrum", title=plant(tenant, account, own), text="Ferrum is cheaper.",
            account_id=account, **rights,
        )  # fmt: skip


def interactions_of(world: World, tenant: str) -> Iterator[Interaction]:
    """What was said; `world.messages` names all of it once."""
    first = not world.messages
    for account, row in ACCOUNTS.items():
        # What another region said is not for everybody who sees the account.
        rows = [*(Row(row.region, audience) for audience in (_ALL, _LEGAL, _MONEY)), Row("south")]
        for number, own in enumerate(rows):
            id_ = f"i-{account}-{number}"
            if first:
                world.messages.append(Message(id_, account, own))
            said, about = world.plant(tenant, account, own), world.plant(tenant, account, own)
            yield Interaction(
                id=id_, account_id=account, form=InteractionKind.MAIL, at=NOW - timedelta(days=number + 1), sender=None,
                subject=f"About {about}", text=f"The price of the pump is {said}. Can you deliver?", lang=Lang.EN,
                region=own.region, audience=_roles(own.audience),
            )  # fmt: skip


def scopes_of(name: str) -> frozenset[Scope]:
    """What the keys of each kind are for."""
    return {"all": frozenset(Scope), "recall": frozenset({Scope.RECALL_READ}), "revoked": frozenset(Scope)}[name]


def anybody(rng: random.Random, world: World) -> Person:
    """Somebody of any company."""
    return rng.choice(world.people)


def _roles(names: frozenset[str]) -> frozenset[Role]:
    return frozenset(map(Role, names))
