"""Tryton as the CRM."""

from dataclasses import dataclass
from datetime import date

from connectors.tryton.kinds import ACCOUNT, CONTACT, OPPORTUNITY, PRODUCT, SALES_PERSON
from connectors.tryton.rows import by_id
from connectors.tryton.source import TrytonSource
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.deals import Opportunity
from core.domain.products import Product
from core.identity import Caller
from core.ports.reading import Reading


@dataclass(frozen=True, slots=True)
class TrytonCrm:
    """Customers are parties, deals sale opportunities, sellers employees, the catalogue products for sale."""

    source: TrytonSource

    async def accounts(self, caller: Caller) -> Reading[Account]:
        """All visible accounts, by name."""
        return await self.source.read(caller, ACCOUNT, order=lambda one: (one.name.casefold(), one.id))

    async def contacts(self, caller: Caller, account_id: str | None) -> Reading[Contact]:
        """People of the account (None: of every visible one), those who left included."""
        return await self.source.read(caller, CONTACT, _of(account_id, "saleshub_employer"))

    async def opportunities(self, caller: Caller, account_id: str | None) -> Reading[Opportunity]:
        """Open and closed deals of the account (None: of every visible one), oldest first; undated ones last."""
        return await self.source.read(
            caller,
            OPPORTUNITY,
            _of(account_id, "party"),
            order=lambda deal: (deal.created_on or deal.close_on or date.max, deal.id),
        )

    async def sales_people(self, caller: Caller) -> Reading[SalesPerson]:
        """Our sellers."""
        return await self.source.read(caller, SALES_PERSON)

    async def products(self, caller: Caller) -> Reading[Product]:
        """The catalogue."""
        return await self.source.read(caller, PRODUCT)


def _of(account_id: str | None, field: str) -> list[object]:
    return [] if account_id is None else by_id(account_id, field)
