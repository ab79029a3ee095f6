"""Texts as they are said: what one writes in digits or short and another in full counts as the same."""

import re

_EN_SHORT = {"mr": "mister", "mrs": "missus", "dr": "doctor", "%": "percent", "&": "and", "ok": "okay"}
_ONES = (
    *[
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
    ],
    *["sixteen", "seventeen", "eighteen", "nineteen"],
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_SCALES = ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_EN_WORD = re.compile(r"\d+|[a-z']+|[%&]")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_DIGITS = "零一二三四五六七八九"
_ZH_UNITS = ("", "十", "百", "千")
_ZH_SCALES = (("亿", 100_000_000), ("万", 10_000))
_ZH_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?(%?)(?=(年?))")
_MOST = 10**12


def english_words(text: str) -> list[str]:
    """Lower-case words, whole numbers as they are read, `Mr.` and the like in full; no punctuation."""
    plain = _GROUPED.sub("", text.lower().replace("’", "'"))
    found: list[str] = []
    for word in _EN_WORD.findall(plain):
        if word.isdecimal():
            found += _read_english(int(word)) if int(word) < _MOST else list(word)
        elif word.strip("'"):
            found.append(_EN_SHORT.get(word, word))
    return found


def chinese_characters(text: str) -> list[str]:
    """Letters and characters, numbers as they are read (years by their digits); no punctuation."""
    read = _ZH_NUMBER.sub(_read_chinese, _GROUPED.sub("", text.lower()))
    return re.findall(r"[^\W_]", read)


def _read_english(number: int) -> list[str]:
    for scale, name in _EN_SCALES:
        if number >= scale:
            rest = _read_english(number % scale) if number % scale else []
            return [*_read_english(number // scale), name, *rest]
    if number < len(_ONES):
        return [_ONES[number]]
    return [_TENS[number // 10 - 2], *([_ONES[number % 10]] if number % 10 else [])]


def _read_chinese(found: re.Match[str]) -> str:
    whole, part, percent, year = found.groups()
    by_digits = len(whole) > len(str(_MOST)) or (whole[:1] == "0" and len(whole) > 1) or (bool(year) and len(whole) > 2)
    read = "".join(_DIGITS[int(digit)] for digit in whole) if by_digits else _cardinal(int(whole))
    if part:
        read += "点" + "".join(_DIGITS[int(digit)] for digit in part)
    return f"百分之{read}" if percent else read


def _cardinal(number: int) -> str:
    for name, scale in _ZH_SCALES:
        if number >= scale:
            rest = number % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            return _cardinal(number // scale) + name + gap + (_cardinal(rest) if rest else "")
    digits = str(number)
    read = "".join(
        _DIGITS[int(digit)] + (_ZH_UNITS[len(digits) - place - 1] if digit != "0" else "")
        for place, digit in enumerate(digits)
    )
    read = re.sub("零+", "零", read)
    read = read.rstrip("零") if number else read
    return read.removeprefix("一") if 10 <= number < 20 else read
