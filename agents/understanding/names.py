"""The names that a caller may use: those of the records that the caller can see, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.deals import Opportunity
from core.domain.products import Product


@dataclass(frozen=True, slots=True)
class Names:
    """The caller's records by id, in the order given. Build it with `build_names`; it may be kept per caller."""

    accounts: dict[str, Account]
    contacts: dict[str, Contact]
    products: dict[str, Product]
    opportunities: dict[str, Opportunity]
    sellers: dict[str, SalesPerson]


def build_names(
    accounts: Iterable[Account] = (),
    contacts: Iterable[Contact] = (),
    products: Iterable[Product] = (),
    opportunities: Iterable[Opportunity] = (),
    sales_people: Iterable[SalesPerson] = (),
) -> Names:
    """Index the records that the caller may see; whatever is not given here cannot be named."""
    return Names(
        accounts={record.id: record for record in accounts},
        contacts={record.id: record for record in contacts},
        products={record.id: record for record in products},
        opportunities={record.id: record for record in opportunities},
        sellers={record.id: record for record in sales_people},
    )
