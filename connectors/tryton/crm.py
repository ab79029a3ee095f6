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

    async def contacts(self, caller: Caller, account_id: str) -> Reading[Contact]:
        """People of the account, those who left included."""
        return await self.source.read(caller, CONTACT, by_id(account_id, "saleshub_employer"))

    async def opportunities(self, caller: Caller, account_id: str) -> Reading[Opportunity]:
        """Open and closed deals of the account, oldest first; undated ones last."""
        return await self.source.read(
            caller,
            OPPORTUNITY,
            by_id(account_id, "party"),
            order=lambda deal: (deal.created_on or deal.close_on or date.max, deal.id),
        )

    async def sales_people(self, caller: Caller) -> Reading[SalesPerson]:
        """Our sellers."""
        return await self.source.read(caller, SALES_PERSON)

    async def products(self, caller: Caller) -> Reading[Product]:
        """The catalogue."""
        return await self.source.read(caller, PRODUCT)
