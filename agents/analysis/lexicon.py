"""Patterns of agents/data/*.toml, compiled once and used by language."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.language import is_cjk

DATA = Path(__file__).parents[1] / "data"

_NEVER = re.compile(r"(?!)")
_CLAUSE_END = re.compile(
    r"(?=[\s,;.!?，；。！？但不可只])(?:[，；。！？]|[,;.!?]\s|\s(?:but|however|only|whereas|while)\s|但是?|不过|可是|只是)"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One regular expression for English and one for Chinese text; a text with Han characters is tried with both.

    Both are written for lower-case text: without IGNORECASE the engine passes over alternatives by their first letter.
    """

    en: re.Pattern[str]
    zh: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in lower-case `text`, Chinese before English."""
        return (self.zh.search(text) if has_han(text) else None) or self.en.search(text)


def has_han(text: str) -> bool:
    """Whether any character is Chinese."""
    return not text.isascii() and any(map(is_cjk, text))


def build_pattern(en: Iterable[str] = (), zh: Iterable[str] = ()) -> Pattern:
    """Alternatives of both languages joined; English ones begin and end at word boundaries."""
    english, chinese = (_lowered("|".join(parts)) for parts in (en, zh))
    return Pattern(
        re.compile(rf"(?<!\w)(?:{english})(?!\w)") if english else _NEVER,
        re.compile(chinese) if chinese else _NEVER,
    )


def _lowered(expression: str) -> str:
    r"""The expression in lower case but for its escapes (`\W` stays)."""
    return re.sub(r"\\.|[A-Z]", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), expression)


@cache
def load_table(name: str) -> Mapping[str, Any]:
    """The parsed TOML file `name` of agents/data."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def compile_group(group: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Pattern]:
    """A pattern per label of a TOML table of `{en = […], zh = […]}` tables."""
    return {label: build_pattern(entry.get("en", ()), entry.get("zh", ())) for label, entry in group.items()}


@dataclass(frozen=True, slots=True)
class Denial:
    """Recognises a clause that takes a matched phrase back ("the price is not a problem")."""

    anywhere: Pattern
    before: Pattern

    def holds(self, text: str, match: re.Match[str]) -> bool:
        """Whether the clause of `text` around `match` denies it."""
        start = max((end.end() for end in _CLAUSE_END.finditer(text, 0, match.start())), default=0)
        after = _CLAUSE_END.search(text, match.end())
        clause = text[start : after.start() if after else len(text)]
        return bool(self.anywhere.search(clause) or self.before.search(text[start : match.start()]))


@cache
def load_denial() -> Denial:
    """The denials of agents/data/signals.toml."""
    table = load_table("signals")["denial"]
    return Denial(
        anywhere=build_pattern(table["anywhere_en"], table["anywhere_zh"]),
        before=Pattern(re.compile("|".join(table["before_en"])), re.compile("|".join(table["before_zh"]))),
    )


def asserted(pattern: Pattern, text: str) -> re.Match[str] | None:
    """The first match of `pattern` in lower-case `text` that its clause does not deny."""
    denial = load_denial()
    for expression in (pattern.zh, pattern.en) if has_han(text) else (pattern.en,):
        for match in expression.finditer(text):
            if not denial.holds(text, match):
                return match
    return None
