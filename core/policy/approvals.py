"""Who must approve a deal, in which order."""

from decimal import Decimal
from functools import lru_cache

from core.domain.base import Frozen
from core.domain.contracts import ApprovalRule, ClauseKind
from core.policy.countries import country_code
from core.policy.decision import ANY_CODE, Cell, Decision, Fact, Row, Table, build_decision, code_names, code_of
from core.policy.units import LARGEST, fen_above, fen_below, points_above, points_below

_FIELDS = ("amount_up_to", "amount_from", "discount", "region", "customer_class", "clauses", "country")
_CLAUSES = {kind: code for code, kind in enumerate(ClauseKind, start=1)}
Codes = dict[str, int]


class ApprovalFacts(Frozen):
    """What the approval table asks about a deal; `discount` is a fraction, 0 when none was asked.

    None means unknown, and an unknown fact satisfies every condition on it: rather one approval too many.
    """

    amount_cny: Decimal | None = None
    discount: Decimal | None = Decimal(0)
    region: str | None = None
    customer_class: str | None = None
    clauses: frozenset[ClauseKind] | None = frozenset()
    country: str | None = None


def approval_path(rules: tuple[ApprovalRule, ...], facts: ApprovalFacts) -> tuple[ApprovalRule, ...]:
    """The rules whose conditions all hold, by `order`; rules of equal order run side by side.

    Limits are inclusive on both ends. Raises PolicyError when a rule cannot be applied.
    """
    decision, regions, classes, countries = _compiled(rules)
    amount, discount = facts.amount_cny, facts.discount
    clauses = facts.clauses
    given: dict[str, Fact] = {
        "amount_up_to": LARGEST if amount is None else fen_above(amount),
        "amount_from": -LARGEST if amount is None else fen_below(amount),
        "discount": LARGEST if discount is None else points_above(discount),
        "region": code_of(facts.region, regions, unknown=ANY_CODE),
        "customer_class": code_of(facts.customer_class, classes, unknown=ANY_CODE),
        "clauses": [ANY_CODE] if clauses is None else sorted(_CLAUSES[kind] for kind in clauses),
        "country": code_of(country_code(facts.country), countries, unknown=ANY_CODE),
    }
    found = [rules[row] for row in decision.rows_for(given)]
    return tuple(sorted(found, key=lambda rule: (rule.order, rule.department, rule.id)))


@lru_cache(maxsize=64)
def _compiled(rules: tuple[ApprovalRule, ...]) -> tuple[Decision, Codes, Codes, Codes]:
    regions = code_names(rule.for_region for rule in rules)
    classes = code_names(rule.customer_class for rule in rules)
    countries = code_names(country_code(name) for rule in rules for name in rule.countries)
    rows = tuple(_row(rule, regions, classes, countries) for rule in rules)
    return build_decision(Table("approvals", "collect", _FIELDS, rows)), regions, classes, countries


def _row(rule: ApprovalRule, regions: Codes, classes: Codes, countries: Codes) -> Row:
    least, most = rule.min_amount, rule.max_amount
    named = sorted({code_of(country_code(name), countries, unknown=ANY_CODE) for name in rule.countries})
    clause = _CLAUSES[rule.clause] if rule.clause else None
    return (
        None if least is None else _above(fen_below(least)),
        None if most is None else Cell(f"<= {fen_above(most)}", fen_above(most)),
        None if rule.min_discount is None else _above(points_below(rule.min_discount)),
        _one_of(rule.for_region, regions),
        _one_of(rule.customer_class, classes),
        None if clause is None else Cell(f"some($, # in [{ANY_CODE}, {clause}])", [clause]),
        None if not named else Cell(", ".join(str(code) for code in (ANY_CODE, *named)), named[-1]),
    )


def _above(limit: int) -> Cell:
    return Cell(f">= {limit}", limit)


def _one_of(name: str | None, codes: Codes) -> Cell | None:
    if not name:
        return None
    code = code_of(name, codes, unknown=ANY_CODE)
    return Cell(f"{ANY_CODE}, {code}", code)
