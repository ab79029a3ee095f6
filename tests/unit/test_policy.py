"""The policy tables: who approves, how far prices go, and that silence of the engine is never a yes."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.contracts import ApprovalRule, ClauseKind, Department
from core.domain.effects import Verdict
from core.domain.money import Money
from core.domain.products import PricingRule
from core.policy.approvals import ApprovalFacts, approval_path
from core.policy.countries import country_code, currency_of
from core.policy.decision import Cell, PolicyError, Table, build_decision
from core.policy.defaults import TABLES_FOLDER, load_default_tables
from core.policy.pricing import PriceBounds, price_bounds, price_within

KNOWN = ApprovalFacts(amount_cny=Decimal(100), region="East", customer_class="B", country="CN")


def approval(name: str, order: object = 1, **conditions: object) -> ApprovalRule:
    base = {"id": name, "order": order, "department": Department.SALES, "approver": "Director", "reason": "because"}
    return ApprovalRule.model_validate(base | conditions)


def pricing(name: str, rep: str, approved: str, **conditions: object) -> PricingRule:
    base = {"id": name, "max_discount_rep": Decimal(rep), "max_discount_approved": Decimal(approved)}
    return PricingRule.model_validate(base | conditions)


def ids(rules: tuple[ApprovalRule, ...], **facts: object) -> list[str]:
    return [rule.id for rule in approval_path(rules, KNOWN.model_copy(update=facts))]


def test_a_condition_that_cannot_be_read_is_an_error_and_not_a_silent_no() -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        build_decision(Table("t", "collect", ("a",), ((Cell(">= = 1", 1),),)))
    with pytest.raises(PolicyError, match="cannot be read"):
        build_decision(Table("t", "first", ("a",), ((Cell(">= 5", 4),),)))


def test_an_answer_needs_exactly_the_facts_of_the_table() -> None:
    decision = build_decision(Table("t", "first", ("a",), ((Cell(">= 1", 1),),)))
    assert decision.rows_for({"a": 1}) == (0,)
    assert decision.rows_for({"a": 0}) == ()
    with pytest.raises(PolicyError, match="expected the facts"):
        decision.rows_for({"b": 1})


def test_a_compiled_table_answers_in_another_thread() -> None:
    answers: list[list[str]] = []
    rules = (approval("r"),)
    assert ids(rules) == ["r"]
    thread = threading.Thread(target=lambda: answers.append(ids(rules)))
    thread.start()
    thread.join()
    assert answers == [["r"]]


def test_limits_are_inclusive_and_exact_to_the_fen() -> None:
    rules = (approval("band", min_amount=Decimal("90071992547409.93"), max_amount=Decimal("90071992547409.95")),)
    found = [ids(rules, amount_cny=Decimal(f"90071992547409.9{cent}")) for cent in range(2, 7)]
    assert found == [[], ["band"], ["band"], ["band"], []]


def test_the_path_is_ordered_and_rules_of_equal_order_stay_together() -> None:
    rules = (approval("ceo", 3), approval("sales", 1), approval("legal", 2), approval("finance", 2))
    assert ids(rules) == ["sales", "finance", "legal", "ceo"]


@pytest.mark.parametrize(
    ("condition", "met", "unmet"),
    [
        ({"min_amount": Decimal(100)}, {"amount_cny": Decimal(100)}, {"amount_cny": Decimal("99.99")}),
        ({"max_amount": Decimal(100)}, {"amount_cny": Decimal(100)}, {"amount_cny": Decimal("100.01")}),
        ({"min_discount": Decimal("0.1")}, {"discount": Decimal("0.1")}, {"discount": Decimal("0.0999")}),
        ({"for_region": "East"}, {"region": "ＥＡＳＴ "}, {"region": "West"}),
        ({"customer_class": "A"}, {"customer_class": "a"}, {"customer_class": "B"}),
        ({"clause": "liability"}, {"clauses": frozenset({ClauseKind.LIABILITY})}, {"clauses": frozenset()}),
        ({"countries": {"RU", "伊朗"}}, {"country": "Iran"}, {"country": "Germany"}),
    ],
)
def test_each_condition_decides_alone_and_an_unknown_fact_satisfies_it(
    condition: dict[str, object], met: dict[str, object], unmet: dict[str, object]
) -> None:
    rules = (approval("r", **condition),)
    assert ids(rules, **met) == ["r"]
    assert ids(rules, **unmet) == []
    assert ids(rules, **dict.fromkeys(met)) == ["r"]


@pytest.mark.parametrize("name", ["'", '"', "\\", "East' or true or '", "{{ 1 }}", "東區\n"])
def test_names_from_a_table_never_become_part_of_an_expression(name: str) -> None:
    rules = (approval("r", for_region=name, customer_class=name, countries={name}),)
    assert ids(rules, region=name, customer_class=name, country=name) == ["r"]
    assert ids(rules, region="East") == []


def test_amounts_beyond_all_reason_still_get_an_answer() -> None:
    rules = (approval("big", min_amount=Decimal("1e40")), approval("some", min_amount=Decimal(1)))
    assert ids(rules, amount_cny=Decimal("1e50")) == ["big", "some"]
    assert ids(rules, amount_cny=Decimal("-1e50")) == []


def test_the_most_specific_price_rule_wins_and_none_means_no_discount() -> None:
    rules = (
        pricing("any", "0.20", "0.30"),
        pricing("volume", "0.22", "0.32", min_quantity=100),
        pricing("class", "0.10", "0.15", customer_class="A"),
        pricing("family", "0.05", "0.08", family="Pumps"),
        pricing("both", "0.06", "0.09", family="Pumps", customer_class="A"),
        pricing("both-volume", "0.07", "0.10", family="Pumps", customer_class="A", min_quantity=10),
    )
    found = [
        price_bounds(rules, family, class_, quantity).rules[0]
        for family, class_, quantity in [
            ("Valves", "B", 1),
            ("Valves", "B", 100),
            ("Valves", "A", 100),
            ("pumps", "B", 100),
            ("Pumps", "a", 9),
            ("Pumps", "A", 10),
        ]
    ]
    assert found == ["any", "volume", "class", "family", "both", "both-volume"]
    assert price_bounds(rules[3:], "Valves", "A", 10) == PriceBounds()
    assert price_bounds((), "Pumps", "A", 10) == PriceBounds()


def test_an_unknown_family_earns_no_family_discount_and_an_unknown_quantity_no_volume_discount() -> None:
    assert price_bounds((pricing("f", "0.1", "0.2", family="Pumps"),), None, "A", 10).rules == ()
    volume = (pricing("v", "0.1", "0.2", min_quantity=2),)
    assert [price_bounds(volume, None, "A", quantity).rules for quantity in (None, 0, -5, 1)] == [()] * 4
    assert price_bounds(volume, None, "A", 10**30).rules == ("v",)


def test_between_equally_specific_rules_the_stricter_wins() -> None:
    rules = (pricing("loose", "0.1", "0.2"), pricing("strict", "0.1", "0.15"))
    assert price_bounds(rules, None, "C", 1).rules == ("strict",)
    from_none = (pricing("from-one", "0.1", "0.2", min_quantity=1), pricing("from-none", "0", "0.2", min_quantity=0))
    assert price_bounds(from_none, None, "C", 1).rules == ("from-none",)


def test_a_rep_may_never_give_more_than_approval_could() -> None:
    assert price_bounds((pricing("odd", "0.5", "0.1"),), None, "C", 1).max_discount_rep == Decimal("0.1")


@pytest.mark.parametrize("limit", ["15", "-0.1", "1.01"])
def test_a_limit_that_is_no_fraction_is_refused_with_the_name_of_the_rule(limit: str) -> None:
    with pytest.raises(PolicyError, match="PR-7"):
        price_bounds((pricing("PR-7", "0", limit),), None, "C", 1)


def test_a_price_is_allowed_needs_approval_or_does_not_exist() -> None:
    bounds = PriceBounds(max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.1"))
    price = Money(amount=Decimal("99.99"), currency="EUR")
    verdicts = [price_within(price, Decimal(discount), bounds) for discount in ("-1", "0.05", "0.1", "0.1001", "5")]
    assert [verdict.verdict for verdict in verdicts] == [
        Verdict.ALLOWED,
        Verdict.ALLOWED,
        Verdict.NEEDS_APPROVAL,
        Verdict.FORBIDDEN,
        Verdict.FORBIDDEN,
    ]
    assert [verdict.unit_price.amount if verdict.unit_price else None for verdict in verdicts] == [
        Decimal("99.99"),
        Decimal("95.00"),
        Decimal("90.00"),
        None,
        None,
    ]


@settings(max_examples=300, deadline=None)
@given(
    amount=st.decimals("0.01", "1e15", places=4),
    discount=st.decimals(0, 1, places=6),
    currency=st.sampled_from(["CNY", "USD", "JPY"]),
)
def test_rounding_never_goes_below_the_floor(amount: Decimal, discount: Decimal, currency: str) -> None:
    bounds = PriceBounds(max_discount_rep=discount, max_discount_approved=discount)
    priced = price_within(Money(amount=amount, currency=currency), discount, bounds)
    assert priced.unit_price is not None
    assert priced.unit_price.amount >= amount * (1 - discount)
    assert priced.unit_price.amount - amount * (1 - discount) < (1 if currency == "JPY" else Decimal("0.01"))


def test_the_default_tables_are_bilingual_and_decide_their_own_examples() -> None:
    tables = load_default_tables()
    assert all(rule.reason and rule.reason_zh for rule in tables.approvals)
    assert all(rule.play and rule.play_zh for rule in tables.pricing)


@pytest.mark.parametrize(
    ("found", "replaced"),
    [
        ('"expect": ["default-any"]', '"expect": []'),
        ('"max_discount_rep": "0.03"', '"max_discount_rep": "3"'),
        ('"examples": [', '"examples": [], "more": ['),
    ],
)
def test_a_default_table_that_fails_its_examples_is_not_used(tmp_path: Path, found: str, replaced: str) -> None:
    for name in ("approvals.json", "pricing.json"):
        text = (TABLES_FOLDER / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace(found, replaced), "utf-8")
    with pytest.raises(PolicyError, match=r"pricing|approvals"):
        load_default_tables(tmp_path)


def test_countries_are_recognised_in_both_languages() -> None:
    assert {country_code(name) for name in ("CN", "china", "中国", "PRC")} == {"CN"}
    assert [currency_of(name) for name in ("Germany", "英国", "Atlantis", None)] == ["EUR", "GBP", None, None]
    assert country_code(" ") is None
