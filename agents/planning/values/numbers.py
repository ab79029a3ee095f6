"""Numbers in digits, English words and Chinese numerals: 1,200 · 1.5k · forty · 三百二十 · 20万."""

import re
from decimal import Decimal

from agents.planning.values.found import Found, apart

_WORDS = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_SCALES = {"万": 10**4, "亿": 10**8}
HAN = "〇零一二两三四五六七八九十百千万亿"
_SCALES = {
    "hundred": 100,
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "bn": 10**9,
    "billion": 10**9,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
SCALE = r"hundred|thousand|million|billion|mn|bn|[km]|百万|千万|[百千万亿]"
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_DIGITAL = re.compile(
    rf"(?<![\w.])(?<!\d[-/:])(?<![A-Za-z]-)[-−]?{DIGITS}(?![\d]|[.,:/-]\d)(?:\s?(?P<scale>{SCALE})(?![a-z]))?",
    re.IGNORECASE,
)
_IN_HAN = re.compile(
    rf"(?<![.\w])(?=(?P<number>{DIGITS}))(?P=number)(?:(?P<scale>百万|千万|[百千万亿])|(?=[\u4e00-\u9fff]))"
)
_AFTER_HAN = re.compile(
    rf"(?<=[\u4e00-\u9fff]){DIGITS}(?![\d]|[.,:/-]\d)(?:\s?(?P<scale>{SCALE})(?![a-z]))?", re.IGNORECASE
)
_ENGLISH = re.compile(
    rf"\b(?:{_WORD})(?:[- ](?:{_WORD}))?(?:[ ](?:hundred|thousand|million|billion))*\b"
    r"|\ba (?:hundred|thousand|million|dozen)\b"
    r"|\bhalf a million\b",
    re.IGNORECASE,
)
_HAN_NUMBER = re.compile(rf"(?<!第)[{HAN}]+")


def read_numbers(text: str) -> tuple[Found[Decimal], ...]:
    """The numbers of a text. A number that is part of a date such as 2025-03-01 or of a name such as T5 is none."""
    found = []
    for pattern in (_DIGITAL, _IN_HAN, _AFTER_HAN):
        for match in pattern.finditer(text):
            scale = match["scale"]
            digits = re.match(rf"[-−]?{DIGITS}", match[0])
            if digits is None:
                continue
            value = Decimal(digits[0].replace(",", "").replace("−", "-")) * (_SCALES[scale.casefold()] if scale else 1)
            found.append(Found(value, match.start(), match.end(), match[0]))
    found.extend(
        Found(Decimal(number), match.start(), match.end(), match[0])
        for match in _ENGLISH.finditer(text)
        if (number := parse_words(match[0])) is not None
    )
    found.extend(
        Found(Decimal(number), match.start(), match.end(), match[0])
        for match in _HAN_NUMBER.finditer(text)
        if (number := parse_han(match[0])) is not None
    )
    return apart(found)


def parse_words(words: str) -> int | None:
    """The whole number that English words say; None when they say none."""
    folded = words.casefold().replace("-", " ").split()
    if folded == ["half", "a", "million"]:
        return 500_000
    total, current = 0, 0
    for word in folded:
        if word == "a":
            current = 1
        elif word == "dozen":
            current *= 12
        elif word in _WORDS:
            current += _WORDS[word]
        elif word == "hundred":
            current *= 100
        elif word in _SCALES:
            total, current = total + current * _SCALES[word], 0
        else:
            return None
    return total + current


def parse_han(numeral: str) -> int | None:
    """The whole number of a Chinese numeral such as 三百二十 or 二〇二五; None when it is none."""
    if not numeral or any(char not in HAN for char in numeral):
        return None
    if all(char in _HAN_DIGITS for char in numeral):
        return (
            int("".join(str(_HAN_DIGITS[char]) for char in numeral))
            if len(numeral) != 2 or "零" in numeral
            else _pair(numeral)
        )
    total, section, digit = 0, 0, 0
    last_unit = 1
    for char in numeral:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
            if digit == 0:
                last_unit = 1
        elif char in _HAN_UNITS:
            last_unit = _HAN_UNITS[char]
            section += (digit or 1) * last_unit
            digit = 0
        else:
            scale = _HAN_SCALES[char]
            total = (total + section + digit) * scale if total < scale else total + (section + digit) * scale
            if section + digit == 0 and total == 0:
                return None
            section, digit, last_unit = 0, 0, scale
    # 两万五 is 25,000: a digit after a unit counts in tenths of it.
    return total + section + digit * (last_unit // 10 if last_unit > 10 else 1)


def _pair(numeral: str) -> int:
    return 10 * _HAN_DIGITS[numeral[0]] + _HAN_DIGITS[numeral[1]]
