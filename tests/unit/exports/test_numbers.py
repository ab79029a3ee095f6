from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.exports.numbers import (
    NumberError,
    decimal_comma_in,
    money_hint,
    parse_money,
    parse_number,
)

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("1,234", "1234"),
        (".5", "0.5"),
        ("(500)", "-500"),
        ("-500", "-500"),
        ("−500", "-500"),
        ("+500", "500"),
        ("$-500", "-500"),
        ("¥12.5万", "125000"),
        ("3.2亿", "320000000"),
        ("$1.2M", "1200000"),
        ("850k", "850000"),
        ("USD 1,000", "1000"),
        ("1000 元", "1000"),
        ("２５", "25"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "12-34",
        "(500",
        "1.2.3,4.5x",
        "NaN",
        "Infinity",
        "1" * 30,
        "=1+1",
        f"1{' ' * 200}x",
        f"1{' 1' * 20_000}x",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("¥12.5万", "CNY", "125000"),
        ("€1.234,50", "EUR", "1234.50"),
        ("1,000 USD", "USD", "1000"),
        ("HK$500", "HKD", "500"),
        ("人民币 300 万", "CNY", "3000000"),
        ("750", "GBP", "750"),
    ],
)
def test_an_amount_names_its_currency_or_takes_the_given_one(text: str, currency: str, amount: str) -> None:
    money = parse_money(text, "GBP")
    assert (money.currency, money.amount) == (currency, Decimal(amount))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("USD", ("USD", 1)),
        ("万元", ("CNY", 10_000)),
        ("in millions of USD", ("USD", 1_000_000)),
        ("千美元", ("USD", 1000)),
        ("days", (None, 1)),
        ("元", ("CNY", 1)),
        ("$K", ("USD", 1000)),
        ("USD mn", ("USD", 10**6)),
        ("k", (None, 1000)),
        ("in M", (None, 10**6)),
        ("EURm", ("EUR", 10**6)),
        ("$MM", ("USD", 10**6)),
        ("USD '000", ("USD", 1000)),
        ("亿元", ("CNY", 10**8)),
        ("百万美元", ("USD", 10**6)),
        ("e.g. K-12 schools", (None, 1)),
        ("net of VAT", (None, 1)),
        ("USD/m", ("USD", 1)),
        ("USD per m", ("USD", 1)),
        ("元/千克", ("CNY", 1)),
        ("m²", (None, 1)),
    ],
)
def test_headings_hint_at_currency_and_scale(text: str, hint: tuple[str | None, int]) -> None:
    assert money_hint(text) == hint


def test_a_column_shows_how_it_writes_decimals() -> None:
    assert decimal_comma_in(["1.234", "12,5", "7"])
    assert not decimal_comma_in(["1,234", "12.5", "7"])
    assert parse_number("1.234", decimal_comma=True) == 1234


@given(AMOUNTS)
def test_english_notation_round_trips(amount: Decimal) -> None:
    assert parse_number(f"{amount:,.2f}") == amount


@given(AMOUNTS)
def test_continental_notation_round_trips(amount: Decimal) -> None:
    swapped = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_number(swapped, decimal_comma=True) == amount


@given(AMOUNTS.filter(lambda amount: amount >= 0))
def test_accountants_brackets_mean_negative(amount: Decimal) -> None:
    assert parse_number(f"({amount:,.2f})") == -amount


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(NumberError):
        assert parse_number(text).is_finite()
