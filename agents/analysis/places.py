"""Countries and the languages spoken in business there, whatever way an export writes them."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from agents.analysis.quoting import quoted
from core.language import Lang, is_cjk
from core.text import normalise_name

_FILE = Path(__file__).parent.parent / "data" / "countries.toml"


@cache
def _tables() -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, str]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    languages = table.pop("languages")
    countries = {name: code for code, entry in table.items() for name in entry["names"]}
    spoken = {code: tuple(entry["languages"]) for code, entry in table.items()}
    return countries, spoken, {name: code for code, names in languages.items() for name in names}


def country_code(country: str | None) -> str | None:
    """The ISO 3166 code of a country's name in English or Chinese; an unknown name stands for itself, folded."""
    folded = normalise_name(country or "")
    return _tables()[0].get(folded, folded) or None


def country_name(country: str, lang: Lang) -> str:
    """The country as a sentence in `lang` names it; as given when there is no such name in the table."""
    code = country_code(country)
    names = [name for name, known in _tables()[0].items() if known == code and is_cjk(name[0])]
    return names[0] if names and lang is Lang.ZH else quoted(country, 60)


def local_languages(country: str | None) -> tuple[str, ...]:
    """Languages beside English that help in `country`; none when unknown."""
    return _tables()[1].get(country_code(country) or "", ())


def language_codes(languages: Iterable[str]) -> frozenset[str]:
    """ISO 639 codes of languages as written in an export; unknown ones stand for themselves, folded."""
    folded = (normalise_name(language) for language in languages)
    return frozenset(_tables()[2].get(name, name) for name in folded if name)
