"""A message as it is read: bounded, in one form of letters, with quoted and pasted text taken out as data."""

import re
import unicodedata
from dataclasses import dataclass

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
    text = _TIMES.sub(r"\1 ", _COUNTED.sub(r"\1 ", text))
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(match.group(1) if match.re is _QUOTES else match.group())
        return f" {QUOTED} "

    for pattern in (_FENCED, _LINE_QUOTED, _PASTED, _QUOTES):
        text = pattern.sub(keep, text)
    return Message(re.sub(r"[ \t]+", " ", text).strip(), tuple(quotes), cut)
