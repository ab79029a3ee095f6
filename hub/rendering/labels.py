"""Headings, names of enum values, and amounts and dates, in one language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from core.domain.packages import Package
from core.language import Lang
from prompts.filters import Filter, build_filters
from prompts.loader import Phrasebook, load_phrases

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

    @cached_property
    def filters(self) -> Mapping[str, Filter]:
        """How money, dates, numbers and lists are written in this language."""
        return build_filters(self.lang)

    def engine(self, package: Package) -> str:
        """Who worded the package."""
        if package.model.startswith(_EMBEDDED):
            return self("engine_embedded")
        return self("engine_model", model=package.model)


def load_labels(lang: Lang, book: str = "package") -> Labels:
    """The labels of a phrasebook: those of packages, or of another door (`console`)."""
    return Labels(lang, load_phrases(book))
