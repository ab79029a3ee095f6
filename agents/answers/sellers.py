"""Which records are the caller's own: those whose owner is the seller behind the caller's user."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.answers.desk import Desk
from core.domain.accounts import SalesPerson
from core.text import address_of, normalise_name

_SEPARATORS = re.compile(r"[._-]+")


@dataclass(frozen=True, slots=True)
class Seller:
    """The caller as a seller, by every form in which a system may name an owner."""

    person: SalesPerson
    forms: frozenset[str]

    def owns(self, owner: str | None) -> bool:
        """Whether a record with this owner is theirs."""
        return owner is not None and (normalise_name(owner) in self.forms or address_of(owner) in self.forms)


def seller_of(user: str, people: Iterable[SalesPerson]) -> Seller | None:
    """The seller whose id, whose address before the @, or whose name is the user's id; None unless exactly one is."""
    wanted = normalise_name(user)
    found = [person for person in people if wanted in _ids_of(person) or _spaced(wanted) == _spaced(person.name)]
    if len(found) != 1:
        return None
    person = found[0]
    return Seller(person, frozenset({normalise_name(person.name), *_ids_of(person)}))


async def find_caller(desk: Desk) -> Seller | None:
    """The seller who asks; None, and said so, when the CRM does not know them as one (or does not answer)."""
    people: tuple[SalesPerson, ...] | None = await desk.records("read_sales_people")
    if people is None:
        return None
    seller = seller_of(desk.asking.caller.user, people)
    if seller is None:
        desk.say("caller_unknown", user=desk.asking.caller.user)
    return seller


def _ids_of(person: SalesPerson) -> set[str]:
    address = address_of(person.email) if person.email else ""
    return {normalise_name(person.id), *({address, address.partition("@")[0]} if address else ())}


def _spaced(name: str) -> str:
    return _SEPARATORS.sub(" ", normalise_name(name))
