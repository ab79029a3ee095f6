"""Headings, names of enum values, and amounts and dates, in one language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from core.domain.packages import Package
from core.language import Lang
from prompts.filters import Filter, build_filters
from prompts.loader import Phrasebook, load_phrases

_COLON = {Lang.EN: ": ", Lang.ZH: "："}
_SEMICOLON = {Lang.EN: "; ", Lang.ZH: "；"}
_COMMA = {Lang.EN: ", ", Lang.ZH: "，"}
_EMBEDDED = "embedded"
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def label_key(value: StrEnum) -> str:
    """The phrase that names an enum value: `BuyingRole.CHAMPION` is `buying_role_champion`."""
    return f"{_WORD_START.sub('_', type(value).__name__).lower()}_{value.value}"


@dataclass(frozen=True)
class Labels:
    """The phrases of one book in one language: `labels("sources")`, `labels.name(Severity.HIGH)`."""

    lang: Lang
    book: Phrasebook

    def __call__(self, phrase: str, /, **params: object) -> str:
        """A phrase; PromptError when it is unknown or its parameters do not fit."""
        return self.book.render(phrase, self.lang, **params)

    def name(self, value: StrEnum) -> str:
        """What people call an enum value."""
        return self(label_key(value))

    def pair(self, name: str, text: str) -> str:
        """`name: text`, in the punctuation of the language."""
        return f"{name}{_COLON[self.lang]}{text}"

    def chain(self, parts: Iterable[str]) -> str:
        """Short facts one after another."""
        return _SEMICOLON[self.lang].join(parts)

    def apposition(self, *parts: str) -> str:
        """`name, title` and the like."""
        return _COMMA[self.lang].join(parts)

    def aside(self, text: str) -> str:
        """A bracketed addition, with the space before it that the language wants."""
        return f"（{text}）" if self.lang is Lang.ZH else f" ({text})"

    @cached_property
    def filters(self) -> Mapping[str, Filter]:
        """How money, dates, numbers and lists are written in this language."""
        return build_filters(self.lang)

    def engine(self, package: Package) -> str:
        """Who worded the package."""
        embedded = package.model.startswith(_EMBEDDED)
        engine = self("engine_embedded") if embedded else self("engine_model", model=package.model)
        return engine + self.aside(package.wording) if package.wording else engine


def load_labels(lang: Lang, book: str = "package") -> Labels:
    """The labels of a phrasebook: those of packages, or of another door (`console`)."""
    return Labels(lang, load_phrases(book))
