"""The effect table: the strictest row holds, steps are united, silence and ignorance never allow anything."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.domain.effects import EffectFacts, Route, Verdict
from core.domain.payloads import Operation
from core.identity import Role
from core.policy.decision import PolicyError
from core.policy.effect_table import EffectTable, failure_of, load_effect_table, read_effect_table
from core.policy.effects import EffectRule, effect_route
from tests.unit.policy.tables import rule, step

QUOTE = Operation.DRAFT_QUOTE


def route(rules: tuple[EffectRule, ...], **facts: object) -> Route:
    return effect_route(rules, EffectFacts.model_validate({"operation": QUOTE} | facts))


def test_forbidden_beats_approval_beats_allowed() -> None:
    rules = (
        rule("free", "allowed"),
        rule("ask", "needs_approval", min_amount="100"),
        rule("never", "forbidden", min_amount="200"),
    )
    routes = [route(rules, amount_cny=amount) for amount in ("99.99", "100", "200")]
    assert [(each.verdict, each.rules) for each in routes] == [
        (Verdict.ALLOWED, ("free",)),
        (Verdict.NEEDS_APPROVAL, ("ask",)),
        (Verdict.FORBIDDEN, ("never",)),
    ]
    assert routes[2].steps == ()


def test_steps_are_united_per_position_and_role_with_the_highest_quorum() -> None:
    rules = (
        rule("one", "needs_approval", steps=[step(2, "finance"), step(1, "manager")]),
        rule("two", "needs_approval", steps=[step(2, "finance", 2)], min_amount="100"),
    )
    small, large = route(rules, amount_cny=99), route(rules, amount_cny=100)
    assert [(each.position, each.role, each.quorum, each.rule) for each in small.steps] == [
        (1, Role.MANAGER, 1, "one"),
        (2, Role.FINANCE, 1, "one"),
    ]
    assert [(each.position, each.role, each.quorum, each.rule) for each in large.steps] == [
        (1, Role.MANAGER, 1, "one"),
        (2, Role.FINANCE, 2, "two"),
    ]


def test_no_matching_row_is_an_error() -> None:
    with pytest.raises(PolicyError, match="no rule decides draft_quote"):
        route((rule("free", "allowed", operations=["log_activity"]),))


CONDITIONS: list[dict[str, object]] = [
    {"max_amount": "100"},
    {"min_amount": "0"},
    {"max_discount": "0.5"},
    {"min_discount": "0"},
    {"region": "East"},
    {"customer_class": "B"},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda each: next(iter(each)))
def test_what_is_unknown_never_allows_and_always_restricts(condition: dict[str, object]) -> None:
    with pytest.raises(PolicyError):
        route((rule("free", "allowed", **condition),))
    assert route((rule("free", "allowed"), rule("never", "forbidden", **condition))).verdict is Verdict.FORBIDDEN
    asked = route((rule("free", "allowed"), rule("ask", "needs_approval", **condition)))
    assert asked.verdict is Verdict.NEEDS_APPROVAL


def test_limits_are_inclusive_and_a_fact_between_two_steps_counts_as_the_higher_one() -> None:
    rules = (
        rule("band", "allowed", min_amount="10", max_amount="10.05"),
        rule("rest", "forbidden", min_amount="10.06"),
    )
    assert route(rules, amount_cny="10.05").rules == ("band",)
    assert route(rules, amount_cny="10.0500001").rules == ("rest",)
    assert route(rules, amount_cny="9.9901").rules == ("band",)
    with pytest.raises(PolicyError):
        route(rules, amount_cny="9.99")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"min_amount": "1.001"}, "finer than"),
        ({"min_discount": "0.00001"}, "finer than"),
        ({"min_amount": "2", "max_amount": "1"}, "above"),
        ({"verdict": "needs_approval", "steps": []}, "steps when"),
        ({"verdict": "allowed", "steps": [step(1, "legal")]}, "steps when"),
        ({"verdict": "needs_approval", "steps": [step(1, "legal"), step(1, "legal", 2)]}, "same role"),
        ({"region": "  "}, "pattern"),
        ({"min_amount": "1e99"}, "less than"),
        ({"min_amount": "NaN"}, "finite"),
    ],
)
def test_a_row_that_says_nothing_sensible_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        rule("r", str(changes.pop("verdict", "allowed")), **changes)


def test_the_shipped_table_decides_its_examples_and_every_operation() -> None:
    table = load_effect_table()
    for operation in Operation:
        assert effect_route(table.rules, EffectFacts(operation=operation)).rules
    signature = effect_route(table.rules, EffectFacts(operation=Operation.SCHEDULE_SIGNATURE))
    assert [(each.position, each.role) for each in signature.steps] == [(1, Role.LEGAL), (2, Role.MANAGER)]
    large = EffectFacts(operation=QUOTE, amount_cny=Decimal(5_000_000), discount=Decimal(0), customer_class="A")
    assert [(each.role, each.quorum) for each in effect_route(table.rules, large).steps] == [
        (Role.MANAGER, 1),
        (Role.FINANCE, 2),
    ]


def test_an_example_that_the_table_decides_otherwise_is_told() -> None:
    table = load_effect_table()
    wrong = table.examples[0].model_copy(update={"verdict": Verdict.FORBIDDEN})
    assert failure_of(table, wrong) == "allowed by crm-notes"
    with pytest.raises(PolicyError, match=r"rules\.0\.verdict"):
        read_effect_table('{"rules": [{"id": "a", "reason": "b", "reason_zh": "c"}], "examples": []}')


@given(st.data())
def test_more_knowledge_never_makes_the_shipped_table_stricter(data: st.DataObject) -> None:
    """What is unknown was treated as the worst that it could be."""
    rules = load_effect_table().rules
    full = EffectFacts(
        operation=data.draw(st.sampled_from(Operation)),
        amount_cny=data.draw(st.decimals(0, 10_000_000, places=2)),
        discount=data.draw(st.decimals(0, 1, places=4)),
        region=data.draw(st.sampled_from(["East China", "EMEA"])),
        customer_class=data.draw(st.sampled_from(["A", "B", "C", "D"])),
    )
    names = data.draw(st.sets(st.sampled_from(["amount_cny", "discount", "region", "customer_class"])))
    less = full.model_copy(update=dict.fromkeys(names))
    order = [Verdict.ALLOWED, Verdict.NEEDS_APPROVAL, Verdict.FORBIDDEN]
    assert order.index(effect_route(rules, less).verdict) >= order.index(effect_route(rules, full).verdict)


@pytest.mark.parametrize("name", ["min_amount", "max_amount", "min_discount", "max_discount"])
def test_no_limit_of_the_shipped_table_moves_by_one_step_without_an_example_that_fails(name: str) -> None:
    table = load_effect_table()
    smallest = Decimal("0.01") if name.endswith("amount") else Decimal("0.0001")
    # A row that allows may reach into a stricter one, which beats it.
    steps = (-smallest,) if name.startswith("max") else (-smallest, smallest)
    limited = [number for number, each in enumerate(table.rules) if getattr(each, name) is not None]
    assert limited
    for number, moved in product(limited, steps):
        row = table.rules[number]
        changed = row.model_copy(update={name: getattr(row, name) + moved})
        rules = (*table.rules[:number], changed, *table.rules[number + 1 :])
        other = table.model_copy(update={"rules": rules})
        assert any(failure_of(other, example) for example in table.examples), (row.id, moved)


def test_a_table_is_a_document_that_reads_back_as_itself() -> None:
    table = load_effect_table()
    assert EffectTable.model_validate_json(table.model_dump_json()) == table
