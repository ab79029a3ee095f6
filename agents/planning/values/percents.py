"""Shares as fractions: 5 % · five percent · 百分之五 · 5个点 · 九五折, which takes five per cent off."""

import re
from decimal import Decimal

from agents.planning.values.found import Found, apart
from agents.planning.values.numbers import HAN, parse_han, parse_words

_SIGN = re.compile(r"(?<![\w.])-?(\d+(?:\.\d+)?)\s?(?:[%％]|per ?cent\b|percentage points?\b|pct\b)", re.IGNORECASE)
_WORDS = re.compile(r"\b([a-z]+(?:-[a-z]+)?)\s(?:%|per ?cent\b)", re.IGNORECASE)
_HAN = re.compile(rf"百分之\s?(\d+(?:\.\d+)?|[{HAN}]+)(?:点([〇零一二三四五六七八九]))?")
_POINTS = re.compile(rf"(\d+(?:\.\d+)?|[{HAN}]+)\s?个(?:百分)?点")
_TENTHS = re.compile(rf"(\d{{1,2}}(?:\.\d+)?|[{HAN}]{{1,2}}|[一二三四五六七八九]点[一二三四五六七八九])\s?折(?!扣)")
_HAN_DIGITS = str.maketrans("〇零一二两三四五六七八九点", "001223456789.")


def read_percents(text: str) -> tuple[Found[Decimal], ...]:
    """The shares of a text as fractions. 九折, 9折 and 95折 say what is paid; the value is what is taken off."""
    found: list[Found[Decimal]] = []

    def add(match: re.Match[str], value: Decimal | None) -> None:
        if value is not None:
            found.append(Found(value, match.start(), match.end(), match[0]))

    for match in _SIGN.finditer(text):
        add(match, Decimal(match[1]) / 100 * (-1 if match[0].startswith("-") else 1))
    for match in _WORDS.finditer(text):
        said = parse_words(match[1])
        add(match, None if said is None else Decimal(said) / 100)
    for match in _HAN.finditer(text):
        add(match, _of_hundred(match[1], match[2]))
    for match in _POINTS.finditer(text):
        add(match, _of_hundred(match[1], None))
    for match in _TENTHS.finditer(text):
        add(match, _taken_off(match[1]))
    return apart(found)


def _of_hundred(number: str, tenth: str | None) -> Decimal | None:
    if number[0].isascii():
        return Decimal(number) / 100
    whole = parse_han(number)
    if whole is None:
        return None
    return (Decimal(whole) + (Decimal(tenth.translate(_HAN_DIGITS)) / 10 if tenth else 0)) / 100


def _taken_off(paid: str) -> Decimal | None:
    digits = paid.translate(_HAN_DIGITS)
    if not re.fullmatch(r"\d\.\d+|[1-9]\d?", digits):
        return None
    return 1 - Decimal(digits) / (10 if "." in digits or len(digits) == 1 else 100)
