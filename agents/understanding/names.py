"""The names that a caller may use: those of the records that the caller can see, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from agents.understanding.name_forms import (
    fold,
    forms_of_account,
    forms_of_deal,
    forms_of_person,
    forms_of_product,
)
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.deals import Opportunity
from core.domain.products import Product
from core.language import is_cjk

R = TypeVar("R", bound=Record)


class Kind(StrEnum):
    """What a name may name."""

    ACCOUNT = "account"
    DEAL = "deal"
    CONTACT = "contact"
    PRODUCT = "product"
    SELLER = "seller"
    COMPETITOR = "competitor"


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a form names; `weight` says how sure the form alone makes us, 0 to 1."""

    kind: Kind
    id: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """The caller's records by id, in the order given. Build it with `build_names`; it may be kept per caller.

    `forms` maps what may be said, folded, to what it may mean. `nearly` holds the Chinese forms with one character
    replaced by `*`; `latin` are the Latin forms worth comparing with misspelt words. `longest` is in words.
    """

    accounts: Mapping[str, Account]
    contacts: Mapping[str, Contact]
    products: Mapping[str, Product]
    opportunities: Mapping[str, Opportunity]
    sellers: Mapping[str, SalesPerson]
    forms: Mapping[str, tuple[Named, ...]]
    han: Mapping[str, tuple[str, ...]]
    nearly: Mapping[str, str]
    latin: tuple[str, ...]
    longest: int

    def open_deals(self, account_id: str) -> list[Opportunity]:
        """The account's open deals, the one that leads first: nearest to its end, then largest."""
        deals = [deal for deal in self.opportunities.values() if deal.account_id == account_id and deal.stage.is_open]
        return sorted(deals, key=_leading)

    def people_at(self, account_id: str) -> list[Contact]:
        """The contacts of an account."""
        return [person for person in self.contacts.values() if person.account_id == account_id]


_STAGES = ("negotiation", "proposal", "needs_analysis", "qualification", "prospecting")


def _leading(deal: Opportunity) -> tuple[int, float, str]:
    amount = deal.amount.in_cny() if deal.amount else None
    return _STAGES.index(deal.stage.value), -float(amount or 0), deal.id


def build_names(
    accounts: Iterable[Account] = (),
    contacts: Iterable[Contact] = (),
    products: Iterable[Product] = (),
    opportunities: Iterable[Opportunity] = (),
    sales_people: Iterable[SalesPerson] = (),
) -> Names:
    """Index the records that the caller may see; whatever is not given here cannot be named."""
    by_account, by_contact = _by_id(accounts), _by_id(contacts)
    by_product, by_deal, by_seller = _by_id(products), _by_id(opportunities), _by_id(sales_people)
    forms: dict[str, dict[tuple[Kind, str], float]] = {}

    def add(kind: Kind, key: str, said: Mapping[str, float]) -> None:
        for form, weight in said.items():
            meant = forms.setdefault(form, {})
            meant[kind, key] = max(weight, meant.get((kind, key), 0))

    for account in by_account.values():
        add(Kind.ACCOUNT, account.id, forms_of_account(account))
    for contact in by_contact.values():
        add(Kind.CONTACT, contact.id, forms_of_person(contact))
    for product in by_product.values():
        add(Kind.PRODUCT, product.id, forms_of_product(product))
    for deal in by_deal.values():
        add(Kind.DEAL, deal.id, forms_of_deal(deal))
        if deal.competitor and len(deal.competitor) > 1:
            add(Kind.COMPETITOR, deal.competitor, {fold(deal.competitor): 1.0})
    for seller in by_seller.values():
        add(Kind.SELLER, seller.id, forms_of_person(seller))
    han = sorted((form for form in forms if any(map(is_cjk, form))), key=len, reverse=True)
    return Names(
        accounts=by_account,
        contacts=by_contact,
        products=by_product,
        opportunities=by_deal,
        sellers=by_seller,
        forms={form: _best(meant) for form, meant in forms.items()},
        han=_by_start(han),
        nearly=_wildcards(han, forms),
        latin=tuple(sorted(form for form in forms if _comparable(form))),
        longest=max((len(form.split()) for form in forms), default=1),
    )


def _by_id(records: Iterable[R]) -> dict[str, R]:
    return {record.id: record for record in records}


def _best(meant: Mapping[tuple[Kind, str], float]) -> tuple[Named, ...]:
    """What a form names: a whole name before somebody's part of a name."""
    top = max(meant.values())
    kept = [Named(kind, key, weight) for (kind, key), weight in meant.items() if weight >= top - 0.01 or top < 1]
    return tuple(sorted(kept, key=lambda named: (-named.weight, named.kind, named.id)))


def _by_start(forms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    starts: dict[str, list[str]] = {}
    for form in forms:
        starts.setdefault(form[0], []).append(form)
    return {start: tuple(longest_first) for start, longest_first in starts.items()}


def _wildcards(forms: Iterable[str], meant: Mapping[str, Mapping[tuple[Kind, str], float]]) -> dict[str, str]:
    """Names of accounts of three to eight Chinese characters with one of them replaced by `*`."""
    found: dict[str, str] = {}
    for form in forms:
        whole = 3 <= len(form) <= 8 and all(map(is_cjk, form))
        if whole and any(kind is Kind.ACCOUNT for kind, _ in meant[form]):
            for place in range(len(form)):
                found.setdefault(f"{form[:place]}*{form[place + 1 :]}", form)
    return found


def _comparable(form: str) -> bool:
    return len(form) > 3 and not any(map(is_cjk, form)) and len(form) < 40 and not any(map(str.isdigit, form))
