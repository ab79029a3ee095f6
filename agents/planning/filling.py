"""Arguments of a call from the words of a request and the tool's schema."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.planning.fitting import fit, kinds_for, value_for
from agents.planning.said import Candidate, Said, take_apart
from agents.planning.spec import Parameter, ToolSchema
from agents.planning.words import terms

_NEGATED = re.compile(r"\b(?:no|not|without|don't|doesn't|exclud\w*|skip|never)\b|不|别|无", re.IGNORECASE)
_FLAG_WORDS = frozenset(terms("include show get enable return use with allowed available details detail is has"))
_LISTED = re.compile(r"\[([^\[\]]+)\]")
_SUBJECT = re.compile(r"\b(?:about|for|on|of|search|named|called|find)\s+(.+?)[?.!]*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Filled:
    """Arguments that the question gives, the required ones that it does not, and how much of it was used."""

    arguments: dict[str, Any]
    missing: tuple[str, ...]
    mentioned: int
    used: int


def fill_arguments(question: str, tool: ToolSchema, *, today: date) -> Filled:
    """What `question`, said on `today`, gives for the tool's arguments. Optional ones it does not give stay out."""
    said = take_apart(question, today)
    arguments, used = _fill(said, tool.arguments)
    missing = tuple(each.name for each in tool.required if each.name not in arguments)
    mentioned = sum(1 for each in tool.arguments if each.enum and each.name in arguments)
    ordered = {each.name: arguments[each.name] for each in tool.arguments if each.name in arguments}
    return Filled(ordered, missing, mentioned, len(used))


def _fill(said: Said, parameters: Iterable[Parameter]) -> tuple[dict[str, Any], set[Candidate]]:
    found: dict[str, Any] = {}
    used: set[Candidate] = set()
    free: list[Parameter] = []
    for parameter in parameters:
        if parameter.enum:
            if (choice := choose_value(said, parameter)) is not None:
                found[parameter.name] = choice
        elif parameter.types == {"boolean"}:
            if (flag := _flag(said, parameter)) is not None:
                found[parameter.name] = flag
        elif parameter.types == {"array"}:
            values, taken = _list(said, parameter)
            used |= taken
            if values:
                found[parameter.name] = values
        elif parameter.properties:
            inner, taken = _fill(said, parameter.properties)
            used |= taken
            if inner:
                found[parameter.name] = inner
        else:
            free.append(parameter)
    _assign(said, free, found, used)
    return found, used


def _assign(said: Said, free: list[Parameter], found: dict[str, Any], used: set[Candidate]) -> None:
    """Each candidate to the argument it fits best, the surest pairs first; ties keep the order of both."""
    pairs = sorted(
        (
            (
                -score + (0 if parameter.required else 0.5),
                abs(row / len(free) - column / len(said.candidates)),
                row,
                column,
            )
            for row, parameter in enumerate(free)
            for column, candidate in enumerate(said.candidates)
            if (score := fit(parameter, candidate)) is not None and (parameter.required or score > 1.3)
        ),
    )
    for _score, _order, row, column in pairs:
        parameter, candidate = free[row], said.candidates[column]
        if parameter.name in found or candidate in used:
            continue
        found[parameter.name] = value_for(parameter, candidate)
        used.add(candidate)
    for parameter in free:
        if parameter.required and parameter.name not in found and "quoted" in kinds_for(parameter)[:1]:
            match = _SUBJECT.search(said.text)
            if match:
                found[parameter.name] = match[1]


def choose_value(said: Said, parameter: Parameter) -> Any | None:
    """The listed value that the question mentions, the most specific first; None when it mentions none."""
    words, folded = set(said.terms), said.text.casefold()
    best: tuple[float, Any] | None = None
    for value in parameter.enum:
        shown = str(value)
        parts = set(terms(shown))
        whole = re.search(rf"(?<!\w){re.escape(shown.casefold())}(?!\w)", folded) is not None
        score = (2.0 if whole else 0.0) + (1.0 + len(parts) if parts and parts <= words else 0.0)
        if len(shown) < 2 and not shown.isdigit():
            score = 0.0
        if score and (best is None or score > best[0]):
            best = (score, value)
    return None if best is None else best[1]


def _flag(said: Said, parameter: Parameter) -> bool | None:
    named = set(terms(parameter.name))
    telling = named - _FLAG_WORDS or named
    words = set(said.terms)
    if telling <= words:
        first = next((match.start() for match in re.finditer(r"\w+", said.text) if set(terms(match[0])) & telling), 0)
        return not _NEGATED.search(said.text[max(0, first - 20) : first])
    return False if parameter.required else None


def _list(said: Said, parameter: Parameter) -> tuple[list[Any], set[Candidate]]:
    item = parameter.items
    if item is None:
        return [], set()
    if item.enum:
        words = set(said.terms)
        return [value for value in item.enum if set(terms(str(value))) and set(terms(str(value))) <= words], set()
    if listed := _LISTED.search(said.text):
        inner = [each for each in said.candidates if listed.start() < each.start < listed.end()]
    else:
        inner = list(said.candidates)
    kinds = kinds_for(item)
    for kind in kinds:
        chosen = [each for each in inner if each.kind == kind]
        if chosen:
            return [value_for(item, each) for each in chosen], set(chosen)
    return [], set()
