"""A message as it is read: bounded, in one form of letters, with quoted and pasted text taken out as data."""

import re
import unicodedata
from dataclasses import dataclass

from core.language import is_cjk

LONGEST = 2000
"""Characters that are read of a message; a question is shorter, and what follows is pasted."""

QUOTED = "\ue01f"
"""Stands in the text for a passage that somebody else may have written."""

_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
_PASTED = re.compile(
    r"^\s*(?:>|-{3,}\s*(?:original|forwarded|原始|转发)|from:|发件人:|subject:|主题:|on .{4,60} wrote:).*",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_LINE_QUOTED = re.compile(r"^[ \t]*>[^\n]*(?:\n|$)", re.MULTILINE)
_FENCED = re.compile(r"```.{0,2000}?(?:```|$)", re.DOTALL)
_QUOTES = re.compile(r"[\"“”「『《]([^\"“”」』》\n]{1,1500})[\"“”」』》]")
# "x10", "10x" and "40pcs" are a number and a word.
_TIMES = re.compile(r"(?<![A-Za-z0-9])([xX×*])(?=\d)")
_PARTED = re.compile(
    r"(?<=\d) (?=[月日号年](?!\w*[ ]\d{4}))|(?<=[月年]) (?=\d|[底初末])|(?<=[号日]) (?=前|之前|以前|以来)"
)
_ORDINALS = (
    *(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
    ),
    *("thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
    *(
        f"twenty-{each}"
        for each in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    ),
    *("thirtieth", "thirty-first"),
)
_MONTHS = (
    r"(January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
)
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NTH = "|".join(sorted(_ORDINALS, key=len, reverse=True))
# "the first of May", "May the first", 3/26, 本月18号: as the readers of days know them.
_NTH_OF = re.compile(rf"\b(?:the )?({_NTH}) of {_MONTHS}", re.IGNORECASE)
_MONTH_NTH = re.compile(rf"\b{_MONTHS} (?:the )?({_NTH})\b", re.IGNORECASE)
_SLASHED = re.compile(r"(?<![\d/-])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\d/])(?=\s?(?:之?前|以前|号|日)|\D|$)")
_COUNTED_OFF = re.compile(r"(^|[;.\n])\s*(?:第[一二三四五]|其[一二三]|首先|其次)[,:]\s*")
_HAN_MONTH = re.compile(r"(?<![一二三四五六七八九十几每])(十[一二]|[一二三四五六七八九十])月(?=[底初末份中上下])")
_HAN_FIGURES = "一二三四五六七八九十"
_OF_THIS_MONTH = re.compile(r"(?:本月|这个月)(?=\d{1,2}[号日])")
_COUNTED = re.compile(r"(?<![A-Za-z0-9.-])(\d+)(?=(?:pcs|pc|units?|pieces|ea|x)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is read for what is asked; `quotes` are the passages taken out of it, in order, which are only data."""

    text: str
    quotes: tuple[str, ...]
    cut: bool = False


def read_message(question: str) -> Message:
    """Half-width letters, no invisible characters, quotes and pasted mail replaced by `QUOTED`."""
    bounded = question[: 4 * LONGEST]
    text = unicodedata.normalize("NFKC", bounded)
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    cut = len(question) > 4 * LONGEST or len(text) > LONGEST
    text = text[:LONGEST].replace("’", "'").replace("。", ". ").replace("、", ",")
    text = _PARTED.sub("", text)
    text = _days_in_figures(_TIMES.sub(r"\1 ", _COUNTED.sub(r"\1 ", text)))
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(match.group(1) if match.re is _QUOTES else match.group())
        return f" {QUOTED} "

    for pattern in (_FENCED, _LINE_QUOTED, _PASTED, _QUOTES):
        text = pattern.sub(keep, text)
    return Message(re.sub(r"[ \t]+", " ", text).strip(), tuple(quotes), cut)


def _days_in_figures(text: str) -> str:
    """Days in words and in short forms as they are mostly written."""
    text = _NTH_OF.sub(lambda match: f"{_place(match[1])} {match[2]}", text)
    text = _MONTH_NTH.sub(lambda match: f"{match[1]} {_place(match[2])}", text)
    text = _COUNTED_OFF.sub(r"\1 ", _OF_THIS_MONTH.sub("", text))
    text = _HAN_MONTH.sub(lambda match: f"{sum(_HAN_FIGURES.index(han) + 1 for han in match[1])}月", text)
    if any(map(is_cjk, text)):
        return _SLASHED.sub(r"\1月\2日", text)
    # "3/26" can only be March; "3/4" may be either, and is left alone.
    return _SLASHED.sub(
        lambda match: f"{_SHORT[int(match[1]) - 1]} {match[2]}" if int(match[2]) > 12 else match[0], text
    )


def _place(word: str) -> int:
    return _ORDINALS.index(word.lower()) + 1
