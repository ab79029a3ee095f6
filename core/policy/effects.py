"""What policy says to an effect: at once, after whom, or never."""

from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import Field, model_validator

from core.domain.base import Frozen
from core.domain.effects import ApprovalStep, EffectFacts, Route, Verdict
from core.domain.payloads import Operation
from core.identity import Role
from core.policy.decision import (
    ANY_CODE,
    Cell,
    Decision,
    PolicyError,
    Row,
    Table,
    build_decision,
    code_names,
    code_of,
)
from core.policy.units import LARGEST, fen_above, fen_below, points_above, points_below

_FIELDS = ("operation", "amount", "discount", "region", "customer_class")
_OPERATIONS = {operation: code for code, operation in enumerate(Operation, start=1)}
_ROLES = tuple(Role)
_STRICTEST = (Verdict.FORBIDDEN, Verdict.NEEDS_APPROVAL, Verdict.ALLOWED)
# Above every amount and discount that a limit may name.
_UNKNOWN = LARGEST + 1
Codes = dict[str, int]
Name = Annotated[str, Field(pattern=r"\S")]
Limit = Annotated[Decimal, Field(ge=-LARGEST // 10_000, le=LARGEST // 10_000)]


class RuleStep(Frozen):
    """`quorum` different people with `role` must agree, at `position` among all that must."""

    position: int = Field(ge=1, le=99)
    role: Role
    quorum: int = Field(default=1, ge=1, le=20)


class EffectRule(Frozen):
    """One row of the effect table: when all its conditions hold, `verdict` is what it says.

    Amounts are in CNY and whole fen, discounts are fractions in whole basis points; limits are included on both ends.
    None, or no operation, means any. Rows that need approval say by whom, the others have no steps.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    operations: frozenset[Operation] = frozenset()
    min_amount: Limit | None = None
    max_amount: Limit | None = None
    min_discount: Limit | None = None
    max_discount: Limit | None = None
    region: Name | None = None
    customer_class: Name | None = None
    verdict: Verdict
    steps: tuple[RuleStep, ...] = ()
    reason: str = Field(min_length=1)
    reason_zh: str = Field(min_length=1)

    @model_validator(mode="after")
    def _whole_and_complete(self) -> "EffectRule":
        for name, below, above in (("amount", fen_below, fen_above), ("discount", points_below, points_above)):
            limits = [getattr(self, f"{end}_{name}") for end in ("min", "max")]
            given = [limit for limit in limits if limit is not None]
            if any(below(limit) != above(limit) for limit in given):
                raise ValueError(f"rule {self.id}: a limit is finer than the {name}s that policy compares")
            if given != sorted(given):
                raise ValueError(f"rule {self.id}: min_{name} is above max_{name}")
        if (self.verdict is Verdict.NEEDS_APPROVAL) != bool(self.steps):
            raise ValueError(f"rule {self.id}: a row has steps when, and only when, its verdict is needs_approval")
        if len({(step.position, step.role) for step in self.steps}) != len(self.steps):
            raise ValueError(f"rule {self.id}: two steps ask the same role at the same position")
        return self


def effect_route(rules: tuple[EffectRule, ...], facts: EffectFacts) -> Route:
    """What the strictest of the matching rows say: forbidden beats needs approval beats allowed.

    `Route.rules` are the rows with that verdict. Their steps are united: one step per position and role, with the
    highest quorum that a row asks for. Raises PolicyError when no row matches or a rule cannot be applied.
    """
    found = matching_rules(rules, facts)
    if not found:
        raise PolicyError(f"effects: no rule decides {facts.operation} with {facts!r}")
    verdict = strictest(found)
    deciding = tuple(rule for rule in found if rule.verdict is verdict)
    return Route(verdict=verdict, rules=tuple(rule.id for rule in deciding), steps=_united(deciding))


def matching_rules(rules: tuple[EffectRule, ...], facts: EffectFacts) -> tuple[EffectRule, ...]:
    """The rows whose conditions all hold, in table order.

    An unknown fact satisfies every condition of a row that forbids or asks for approval, and none of a row that allows:
    rather one approval too many. A fact between two fen or basis points counts as the higher one. Raises PolicyError
    when a rule cannot be applied.
    """
    decision, regions, classes = _compiled(rules)
    found = decision.rows_for(
        {
            "operation": _OPERATIONS[facts.operation],
            "amount": _UNKNOWN if facts.amount_cny is None else fen_above(facts.amount_cny),
            "discount": _UNKNOWN if facts.discount is None else points_above(facts.discount),
            "region": code_of(facts.region, regions, unknown=ANY_CODE),
            "customer_class": code_of(facts.customer_class, classes, unknown=ANY_CODE),
        }
    )
    return tuple(rules[row] for row in found)


def strictest(rules: tuple[EffectRule, ...]) -> Verdict:
    """The verdict of at least one row that holds against the others."""
    return min((rule.verdict for rule in rules), key=_STRICTEST.index)


def _united(rules: tuple[EffectRule, ...]) -> tuple[ApprovalStep, ...]:
    steps: dict[tuple[int, int], ApprovalStep] = {}
    for rule in rules:
        for step in rule.steps:
            place = (step.position, _ROLES.index(step.role))
            if place not in steps or steps[place].quorum < step.quorum:
                steps[place] = ApprovalStep(
                    **step.model_dump(), rule=rule.id, reason=rule.reason, reason_zh=rule.reason_zh
                )
    return tuple(steps[place] for place in sorted(steps))


@lru_cache(maxsize=64)
def _compiled(rules: tuple[EffectRule, ...]) -> tuple[Decision, Codes, Codes]:
    regions = code_names(rule.region for rule in rules)
    classes = code_names(rule.customer_class for rule in rules)
    rows = tuple(_row(rule, regions, classes) for rule in rules)
    return build_decision(Table("effects", "collect", _FIELDS, rows)), regions, classes


def _row(rule: EffectRule, regions: Codes, classes: Codes) -> Row:
    unknown_too = rule.verdict is not Verdict.ALLOWED
    operations = sorted(_OPERATIONS[operation] for operation in rule.operations)
    return (
        Cell(", ".join(map(str, operations)), operations[0]) if operations else None,
        _within(_fen(rule.min_amount), _fen(rule.max_amount), unknown_too=unknown_too),
        _within(_points(rule.min_discount), _points(rule.max_discount), unknown_too=unknown_too),
        _one_of(rule.region, regions, unknown_too=unknown_too),
        _one_of(rule.customer_class, classes, unknown_too=unknown_too),
    )


def _within(least: int | None, most: int | None, *, unknown_too: bool) -> Cell | None:
    if least is None and most is None:
        return None
    low, high = -LARGEST if least is None else least, LARGEST if most is None else most
    known = f"[{low}..{high}]"
    return Cell(f"{known}, {_UNKNOWN}", _UNKNOWN) if unknown_too else Cell(known, low)


def _one_of(name: str | None, codes: Codes, *, unknown_too: bool) -> Cell | None:
    if name is None:
        return None
    code = code_of(name, codes, unknown=ANY_CODE)
    return Cell(f"{ANY_CODE}, {code}" if unknown_too else str(code), code)


def _fen(limit: Decimal | None) -> int | None:
    return None if limit is None else fen_below(limit)


def _points(limit: Decimal | None) -> int | None:
    return None if limit is None else points_below(limit)
