"""Countries and the languages spoken in business there, whatever way an export writes them."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from agents.analysis.quoting import quoted
from core.language import Lang
from core.policy.countries import chinese_name, country_code
from core.text import normalise_name

_FILE = Path(__file__).parent.parent / "data" / "countries.toml"


@cache
def _tables() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    spoken = {code: tuple(languages) for code, languages in table["spoken"].items()}
    return spoken, {name: code for code, names in table["languages"].items() for name in names}


def country_name(country: str, lang: Lang) -> str:
    """The country as a sentence in `lang` names it; as given when there is no such name in the table."""
    known = chinese_name(country) if lang is Lang.ZH else None
    return known or quoted(country, 60)


def local_languages(country: str | None) -> tuple[str, ...]:
    """Languages beside English that help in `country`; none when unknown."""
    return _tables()[0].get(country_code(country) or "", ())


def language_codes(languages: Iterable[str]) -> frozenset[str]:
    """ISO 639 codes of languages as written in an export; unknown ones stand for themselves, folded."""
    folded = (normalise_name(language) for language in languages)
    return frozenset(_tables()[1].get(name, name) for name in folded if name)
