"""The checker of effect tables finds what a search through every single case finds, and nothing else."""

from decimal import Decimal
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.effects import EffectFacts, Verdict
from core.domain.payloads import Operation
from core.policy.checking import MOST_CELLS, check_effect_table
from core.policy.effect_table import EffectExample, EffectTable, load_effect_table
from core.policy.effects import EffectRule
from core.policy.findings import Finding, FindingKind
from tests.unit.policy.tables import rule, step

OPERATIONS = (Operation.LOG_ACTIVITY, Operation.DRAFT_QUOTE)
REST = [each for each in Operation if each not in OPERATIONS]
# The other operations are decided by a row of their own, so that two are left to search through.
CLOSED = rule("rest", "allowed", operations=REST)
Said = set[tuple[str, tuple[str, ...]]]


def found_in(rules: tuple[EffectRule, ...], *kinds: FindingKind) -> list[Finding]:
    table = EffectTable(rules=rules, examples=())
    return [found for found in check_effect_table(table) if found.kind in kinds]


@st.composite
def limits(draw: st.DrawFn, step: Decimal) -> tuple[Decimal | None, Decimal | None]:
    numbers = sorted(draw(st.integers(0, 4)) for _ in range(2))
    least, most = (number * step if draw(st.booleans()) else None for number in numbers)
    return least, most


@st.composite
def rows(draw: st.DrawFn) -> tuple[EffectRule, ...]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        verdict = draw(st.sampled_from(Verdict))
        amounts, discounts = draw(limits(Decimal("0.01"))), draw(limits(Decimal("0.0001")))
        given: dict[str, object] = {
            "operations": draw(st.sets(st.sampled_from(OPERATIONS), min_size=1)),
            "min_amount": amounts[0],
            "max_amount": amounts[1],
            "min_discount": discounts[0],
            "max_discount": discounts[1],
            "region": draw(st.sampled_from([None, None, "East", "West"])),
        }
        if verdict is Verdict.NEEDS_APPROVAL:
            given["steps"] = [step(draw(st.integers(1, 2)), draw(st.sampled_from(["manager", "legal"])))]
        made.append(rule(f"r{number}", verdict, **given))
    return (*made, CLOSED)


def holds(rule: EffectRule, facts: EffectFacts) -> bool:
    """The definition, without the engine."""
    unknown = rule.verdict is not Verdict.ALLOWED

    def within(value: Decimal | None, least: Decimal | None, most: Decimal | None) -> bool:
        if least is None and most is None:
            return True
        if value is None:
            return unknown
        return (least is None or value >= least) and (most is None or value <= most)

    in_region = rule.region is None or (unknown if facts.region is None else facts.region == rule.region)
    return (
        facts.operation in rule.operations
        and within(facts.amount_cny, rule.min_amount, rule.max_amount)
        and within(facts.discount, rule.min_discount, rule.max_discount)
        and in_region
    )


def search(rules: tuple[EffectRule, ...]) -> Said:
    """Every finding about gaps, overlaps and dead rows, by trying every single case there is."""
    said: Said = set()
    deciding = set()
    amounts = [None, *(Decimal(number) / 100 for number in range(8))]
    discounts = [None, *(Decimal(number) / 10_000 for number in range(8))]
    for operation, amount, discount, region in product(OPERATIONS, amounts, discounts, (None, "East", "West", "Mars")):
        facts = EffectFacts(operation=operation, amount_cny=amount, discount=discount, region=region)
        found = [rule for rule in rules if holds(rule, facts)]
        if not found:
            said.add((f"gap {operation}", ()))
            continue
        verdicts = {rule.verdict for rule in found}
        top = next(each for each in (Verdict.FORBIDDEN, Verdict.NEEDS_APPROVAL, Verdict.ALLOWED) if each in verdicts)
        if None not in (amount, discount, region):
            deciding |= {rule.id for rule in found if rule.verdict is top}
        for one, other in combinations(found, 2):
            if {one.verdict, other.verdict} == {Verdict.ALLOWED, Verdict.FORBIDDEN} or (
                top is Verdict.NEEDS_APPROVAL
                and one.steps
                and other.steps
                and one.steps[0].role is other.steps[0].role
                and one.steps[0].position != other.steps[0].position
            ):
                said.add(("overlap", (one.id, other.id)))
    return said | {("unreachable", (rule.id,)) for rule in rules if rule.id not in deciding | {"rest"}}


