"""Systems of record. Every method takes the caller, returns only what they may see, and raises SourceError."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.market import MarketNote
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller
from core.ports.reading import Reading


class Crm(Protocol):
    """Customer relationship management."""

    async def accounts(self, caller: Caller) -> Reading[Account]:
        """All visible accounts, by name."""

    async def contacts(self, caller: Caller, account_id: str | None) -> Reading[Contact]:
        """People of the account (None: of every visible one), those who left included."""

    async def opportunities(self, caller: Caller, account_id: str | None) -> Reading[Opportunity]:
        """Open and closed deals of the account (None: of every visible one), oldest first."""

    async def sales_people(self, caller: Caller) -> Reading[SalesPerson]:
        """Our sellers."""

    async def products(self, caller: Caller) -> Reading[Product]:
        """The catalogue."""


class Erp(Protocol):
    """Stock, prices and orders."""

    async def stock(self, caller: Caller, product_ids: Sequence[str]) -> Reading[StockLine]:
        """Stock lines of the products, one per warehouse."""

    async def prices(self, caller: Caller, product_ids: Sequence[str]) -> Reading[Price]:
        """Price list entries of the products, also past and future ones."""

    async def pricing_rules(self, caller: Caller) -> Reading[PricingRule]:
        """How far prices may go down."""

    async def orders(self, caller: Caller, account_id: str) -> Reading[Order]:
        """Orders of the account, oldest first."""


class Contracts(Protocol):
    """Contract management and the approval policy."""

    async def contracts(self, caller: Caller, account_id: str) -> Reading[Contract]:
        """Contracts of the account, expired ones included."""

    async def approval_rules(self, caller: Caller) -> Reading[ApprovalRule]:
        """The company's approval table."""


class Market(Protocol):
    """Market and competitor news."""

    async def notes(self, caller: Caller, account_id: str) -> Reading[MarketNote]:
        """Notes that name the account, and notes on no account in particular."""


class Resources(Protocol):
    """Experts and reference cases."""

    async def experts(self, caller: Caller) -> Reading[Expert]:
        """Technical experts with their busy days."""

    async def references(self, caller: Caller) -> Reading[ReferenceCase]:
        """Delivered projects."""


@dataclass(frozen=True, slots=True)
class Systems:
    """The systems of record of one installation."""

    crm: Crm
    erp: Erp
    contracts: Contracts
    market: Market
    resources: Resources
