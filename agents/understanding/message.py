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
    quotes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        quotes.append(match.group(1) if match.re is _QUOTES else match.group())
        return f" {QUOTED} "

    for pattern in (_FENCED, _LINE_QUOTED, _PASTED, _QUOTES):
        text = pattern.sub(keep, text)
    return Message(re.sub(r"[ \t]+", " ", text).strip(), tuple(quotes), cut)
