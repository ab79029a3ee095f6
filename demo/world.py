"""What the demo company consists of, before it is written to files. Everything here is fictional."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Literal

Lang = Literal["en", "zh"]
Form = Literal["mail", "meeting", "call", "post", "note"]

VENDOR = "Tielan Industrial Equipment Co., Ltd."
VENDOR_ZH = "铁岚工业装备有限公司"
VENDOR_SHORT = {"en": "Tielan", "zh": "铁岚"}
VENDOR_DOMAIN = "tielan.example"
COMPETITORS = ("Corvex", "Brandtmark", "Ostermoor", "Sankari", "海麟机电", "京岳自动化")

HONORIFIC = {"eb": "总", "champ": "工", "tech": "工", "user": "主任", "proc": "经理", "rep": "经理", "expert": "工"}


@dataclass(slots=True)
class Person:
    """Someone at a customer or at the vendor; `role` is the part played in a purchase."""

    id: str
    given: str
    family: str
    lang: Lang
    role: str
    title: str
    email: str
    department: str = ""
    phone: str = ""
    left_on: date | None = None
    reports_to: str | None = None

    @property
    def name(self) -> str:
        """The full name in the order of its language."""
        return self.family + self.given if self.lang == "zh" else f"{self.given} {self.family}"

    @property
    def address(self) -> str:
        """How a business partner addresses or mentions the person."""
        return self.family + HONORIFIC[self.role] if self.lang == "zh" else self.given


@dataclass(slots=True)
class Seller:
    """One of the vendor's sales people."""

    person: Person
    manager: str
    team: str
    region: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `price` is the list price in CNY."""

    code: str
    family: str
    name: str
    name_zh: str
    price: int
    lead_days: int
    description: str

    def label(self, lang: Lang) -> str:
        """The name in `lang`."""
        return self.name if lang == "en" else self.name_zh


@dataclass(slots=True)
class Account:
    """A customer with its people; `people` maps a buying role to the person who plays it."""

    id: str
    name: str
    short: str
    domain: str
    lang: Lang
    industry: str
    country: str
    region: str
    currency: str
    site: str
    family: str
    customer_class: str
    owner: Seller
    offset: int
    revenue: int
    employees: int
    alias: str = ""
    parent: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    others: list[Person] = field(default_factory=list)
    stories: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(slots=True)
class Deal:
    """An opportunity. `discount` in per cent of the list price, `amount` in `currency` after discount."""

    id: str
    account: Account
    name: str
    stage: str
    amount: int
    currency: str
    created: date
    close: date
    owner: str
    product: Product
    quantity: int
    discount: int = 0
    next_step: str = ""
    competitor: str = ""
    loss_reason: str = ""


@dataclass(slots=True)
class Contract:
    """A signed agreement; `terms_days` is the payment term."""

    number: str
    account: Account
    kind: str
    starts: date
    ends: date
    value: int
    currency: str
    terms_days: int
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn of a conversation; seconds from its start."""

    speaker: str
    start: float
    end: float
    text: str


@dataclass(slots=True)
class Message:
    """An interaction of any form; `reply_to` is the id of the mail that it answers."""

    id: str
    account: Account
    form: Form
    topic: str
    at: datetime
    sender: str
    sender_mail: str
    to: tuple[tuple[str, str], ...]
    subject: str
    text: str
    lang: Lang
    cc: tuple[tuple[str, str], ...] = ()
    turns: tuple[Spoken, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class StockLine:
    """Stock of one product in one warehouse."""

    product: str
    warehouse: str
    on_hand: int
    reserved: int
    incoming: int
    incoming_on: date | None
    lead_days: int


@dataclass(frozen=True, slots=True)
class Storyline:
    """A planted story: what happens at which account, and the files and ids that show it."""

    kind: str
    account: str
    account_id: str
    lang: Lang
    what: str
    files: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(slots=True)
class World:
    """The whole company as of `today`."""

    today: date
    seed: int
    sellers: list[Seller] = field(default_factory=list)
    experts: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    products: dict[str, Product] = field(default_factory=dict)
    stock: list[StockLine] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    focus: dict[str, Deal] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    plot: list[Storyline] = field(default_factory=list)

    def rng(self, *scope: object) -> Random:
        """A random source of its own for `scope`, so that one part's text does not shift another's."""
        return Random(":".join(map(str, (self.seed, *scope))))

    def day(self, offset: int) -> date:
        """The day `offset` days from today, moved off a weekend (backwards in the past, else forwards)."""
        found = self.today + timedelta(days=offset)
        step = timedelta(days=-1 if offset < 0 else 1)
        while found.weekday() > 4:
            found += step
        return found

    def contract_of(self, account: Account) -> Contract | None:
        """The account's contract that ends first among those still running, or None."""
        running = [c for c in self.contracts if c.account is account and c.ends >= self.today]
        return min(running, key=lambda c: c.ends, default=None)
