"""From what a language model wrote for an id to the record that is meant, among those that the caller may see."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agents.understanding.names import Names
from core.domain.base import Record
from core.errors import InvalidInputError
from tools.resolving import resolve_name

_LONGEST = 300


def resolve_ids(args: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The arguments with each id or name of a record replaced by its id.

    Raises NotFoundError for what the caller cannot name, InvalidInputError for what fits several records.
    """
    return {field: _resolved(field, value, names) for field, value in args.items()}


def _resolved(field: str, value: Any, names: Names) -> Any:
    match field, value:
        case "account_id", str():
            return _pick(names.accounts, value, lambda each: (each.name, *each.aliases), field, "account")
        case (("contact_id" | "person_id"), str()):
            return _pick(names.contacts, value, lambda each: (each.name, each.email), field, "person")
        case "opportunity_id", str():
            return _pick(names.opportunities, value, lambda each: (each.name,), field, "deal")
        case "product_id", str():
            return _product(names, value, field)
        case "product_ids", list() | tuple():
            return [_product(names, str(each), field) for each in value]
        case _:
            return value


def _product(names: Names, value: str, field: str) -> str:
    return _pick(names.products, value, lambda each: (each.name, each.name_zh), field, "product")


def _pick(
    known: Mapping[str, Any], value: str, names_of: Callable[[Any], Iterable[str | None]], field: str, what: str
) -> str:
    if value in known:
        return value
    if len(value) > _LONGEST:
        raise InvalidInputError("is far too long for a name", field=field, remedy="Give a name or an id.")
    records: list[Record] = list(known.values())
    remedy = "Use a name that was said, or ask back."
    return resolve_name(records, value, names_of, field=field, what=what, remedy=remedy).id
