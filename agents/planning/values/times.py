"""Times of day: 13:30 · 3 pm · at 11 · noon · 下午三点半."""

import re
from datetime import time

from agents.planning.values.found import Found, apart
from agents.planning.values.numbers import HAN, parse_han

_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])[:：]([0-5]\d)(?::[0-5]\d)?(?:\s?([ap])\.?m\b\.?)?(?![\d:])", re.IGNORECASE
)
_HOUR = re.compile(r"\b(1[0-2]|0?[1-9])\s?([ap])\.?m\b\.?", re.IGNORECASE)
_BARE = re.compile(
    r"\b(?:at|after|before|from|until|till|by|around)\s(1\d|2[0-3]|[1-9])(?:\s?o.clock)?(?=\s*(?:[?.!,;:](?!\d)|$|(?:with|on|and|to|from|for)\b|o.clock))",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(noon|midday|midnight)\b|(中午|正午)(?!\S{0,2}[点时])", re.IGNORECASE)
_HAN = re.compile(
    rf"(凌晨|早上|上午|中午|下午|傍晚|晚上)?\s?(\d{{1,2}}|[{HAN}]{{1,3}})[点时](?!多|左右的)(?:(半)|([一三])刻|(\d{{1,2}}|[{HAN}]{{1,3}})分?)?(?![间候])"
)
_LATER = {"下午", "傍晚", "晚上"}
# A working day: an hour up to this one without am or pm is in the afternoon.
_AFTERNOON_UNTIL = 6


def read_times(text: str) -> tuple[Found[time], ...]:
    """The times of a text. A clock time up to six without am or pm is taken for the afternoon, as in business."""
    found = [
        Found(time(_hour(int(match[1]), match[3], bare=len(match[1]) == 1), int(match[2])), *_place(match))
        for match in _CLOCK.finditer(text)
    ]
    found += [Found(time(_hour(int(match[1]), match[2])), *_place(match)) for match in _HOUR.finditer(text)]
    found += [Found(time(_hour(int(match[1]), None, bare=True)), *_place(match, 1)) for match in _BARE.finditer(text)]
    found += [
        Found(time(0 if match[0].casefold() == "midnight" else 12), *_place(match)) for match in _NAMED.finditer(text)
    ]
    found += [one for match in _HAN.finditer(text) if (one := _chinese(match)) is not None]
    return apart(found)


def _place(match: re.Match[str], group: int = 0) -> tuple[int, int, str]:
    return match.start(group), match.end(group), match[group]


def _hour(hour: int, half: str | None, *, bare: bool = False) -> int:
    if half is None:
        return hour + 12 if bare and 0 < hour <= _AFTERNOON_UNTIL else hour
    if hour > 12:
        return hour
    return hour % 12 + (12 if half.casefold() == "p" else 0)


def _chinese(match: re.Match[str]) -> Found[time] | None:
    hour = _number(match[2])
    minute = 30 if match[3] else 15 * (_number(match[4]) or 0) if match[4] else _number(match[5]) if match[5] else 0
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    if match[0] == "一点":
        # As in 一点问题, "a little".
        return None
    early = match[1] is None and 0 < hour <= _AFTERNOON_UNTIL
    if early or (match[1] in _LATER and hour < 12) or (match[1] == "中午" and hour < 6):
        hour += 12
    return Found(time(hour % 24, minute), match.start(), match.end(), match[0])


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and text.isascii() else parse_han(text)
