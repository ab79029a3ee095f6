"""Whether an approval or a pricing table may be accepted.

Neither can have gaps: a deal that no approval row meets needs no approval, a price that no pricing row meets has no
discount. Approval rows add up, so they cannot contradict one another.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import product
from typing import Any

from core.domain.contracts import ApprovalRule
from core.domain.products import PricingRule
from core.policy.approvals import ApprovalFacts, approval_path
from core.policy.decision import PolicyError
from core.policy.defaults import Example, Facts, PricingFacts, Rule, TableFile
from core.policy.findings import Finding, FindingKind, case_of, finding
from core.policy.pricing import price_bounds
from core.text import normalise_name


def check_approval_table(table: TableFile[ApprovalRule, ApprovalFacts]) -> tuple[Finding, ...]:
    """Everything that speaks against an approval table."""
    said = ("id", "reason", "reason_zh")
    return (
        *_repeated(table.rules, lambda rule: str(rule.model_dump(exclude=set(said)))),
        *_examples(table.examples, table.rules, lambda facts: tuple(r.id for r in approval_path(table.rules, facts))),
        *(fault for rule in table.rules if (fault := _unmet(table.rules, rule)) is not None),
    )


def check_pricing_table(table: TableFile[PricingRule, PricingFacts]) -> tuple[Finding, ...]:
    """Everything that speaks against a pricing table."""
    rules = table.rules

    def decide(facts: PricingFacts) -> tuple[str, ...]:
        return price_bounds(rules, facts.family, facts.customer_class, facts.quantity).rules

    try:
        decided = {rule for facts in _pricing_cases(rules) for rule in decide(facts)}
    except PolicyError as error:
        return (finding(FindingKind.SILENT, (), str(error), f"规则引擎无法给出结果：{error}"),)
    never = [rule.id for rule in rules if rule.id not in decided]
    return (
        *_repeated(rules, lambda rule: str(_pricing_conditions(rule))),
        *_examples(table.examples, rules, decide),
        *(
            finding(
                FindingKind.UNREACHABLE,
                (name,),
                f"{name} never sets a price: another row is as specific and stricter",
                f"{name} 从不起作用：另一行同样具体且更严格",
            )
            for name in never
        ),
    )


def _unmet(rules: tuple[ApprovalRule, ...], rule: ApprovalRule) -> Finding | None:
    """A finding when the row is not on the path of the very case that it describes."""
    facts = ApprovalFacts(
        amount_cny=next((limit for limit in (rule.min_amount, rule.max_amount) if limit is not None), Decimal(0)),
        discount=rule.min_discount or Decimal(0),
        region=rule.for_region or "other",
        customer_class=rule.customer_class or "other",
        clauses=frozenset({rule.clause} if rule.clause else ()),
        country=next(iter(sorted(rule.countries)), "other"),
    )
    try:
        met = any(found.id == rule.id for found in approval_path(rules, facts))
    except PolicyError as error:
        return finding(FindingKind.SILENT, (rule.id,), str(error), f"规则引擎无法给出结果：{error}", case_of(facts))
    if met:
        return None
    text, text_zh = f"{rule.id} does not hold in the case it describes", f"{rule.id} 在其所述情形下不成立"
    return finding(FindingKind.UNREACHABLE, (rule.id,), text, text_zh, case_of(facts))


def _pricing_cases(rules: tuple[PricingRule, ...]) -> Iterable[PricingFacts]:
    families = [*sorted({rule.family for rule in rules if rule.family}), None]
    classes = [*sorted({rule.customer_class for rule in rules if rule.customer_class}), "other"]
    steps = {rule.min_quantity + step for rule in rules for step in (-1, 0, 1)}
    quantities = sorted(quantity for quantity in steps | {1} if quantity > 0)
    for family, customer_class, quantity in product(families, classes, quantities):
        yield PricingFacts(family=family, customer_class=customer_class, quantity=quantity)


def _pricing_conditions(rule: PricingRule) -> tuple[Any, ...]:
    names = [normalise_name(name) if name else None for name in (rule.family, rule.customer_class)]
    return (*names, max(1, rule.min_quantity))


def _repeated(rules: tuple[Rule, ...], meaning: Callable[[Rule], str]) -> list[Finding]:
    findings = [
        finding(
            FindingKind.DUPLICATE, (name,), f"the id {name} is used {count} times", f"编号 {name} 使用了 {count} 次"
        )
        for name, count in Counter(rule.id for rule in rules).items()
        if count > 1
    ]
    first: dict[str, str] = {}
    for rule in rules:
        held = first.setdefault(meaning(rule), rule.id)
        if held != rule.id:
            text, text_zh = f"{held} and {rule.id} hold in the same cases", f"{held} 与 {rule.id} 适用于相同情形"
            findings.append(finding(FindingKind.DUPLICATE, (held, rule.id), text, text_zh))
    return findings


def _examples(
    examples: tuple[Example[Facts], ...], rules: tuple[Rule, ...], decide: Callable[[Facts], tuple[str, ...]]
) -> list[Finding]:
    findings = []
    for example in examples:
        try:
            found = ", ".join(decide(example.facts)) or "-"
        except PolicyError as error:
            found = str(error)
        stated = ", ".join(example.expect) or "-"
        if found != stated:
            text, text_zh = (
                f"an example expects {stated}, the table says {found}",
                f"示例期望 {stated}，规则表得出 {found}",
            )
            findings.append(finding(FindingKind.WRONG_EXAMPLE, example.expect, text, text_zh, case_of(example.facts)))
    shown = {name for example in examples for name in example.expect}
    untried = [rule.id for rule in rules if rule.id not in shown]
    return findings + [
        finding(FindingKind.NO_EXAMPLE, (name,), f"no example shows {name}", f"{name} 没有示例") for name in untried
    ]
