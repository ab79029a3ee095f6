"""Refusals in the language of whoever reads them.

As with gettext the English sentence is the key: `prompts/refusals/sentences.yaml` has the Chinese of `no run “{}”`, and
the values are found again in the finished text. `{1:role}` says a value in a vocabulary of the file, `{0:sentence}` one
that is itself a sentence, and `{0:choices}` names to choose from.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from string import Formatter

from core.errors import HubError, SourceError
from core.language import Lang
from prompts.errors import PromptError
from prompts.files import PROMPTS_FOLDER, SENTENCES_FILE, parse_sentences, read_text

SENTENCE = "sentence"
CHOICES = "choices"

# The stable name of a rule may stand before a sentence, and stays.
_NAMED = re.compile(r"([a-z]+(?:-[a-z]+)*): (.+)", re.DOTALL)
_STOP = re.compile(r"\. ")
_NEAREST = re.compile(r"(?:Nearest: (.+?)\. )?(.+)", re.DOTALL)
_LISTED = re.compile(r"(, | or | and )")
_MARKS = {", ": "、", " or ": "或", " and ": "和"}
_DEPTH = 3
# Where a problem may end and its remedy begin: no value in a refusal of ours has more full stops than these.
_STOPS = 12

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RefusalText:
    """A refusal in one language."""

    lang: Lang
    title: str
    field: str
    problem: str
    remedy: str
    nearest: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Problem and remedy as running text."""
        return f"{self.problem}。{self.remedy}" if self.lang is Lang.ZH else f"{self.problem}. {self.remedy}"

    @property
    def line(self) -> str:
        """Field, problem, near names and remedy on one line."""
        if self.lang is Lang.ZH:
            hint = f"相近的有：{'、'.join(self.nearest)}。" if self.nearest else ""
            return f"{self.field}：{self.problem}。{hint}{self.remedy}"
        hint = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        return f"{self.field}: {self.problem}.{hint} {self.remedy}"


@dataclass(frozen=True)
class Sentence:
    """An English sentence and its Chinese; `order` puts those that say more before those that fit more."""

    english: str
    literals: tuple[str, ...]
    chinese: tuple[tuple[str, int | None, str], ...]

    @property
    def order(self) -> tuple[int, int, int]:
        """What a text begins with decides, then what it ends with, then how much is said."""
        return -len(self.literals[0]), -len(self.literals[-1]), -sum(map(len, self.literals))

    def values(self, text: str, words: Words) -> tuple[str, ...] | None:
        """The values in a text of this sentence; None when it is none, or a value is not in its vocabulary."""
        for last in (True, False):
            found = _split(text, self.literals, last=last)
            if found is not None and all(
                vocabulary not in words or _in_words(found[place], words[vocabulary]) is not None
                for _, place, vocabulary in self.chinese
                if place is not None
            ):
                return found
        return None


@dataclass(frozen=True)
class Sentences:
    """The Chinese of every sentence, each kept ready to be found."""

    fixed: Mapping[str, str]
    open: tuple[Sentence, ...]
    words: Words = field(default_factory=dict)

    def chinese(
        self, text: str, in_chinese: Mapping[str, str], depth: int = _DEPTH, *, may_be_line: bool = True
    ) -> str:
        """The text in Chinese; as it is when it is no sentence of ours, nor a whole refusal where it `may_be_line`.

        The work is bounded: texts of other systems come here, too.
        """
        known = in_chinese.get(text) or self.fixed.get(text)
        if known is not None:
            return known
        # A value outside its vocabulary is said as it is, in the sentence that fits best.
        for words in (self.words, {}):
            for sentence in self.open:
                values = sentence.values(text, words)
                if values is not None:
                    return "".join(self._said(sentence, values, in_chinese, depth))
        named = _NAMED.fullmatch(text)
        if named and depth:
            said = self.chinese(named[2], in_chinese, depth - 1, may_be_line=False)
            if said != named[2]:
                return f"{named[1]}：{said}"
        return self._line(text, depth) if depth and may_be_line else text

    def _line(self, text: str, depth: int) -> str:
        """A whole refusal that was kept as one line, `field: problem. remedy` or `system: reason`; else the text."""
        place, _, rest = text.partition(": ")
        fault, _, aside = rest.partition(" (")
        if place in self.words.get("system", {}) and fault in self.words["fault"]:
            said = f"（{self.chinese(aside[:-1], {}, depth - 1, may_be_line=False)}）" if aside else ""
            return f"{self.words['system'][place]}：{self.words['fault'][fault]}{said}"
        for stop in islice(_STOP.finditer(rest), _STOPS):
            problem, told = rest[: stop.start()], _NEAREST.fullmatch(rest[stop.end() :])
            said = self.chinese(problem, {}, depth - 1, may_be_line=False)
            if told is None or said == problem:
                continue
            remedy = self.chinese(told[2], {}, depth - 1, may_be_line=False)
            if remedy != told[2]:
                hint = f"相近的有：{told[1]}。" if told[1] else ""
                return f"{place}：{said}。{hint}{remedy}"
        return text

    def _said(
        self, sentence: Sentence, values: tuple[str, ...], in_chinese: Mapping[str, str], depth: int
    ) -> Iterator[str]:
        for text, place, spec in sentence.chinese:
            yield text
            if place is None:
                continue
            value = values[place]
            if value in in_chinese:
                yield in_chinese[value]
            elif spec == SENTENCE and depth:
                yield self.chinese(value, in_chinese, depth - 1)
            elif spec == CHOICES:
                yield _LISTED.sub(lambda mark: _MARKS[mark[0]], value)
            else:
                yield _in_words(value, self.words.get(spec, {})) or value


