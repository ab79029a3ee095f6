"""Finding names in free text: whole words in Latin script, substrings in Chinese, never inside another word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.language import is_cjk
from core.text import normalise_name

_LEGAL_FORM = re.compile(
    r"(?:[\s,]+(?:co\.?,?\s*ltd|inc|ltd|llc|gmbh|ag|corp|corporation|plc|s\.?a|s\.?p\.?a|bv|oy|ab|pte)\.?)+$"
    r"|(?:股份|集团)?有限(?:责任)?公司$"
)
_PARTS = re.compile(r"[()（）/|]")
_SHORT = 3
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}


@lru_cache(maxsize=4096)
def name_variants(name: str) -> tuple[str, ...]:
    """Normalised forms under which `name` may be written: as is, each part of `A (B)`, and without its legal form.

    Forms of a single character are left out: they would be found everywhere.
    """
    whole = normalise_name(name)
    forms: dict[str, None] = {}
    for part in (whole, *_PARTS.split(whole)):
        for form in (part.strip(), _LEGAL_FORM.sub("", part.strip()).strip(" ,")):
            if len(form) > 1 and any(char.isalnum() for char in form):
                forms[form] = None
    return tuple(forms)


def _pattern(form: str) -> str:
    body = r"\s+".join(re.escape(word) for word in form.split())
    # A Latin name stands alone beside a Chinese character ("与ABB谈"); a short one must not touch a hyphen either.
    edge = "[a-z0-9-]" if len(form) <= _SHORT else "[a-z0-9]"
    before = "" if is_cjk(form[0]) else f"(?<!{edge})"
    after = "" if is_cjk(form[-1]) else f"(?!{edge})"
    return before + body + after


@dataclass(frozen=True, slots=True)
class NameFinder:
    """Finds a fixed set of names; build it with `build_finder`."""

    names: dict[str, str]
    pattern: re.Pattern[str] | None

    def find(self, text: str) -> tuple[str, ...]:
        """The names that occur in `text`, as they were given, in order of first occurrence."""
        if self.pattern is None:
            return ()
        # Line breaks must stay words apart, so only letter forms are normalised here.
        hits = (match.group() for match in self.pattern.finditer(_fold(text)))
        return tuple(dict.fromkeys(self.names[" ".join(hit.split())] for hit in hits))


def _fold(text: str) -> str:
    return text.translate(_HALF_WIDTH).casefold()


@lru_cache(maxsize=512)
def _build(names: tuple[str, ...]) -> NameFinder:
    forms: dict[str, str] = {}
    for name in names:
        for form in name_variants(name):
            forms.setdefault(form, name)
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    pattern = re.compile("|".join(_pattern(form) for form in longest_first)) if forms else None
    return NameFinder(forms, pattern)


def build_finder(names: Iterable[str]) -> NameFinder:
    """A finder for `names`; where two share a form, the first one owns it."""
    return _build(tuple(dict.fromkeys(names)))
