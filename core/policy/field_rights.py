"""Which fields of records are for some roles alone: one table, over and above the rights of a record's row.

A field that may be empty is left empty for everybody else; a record of which a field must be there is not shown to them
at all. Administrators read every field. The rows themselves are another matter, see `core.identity.Caller.may_see`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from core.errors import ForbiddenError
from core.identity import Caller, Role, is_within

if TYPE_CHECKING:
    from core.domain.base import Record

R = TypeVar("R", bound="Record")
Rights = tuple[str | None, frozenset[Role]]


@dataclass(frozen=True, slots=True)
class FieldRight:
    """Fields of one kind of records, and the roles that read them.

    `told` fields are what statements about such a record say: what cites the record is for the same roles, and a system
    that is asked for such records answers everybody else that they are forbidden, since without these fields it would
    mislead. Fields that are not told are left out of quotes, whoever reads.
    """

    kind: str
    fields: frozenset[str]
    readers: frozenset[Role]
    told: bool


_SELLING = frozenset({Role.REP, Role.MANAGER, Role.COACH})

FIELD_RIGHTS: tuple[FieldRight, ...] = (
    # Personal data: for those who talk to customers, and who writes to them about a contract.
    FieldRight("contact", frozenset({"email", "phone"}), _SELLING | {Role.LEGAL}, told=False),
    # How far a price may go down: for those who sell, and who checks the margin.
    FieldRight(
        "pricing_rule",
        frozenset({"max_discount_rep", "max_discount_approved", "play", "play_zh"}),
        _SELLING | {Role.FINANCE},
        told=True,
    ),
    # What was agreed with a customer: for those who work on the deal and who review it, not for who only evaluates.
    FieldRight(
        "contract",
        frozenset({"clauses", "value"}),
        _SELLING | {Role.LEGAL, Role.FINANCE, Role.SUPPLY_CHAIN},
        told=True,
    ),
)
_OF_KIND: Mapping[str, FieldRight] = {right.kind: right for right in FIELD_RIGHTS}
_NOTHING: frozenset[str] = frozenset()


def hidden_fields(caller: Caller, kind: str) -> frozenset[str]:
    """The fields of records of the kind that the caller does not read."""
    right = _OF_KIND.get(kind)
    if right is None or caller.roles & right.readers or Role.ADMIN in caller.roles:
        return _NOTHING
    return right.fields


def as_read_by(caller: Caller, record: R) -> R | None:
    """The record as the caller reads it: without hidden fields; None when it is nothing without them."""
    hidden = hidden_fields(caller, record.kind)
    if not hidden:
        return record
    fields = type(record).model_fields
    if any(fields[name].is_required() for name in hidden):
        return None
    return record.model_copy(update={name: fields[name].get_default(call_default_factory=True) for name in hidden})


def may_read(caller: Caller, kind: str) -> bool:
    """Whether records of the kind tell the caller what they are there for."""
    right = _OF_KIND.get(kind)
    return right is None or not right.told or not hidden_fields(caller, kind)


def require_readable(caller: Caller, kind: str) -> None:
    """ForbiddenError, naming the roles that may, unless the caller reads every field of such records."""
    if hidden_fields(caller, kind):
        raise ForbiddenError(
            f"{caller.user} may not read all of a {kind.replace('_', ' ')}",
            field="user",
            remedy=f"Ask somebody with one of these roles: {', '.join(sorted(_OF_KIND[kind].readers))}.",
        )


def unquoted_fields(kind: str) -> frozenset[str]:
    """The fields that no quote of such a record shows."""
    right = _OF_KIND.get(kind)
    return _NOTHING if right is None or right.told else right.fields


def readers_of(kind: str) -> frozenset[Role]:
    """The roles that read the guarded fields of such records; empty when everybody does."""
    right = _OF_KIND.get(kind)
    return frozenset() if right is None else right.readers


def rights_told(record: "Record") -> Rights:
    """Region and audience of what cites the record: of those who see its row, who reads what it tells."""
    right = _OF_KIND.get(record.kind)
    return record.region, narrowed(record.audience, right.readers) if right and right.told else record.audience


def narrowed(audience: frozenset[Role], to: frozenset[Role]) -> frozenset[Role]:
    """The audience of what is for both; empty means everybody, and where nobody is left, administrators are."""
    if not audience or not to:
        return audience | to
    return audience & to or frozenset({Role.ADMIN})


def combined(rights: Iterable[Rights]) -> Rights:
    """Region and audience of what tells of all of these at once.

    Of regions within one another the innermost; where two lie apart, nobody but an administrator sees both.
    """
    region: str | None = None
    audience: frozenset[Role] = frozenset()
    for own, roles in rights:
        audience = narrowed(audience, roles)
        if own is None or region is None or is_within(own, region):
            region = own or region
        elif not is_within(region, own):
            audience = frozenset({Role.ADMIN})
    return region, audience
