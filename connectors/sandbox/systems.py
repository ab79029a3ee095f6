"""The five systems of record on imported records; each implements the port of its name in `core.ports.systems`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from connectors.sandbox.source import Source
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.market import MarketNote
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller
from core.ports.reading import Reading


@dataclass(frozen=True, slots=True)
class SandboxCrm:
    """Customers, deals, sellers and the catalogue."""

    source: Source

    async def accounts(self, caller: Caller) -> Reading[Account]:
        """All visible accounts, by name."""
        return await self.source.read("accounts", caller, Account, order=lambda one: (one.name.casefold(), one.id))

    async def contacts(self, caller: Caller, account_id: str | None) -> Reading[Contact]:
        """People of the account (None: of every visible one), those who left included."""
        return await self.source.read("contacts", caller, Contact, account_id=account_id)

    async def opportunities(self, caller: Caller, account_id: str | None) -> Reading[Opportunity]:
        """Open and closed deals of the account (None: of every visible one), oldest first; undated ones last."""
        return await self.source.read(
            "opportunities",
            caller,
            Opportunity,
            account_id=account_id,
            order=lambda deal: (deal.created_on or deal.close_on or date.max, deal.id),
        )

    async def sales_people(self, caller: Caller) -> Reading[SalesPerson]:
        """Our sellers."""
        return await self.source.read("sales_people", caller, SalesPerson)

    async def products(self, caller: Caller) -> Reading[Product]:
        """The catalogue."""
        return await self.source.read("products", caller, Product)


@dataclass(frozen=True, slots=True)
class SandboxErp:
    """Stock, prices and orders."""

    source: Source

    async def stock(self, caller: Caller, product_ids: Sequence[str]) -> Reading[StockLine]:
        """Stock lines of the products, one per warehouse; as good as the oldest of them that carries its own time."""
        wanted = frozenset(product_ids)
        reading = await self.source.read("stock", caller, StockLine, only=lambda line: line.product_id in wanted)
        counted = [_in_utc(line.updated_at) for line in reading.records if line.updated_at is not None]
        return replace(reading, as_of=min([*counted, reading.as_of])) if reading.as_of else reading

    async def prices(self, caller: Caller, product_ids: Sequence[str]) -> Reading[Price]:
        """Price list entries of the products, also past and future ones."""
        wanted = frozenset(product_ids)
        return await self.source.read("prices", caller, Price, only=lambda price: price.product_id in wanted)

    async def pricing_rules(self, caller: Caller) -> Reading[PricingRule]:
        """How far prices may go down."""
        return await self.source.read("pricing_rules", caller, PricingRule)

    async def orders(self, caller: Caller, account_id: str) -> Reading[Order]:
        """Orders of the account, oldest first; undated ones last."""
        return await self.source.read(
            "orders",
            caller,
            Order,
            account_id=account_id,
            order=lambda order: (order.ordered_on or order.delivery_on or date.max, order.id),
        )


@dataclass(frozen=True, slots=True)
class SandboxContracts:
    """Contracts and the approval table."""

    source: Source

    async def contracts(self, caller: Caller, account_id: str) -> Reading[Contract]:
        """Contracts of the account, expired ones included."""
        return await self.source.read("contracts", caller, Contract, account_id=account_id)

    async def approval_rules(self, caller: Caller) -> Reading[ApprovalRule]:
        """The company's approval table."""
        return await self.source.read("approval_rules", caller, ApprovalRule)


@dataclass(frozen=True, slots=True)
class SandboxMarket:
    """Competitor notes."""

    source: Source

    async def notes(self, caller: Caller, account_id: str) -> Reading[MarketNote]:
        """Notes that name the account, and notes on no account in particular."""
        return await self.source.read(
            "notes", caller, MarketNote, only=lambda note: note.account_id in (None, account_id)
        )


@dataclass(frozen=True, slots=True)
class SandboxResources:
    """Experts and reference cases."""

    source: Source

    async def experts(self, caller: Caller) -> Reading[Expert]:
        """Technical experts with their busy days."""
        return await self.source.read("experts", caller, Expert)

    async def references(self, caller: Caller) -> Reading[ReferenceCase]:
        """Delivered projects."""
        return await self.source.read("references", caller, ReferenceCase)


def _in_utc(at: datetime) -> datetime:
    """The moment in UTC, which is meant where no zone is given."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
