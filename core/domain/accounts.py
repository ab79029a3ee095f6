"""Customers and the people who work for them, and our people who sell to them."""

from datetime import date
from typing import ClassVar

from core.domain.base import Record, System
from core.domain.money import Money


class Account(Record):
    """A customer company. `customer_class` is A (key account), B or C."""

    kind: ClassVar[str] = "account"
    system: ClassVar[System] = System.CRM

    name: str
    aliases: tuple[str, ...] = ()
    domain: str | None = None
    industry: str | None = None
    country: str | None = None
    owner: str | None = None
    customer_class: str = "C"
    type: str | None = None
    annual_revenue: Money | None = None
    employees: int | None = None
    parent: str | None = None

    @property
    def account(self) -> str:
        """An account belongs to itself."""
        return self.id


class Contact(Record):
    """A person at an account. `reports_to` is the id of another contact."""

    kind: ClassVar[str] = "contact"
    system: ClassVar[System] = System.CRM

    account_id: str
    name: str
    title: str | None = None
    department: str | None = None
    email: str | None = None
    phone: str | None = None
    active: bool = True
    left_on: date | None = None
    reports_to: str | None = None


class SalesPerson(Record):
    """One of our sellers; `manager` and `name` are names as the CRM shows them."""

    kind: ClassVar[str] = "sales_person"
    system: ClassVar[System] = System.CRM

    name: str
    email: str | None = None
    manager: str | None = None
    team: str | None = None
