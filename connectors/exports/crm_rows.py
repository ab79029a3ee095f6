"""Rows of CRM exports as records."""

import re
from collections.abc import Callable

from connectors.exports.directory import stable_id
from connectors.exports.outcome import RefusedError
from connectors.exports.rows import Row
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.deals import Opportunity, PipelineStage
from core.domain.products import Product
from core.language import is_cjk

_WEB_PREFIX = re.compile(r"^(https?://)?(www\.)?", re.IGNORECASE)


def build_account(row: Row) -> Account:
    """A customer company."""
    name = row.need("name")
    return Account(
        id=row.text("id") or stable_id("account", name),
        region=row.text("region"),
        name=name,
        aliases=tuple(alias for alias in row.listing("aliases") if alias != name),
        domain=_domain(row.text("domain")),
        industry=row.text("industry"),
        country=row.text("country"),
        owner=row.text("owner"),
        customer_class=row.choice("customer_class", "customer_class") or "C",
        type=row.text("type"),
        annual_revenue=row.money("annual_revenue"),
        employees=_at_least(row, "employees", 0),
        parent=row.text("parent"),
    )


def build_contact(row: Row) -> Contact:
    """A person at an account; `reports_to` still holds what the file says."""
    name = row.text("name") or _full_name(row.text("first_name"), row.text("last_name"))
    if not name:
        raise RefusedError("name", "empty")
    email = row.text("email")
    account = row.account() if row.text("account") or row.text("account_ref") or not email else None
    if account is None:
        ids = row.batch.directory.account_of_mail(email or "")
        if len(ids) != 1:
            raise RefusedError("account", f"empty, and “{email}” belongs to no known account")
        account = row.batch.directory.accounts[next(iter(ids))]
    left_on = row.day("left_on")
    return Contact(
        id=row.text("id") or stable_id("contact", account.id, email or name),
        region=account.region,
        account_id=account.id,
        name=name,
        title=row.text("title"),
        department=row.text("department"),
        email=email,
        phone=row.text("phone"),
        active=row.choice("status", "active", "yes") == "yes" and left_on is None,
        left_on=left_on,
        reports_to=row.text("reports_to"),
    )


def build_sales_person(row: Row) -> SalesPerson:
    """One of our sellers."""
    name, email = row.need("name"), row.text("email")
    return SalesPerson(
        id=row.text("id") or stable_id("sales_person", email or name),
        region=row.text("region"),
        name=name,
        email=email,
        manager=row.text("manager"),
        team=row.text("team"),
    )


def build_product(row: Row) -> Product:
    """A product; its name serves as code where the file has none."""
    name = row.text("name") or row.need("code")
    price = row.money("list_price")
    if price is not None and price.amount < 0:
        raise RefusedError("list_price", "negative")
    return Product(
        id=row.text("code") or name,
        name=name,
        name_zh=row.text("name_zh") or (name if any(map(is_cjk, name)) else None),
        family=row.text("family"),
        list_price=price,
        description=row.text("description"),
    )


def build_opportunity(row: Row) -> Opportunity:
    """A deal; it lies in its account's region."""
    stage = PipelineStage(row.choice("stage", "stage") or row.need("stage"))
    account = row.account()
    product = row.product()
    given = row.text("name")
    created_on, close_on = row.day("created_on"), row.day("close_on")
    quantity = _at_least(row, "quantity", 0)
    name = given or f"{row.text('product') or account.name} ({row.text('id') or row.line})"
    return Opportunity(
        id=row.text("id") or stable_id("opportunity", account.id, given, created_on, close_on, product, quantity),
        region=account.region or row.text("region"),
        account_id=account.id,
        name=name,
        stage=stage,
        amount=row.money("amount"),
        created_on=created_on,
        close_on=close_on,
        owner=row.text("owner"),
        next_step=row.text("next_step"),
        competitor=row.text("competitor"),
        loss_reason=row.text("loss_reason"),
        product_id=product,
        quantity=quantity,
        discount=row.share("discount"),
    )


def _full_name(first: str | None, last: str | None) -> str:
    """Given and family name in the order of their language."""
    if first and last and all(map(is_cjk, first + last)):
        return last + first
    return " ".join(part for part in (first, last) if part)


def _domain(website: str | None) -> str | None:
    if website is None:
        return None
    host = _WEB_PREFIX.sub("", website.strip()).split("/")[0].split("?")[0].split("@")[-1].casefold().rstrip(".")
    return host if "." in host else None


def _at_least(row: Row, name: str, least: int) -> int | None:
    number = row.integer(name)
    if number is not None and number < least:
        raise RefusedError(name, f"{number} is below {least}")
    return number


BUILDERS: dict[str, Callable[[Row], Record]] = {
    "account": build_account,
    "contact": build_contact,
    "sales_person": build_sales_person,
    "product": build_product,
    "opportunity": build_opportunity,
}