@settings(max_examples=60)
@given(rows())
def test_gaps_overlaps_and_dead_rows_are_those_of_an_exhaustive_search(rules: tuple[EffectRule, ...]) -> None:
    kinds = (FindingKind.GAP, FindingKind.OVERLAP, FindingKind.UNREACHABLE)
    found = found_in(rules, *kinds)
    said: Said = set()
    for each in found:
        operation = f" {each.facts['operation']}" if each.kind is FindingKind.GAP and each.facts else ""
        said.add((f"{each.kind}{operation}", each.rows))
    assert said == search(rules)
    for each in found:
        if each.kind is FindingKind.GAP:
            assert not any(holds(rule, EffectFacts.model_validate(each.facts)) for rule in rules)
        if each.kind is FindingKind.OVERLAP:
            facts = EffectFacts.model_validate(each.facts)
            assert all(holds(rule, facts) for rule in rules if rule.id in each.rows)


def test_the_shipped_table_has_no_fault() -> None:
    assert check_effect_table(load_effect_table()) == ()


def test_a_gap_is_shown_by_a_case_in_words() -> None:
    rules = (rule("small", "allowed", max_amount="10"), rule("large", "needs_approval", min_amount="10.02"))
    gap = found_in(rules, FindingKind.GAP)[0]
    assert gap.case == "operation log_activity, amount CNY 10.01"
    assert gap.case_zh == "操作 log_activity，金额 10.01 元"


def test_a_row_that_a_stricter_one_always_beats_is_told_with_its_name() -> None:
    rules = (rule("free", "allowed", region="East"), rule("ask", "needs_approval"))
    dead = found_in(rules, FindingKind.UNREACHABLE)
    assert [each.text for each in dead] == ["free never decides anything: ask is stricter wherever it holds"]


def test_rows_that_say_the_same_and_ids_used_twice_are_told() -> None:
    alike = (rule("a", "allowed", region="East"), rule("b", "allowed", region=" ＥAST"), rule("rest", "allowed"))
    assert [each.rows for each in found_in(alike, FindingKind.DUPLICATE)] == [("a", "b")]
    same = (rule("a", "allowed"), rule("a", "forbidden"))
    assert [each.text for each in found_in(same, FindingKind.DUPLICATE)] == ["the id a is used 2 times"]


def test_a_row_without_example_and_an_example_that_fails_are_told() -> None:
    facts = EffectFacts(operation=Operation.LOG_ACTIVITY)
    wrong = EffectExample(facts=facts, verdict=Verdict.FORBIDDEN, rules=("a",))
    table = EffectTable(rules=(rule("a", "allowed"), rule("b", "allowed", region="East")), examples=(wrong,))
    said = {(each.kind, each.rows): each for each in check_effect_table(table)}
    assert said.keys() == {(FindingKind.WRONG_EXAMPLE, ("a",)), (FindingKind.NO_EXAMPLE, ("b",))}
    assert said[FindingKind.WRONG_EXAMPLE, ("a",)].case == "operation log_activity"


def test_a_table_with_too_many_cases_is_refused_instead_of_checked_forever() -> None:
    many = [rule(f"a{n}", "forbidden", min_amount=str(n), min_discount=f"0.{n:04}") for n in range(1, 200)]
    found = found_in((*many, rule("rest", "allowed")), FindingKind.TOO_LARGE)
    assert f"more than {MOST_CELLS}" in found[0].text


def test_a_role_asked_at_two_positions_is_told_unless_one_row_asks_for_both() -> None:
    both = [step(1, "manager"), step(3, "manager")]
    one, other = rule("one", "needs_approval"), rule("other", "needs_approval", steps=[step(2, "manager")])
    assert [each.rows for each in found_in((one, other), FindingKind.OVERLAP)] == [("one", "other")]
    assert found_in((one, rule("both", "needs_approval", steps=both)), FindingKind.OVERLAP) == []
