"""Who may do what: one table of actions and the roles that may do them.

Which customers and records somebody may do it with is another matter, see `core.identity.Caller.may_see`; so is who
decides an effect or a review, which its policy says.
"""

from enum import StrEnum

from core.errors import ForbiddenError
from core.identity import Caller, Role


class Action(StrEnum):
    """What not everybody may do."""

    REQUEST_VISIT = "request_visit"
    ADD_MEETING = "add_meeting"
    PROPOSE_EFFECT = "propose_effect"
    ANSWER_CUSTOMERS = "answer_customers"
    RETRY_EFFECT = "retry_effect"
    WITHDRAW_FOR_OTHERS = "withdraw_for_others"
    LEAD_REVIEWS = "lead_reviews"
    FILL_ANY_SEAT = "fill_any_seat"
    PUBLISH_POLICY = "publish_policy"
    IMPORT = "import"
    READ_BOARDS = "read_boards"
    READ_AUDIT = "read_audit"
    READ_METRICS = "read_metrics"
    READ_SPENDING = "read_spending"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_KEYS = "manage_keys"
    MANAGE_WEBHOOKS = "manage_webhooks"


_EVERYBODY = frozenset(Role)
_LEADING = frozenset({Role.MANAGER, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})

PERMISSIONS: dict[Action, frozenset[Role]] = {
    Action.REQUEST_VISIT: frozenset({Role.REP, Role.COACH}) | _LEADING,
    Action.ADD_MEETING: frozenset({Role.REP, Role.COACH}) | _LEADING,
    Action.PROPOSE_EFFECT: _EVERYBODY - {Role.ANALYST},
    Action.ANSWER_CUSTOMERS: frozenset({Role.REP, Role.COACH}) | _LEADING,
    Action.RETRY_EFFECT: _LEADING,
    Action.WITHDRAW_FOR_OTHERS: _ADMIN,
    Action.LEAD_REVIEWS: _LEADING,
    # Nobody: who runs the installation does not thereby decide for legal or finance.
    Action.FILL_ANY_SEAT: frozenset(),
    Action.PUBLISH_POLICY: _LEADING,
    Action.IMPORT: _ADMIN,
    Action.READ_BOARDS: frozenset({Role.COACH, Role.ANALYST}) | _LEADING,
    Action.READ_AUDIT: frozenset({Role.ANALYST}) | _ADMIN,
    Action.READ_METRICS: frozenset({Role.ANALYST}) | _ADMIN,
    Action.READ_SPENDING: frozenset({Role.ANALYST}) | _LEADING,
    Action.MANAGE_PEOPLE: _ADMIN,
    Action.MANAGE_KEYS: _ADMIN,
    Action.MANAGE_WEBHOOKS: _ADMIN,
}


def may(caller: Caller, action: Action) -> bool:
    """Whether one of the caller's roles may do it; the person at the keyboard of an open installation may anything."""
    return caller.stands_in or bool(caller.roles & PERMISSIONS[action])


def require(caller: Caller, action: Action) -> None:
    """ForbiddenError, naming the roles that may, unless the caller may do it."""
    if not may(caller, action):
        roles = ", ".join(sorted(PERMISSIONS[action])) or "nobody"
        raise ForbiddenError(
            f"{caller.user} may not {action.value.replace('_', ' ')}",
            field="user",
            remedy=f"Ask somebody with one of these roles: {roles}.",
        )
