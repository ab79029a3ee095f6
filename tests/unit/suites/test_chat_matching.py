"""When calls count as those that were meant."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.suites.chat.matching import Matcher

_MATCHER = Matcher(
    {"otter works": "a-1", "otter": "a-1", "a-1": "a-1", "rp-5 ring pump": "rp-5", "rp-5": "rp-5"},
    {"list_deals": {"status": "open", "mine": False}, "find_mails": {"limit": 5}},
)

_SCALARS = st.one_of(st.integers(), st.text(max_size=8), st.booleans(), st.dates(), st.none())
_ARGS = st.dictionaries(st.sampled_from(["account", "product", "on", "mine", "lines"]), _SCALARS, max_size=4)
_CALLS = st.lists(st.tuples(st.sampled_from(["list_deals", "find_mails", "other"]), _ARGS), max_size=4)


@given(_CALLS, st.randoms())
def test_calls_are_the_same_in_any_order(calls: list[tuple[str, dict[str, Any]]], random: Any) -> None:
    shuffled = random.sample(calls, len(calls))
    assert _MATCHER.same_calls(calls, shuffled)
    assert _MATCHER.same_tools(calls, shuffled)


@given(_CALLS, st.tuples(st.just("another"), _ARGS))
def test_one_call_too_many_or_too_few_is_wrong(
    calls: list[tuple[str, dict[str, Any]]], more: tuple[str, dict[str, Any]]
) -> None:
    assert not _MATCHER.same_calls(calls, [*calls, more])
    assert not _MATCHER.same_calls([*calls, more], calls)


@given(_ARGS, st.text(min_size=1, max_size=8))
def test_an_argument_that_was_not_meant_is_wrong(args: dict[str, Any], value: str) -> None:
    assert not _MATCHER.same_calls([("other", args)], [("other", {**args, "more": value})])


@given(st.dictionaries(st.sampled_from(["status", "mine"]), st.none()))
def test_what_is_left_out_is_what_says_nothing(nothing: dict[str, None]) -> None:
    given_defaults = {"status": "open", "mine": False, "account": "Otter", "people": []}
    assert _MATCHER.same_calls([("list_deals", {"account": "Otter", **nothing})], [("list_deals", given_defaults)])


@pytest.mark.parametrize("called", ["a-1", "Otter", "Otter Works", "OTTER  works"])
def test_every_name_of_a_record_is_its_id(called: str) -> None:
    assert _MATCHER.fits("Otter", called)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (0.1, "0.1"),
        (0.1, Decimal("0.0995")),
        (220000, {"amount": "220000"}["amount"]),
        (date(2026, 4, 2), "2026-04-02"),
        ("any", None),
        ("any", "whatever"),
        ({"either": [1, None]}, None),
        ({"either": [1, None]}, 1),
        ({"has": ["24 months", "warranty"]}, "Warranty of 24 months"),
        ({"amount": 5, "currency": "any"}, {"amount": "5.00", "currency": "EUR"}),
        (["RP-5", "Otter"], ("a-1", "rp-5 ring pump")),
        ([{"product": "RP-5", "quantity": 2}], [{"product": "rp-5", "quantity": 2, "discount": None}]),
    ],
)
def test_values_that_say_the_same_fit(wanted: Any, value: Any) -> None:
    assert _MATCHER.fits(wanted, value)


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (0.1, "0.15"),
        (1, True),
        (3, "three"),
        (date(2026, 4, 2), "2026-04-03"),
        ("Otter", None),
        ("Otter", "a-2"),
        (None, "Otter"),
        (True, "true"),
        ({"either": [1, 2]}, None),
        ({"has": ["24 months"]}, "2 months"),
        ({"has": ["24 months"]}, None),
        ({"amount": 5, "currency": "EUR"}, 5),
        ({"amount": 5}, {"amount": 5, "currency": "EUR"}),
        (["RP-5"], "RP-5"),
        (["RP-5"], ["RP-5", "Otter"]),
        (["RP-5", "RP-5"], ["RP-5", "Otter"]),
    ],
)
def test_values_that_do_not_say_the_same_do_not_fit(wanted: Any, value: Any) -> None:
    assert not _MATCHER.fits(wanted, value)


@given(
    st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
)
def test_a_value_fits_whatever_is_wanted_or_does_not_but_never_fails(value: Any) -> None:
    for wanted in ("Otter", 3, None, True, date(2026, 4, 2), {"has": ["x"]}, {"either": [1]}, {"a": 1}, ["x"]):
        assert _MATCHER.fits(wanted, value) in (True, False)
    assert _MATCHER.fits("any", value)