def translate(text: str, lang: Lang, in_chinese: Mapping[str, str] | None = None) -> str:
    """A sentence that the hub refuses with, in `lang`; as it is when it is none of ours."""
    return text if lang is Lang.EN else load_sentences().chinese(text, in_chinese or {})


def say_refusal(error: HubError | SourceError, lang: Lang) -> RefusalText:
    """A refusal in the language of whoever reads it. Names, ids and fields stay as they are."""
    known = error.in_chinese if isinstance(error, HubError) else {}
    return RefusalText(
        lang,
        translate(error.title, lang),
        error.field if isinstance(error, HubError) else error.system,
        translate(error.problem, lang, known),
        translate(error.remedy, lang, known),
        error.nearest if isinstance(error, HubError) else (),
    )


@cache
def load_sentences(root: Path = PROMPTS_FOLDER) -> Sentences:
    """Every sentence; PromptError for a faulty one."""
    path = root / "refusals" / SENTENCES_FILE
    content = parse_sentences(read_text(path), path)
    built = [build_sentence(*pair, str(path)) for pair in {**content.sentences, **content.libraries}.items()]
    fixed = {each.literals[0]: each.chinese[0][0] for each in built if len(each.literals) == 1}
    return Sentences(
        fixed,
        tuple(sorted((each for each in built if len(each.literals) > 1), key=lambda one: one.order)),
        content.words,
    )


def build_sentence(english: str, chinese: str, file: str = "") -> Sentence:
    """A sentence of its two templates; PromptError when they cannot be read or have other placeholders."""
    try:
        source, target = [*Formatter().parse(english)], [*Formatter().parse(chinese)]
    except ValueError as error:
        raise PromptError(f"not a valid template: {error}", file=file, kind=english) from error
    literals, parts, places = [""], [], 0
    for text, name, _, _ in source:
        literals[-1] += text
        if name is not None:
            literals.append("")
    for text, name, spec, _ in target:
        place = None if name is None else int(name) if name else places
        places += name == ""
        if place is not None and place >= len(literals) - 1:
            raise PromptError("no such placeholder", file=file, kind=english, variable=str(place))
        parts.append((text, place, spec or ""))
    if "" in literals[1:-1]:
        raise PromptError("two values with nothing between them", file=file, kind=english)
    return Sentence(english, tuple(literals), _merged(parts))


def _merged(parts: list[tuple[str, int | None, str]]) -> tuple[tuple[str, int | None, str], ...]:
    """Doubled braces come as pieces of their own."""
    merged: list[tuple[str, int | None, str]] = []
    for text, place, spec in parts:
        if merged and merged[-1][1] is None:
            merged[-1] = (merged[-1][0] + text, place, spec)
        else:
            merged.append((text, place, spec))
    return tuple(merged)


def _split(text: str, literals: tuple[str, ...], *, last: bool) -> tuple[str, ...] | None:
    """The values between the literals, each literal taken where it stands last, or first; in linear time."""
    head, *between, tail = literals
    if len(text) < len(head) + len(tail) or not (text.startswith(head) and text.endswith(tail)):
        return None
    rest = text[len(head) : len(text) - len(tail)]
    values: list[str] = []
    for literal in reversed(between) if last else between:
        before, found, after = rest.rpartition(literal) if last else rest.partition(literal)
        if not found:
            return None
        rest, value = (before, after) if last else (after, before)
        values.append(value)
    values.append(rest)
    return tuple(reversed(values) if last else values)


def _in_words(value: str, words: Mapping[str, str]) -> str | None:
    """A word, or several that are listed, in Chinese; None when one is not in the vocabulary."""
    pieces = _LISTED.split(value)
    said = [_MARKS.get(piece) or words.get(piece) for piece in pieces]
    return words.get(value) or (None if None in said else "".join(filter(None, said)))
