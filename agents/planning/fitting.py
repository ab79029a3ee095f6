"""How well a piece of a question fits an argument, and the value it then has."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from agents.planning.said import Candidate, Kind
from agents.planning.spec import Parameter
from agents.planning.words import spread, terms

_FORMATS = (
    ("yyyy-mm-dd", "%Y-%m-%d"),
    ("mm/dd/yyyy", "%m/%d/%Y"),
    ("dd/mm/yyyy", "%d/%m/%Y"),
    ("yyyy/mm/dd", "%Y/%m/%d"),
    ("dd-mm-yyyy", "%d-%m-%Y"),
    ("mm-dd-yyyy", "%m-%d-%Y"),
)
_ABOUT_DATES = re.compile(r"\b(?:date|day|deadline|due)\b|yyyy|日期", re.IGNORECASE)
_ABOUT_TIMES = re.compile(r"\btime\b|hh:mm", re.IGNORECASE)
_ABOUT_CODES = re.compile(
    r"\b(?:id|identifier|code|symbol|ticker|number|key|url|path|version|address)\b", re.IGNORECASE
)
_FREE_TEXT = re.compile(
    r"\b(?:query|text|message|content|body|title|subject|keyword|prompt|question|comment|note|description|topic|name|label)s?\b",
    re.IGNORECASE,
)
# Which words before a value give it which part in a call.
_ROLE_WORDS = (
    ("from since between after starting", "from origin departure start source sender min begin pickup base"),
    ("to into until till and towards", "to destination arrival end target recipient max dropoff receiver"),
    ("in at near around within", "location city place where area region country state town zip address"),
    ("by", "author artist director by deadline due composer"),
    ("with", "participant attendee partner starring cast with"),
    ("on", "date day on"),
)
_ROLES = tuple((frozenset(words.split()), frozenset(terms(parts))) for words, parts in _ROLE_WORDS)


def kinds_for(parameter: Parameter) -> tuple[Kind, ...]:
    """What may fill the argument, the likelier first."""
    if parameter.takes("integer", "number") and parameter.types:
        return ("number", "money", "percent")
    return _kinds_of_text(parameter) if parameter.takes("string") else ()


def _kinds_of_text(parameter: Parameter) -> tuple[Kind, ...]:
    about = f"{spread(parameter.name)} {parameter.description}"
    named = spread(parameter.name)
    if parameter.format in ("date", "date-time") or _ABOUT_DATES.search(named) or "yyyy" in about.casefold():
        return ("date",)
    if _ABOUT_TIMES.search(named):
        return ("time", "date")
    if "mail" in about.casefold():
        return ("address", "name", "quoted")
    if _ABOUT_CODES.search(named):
        return ("code", "quoted", "number", "name")
    return ("quoted", "name", "code", "number") if _FREE_TEXT.search(named) else ("name", "quoted", "code", "number")


def fit(parameter: Parameter, candidate: Candidate) -> float | None:
    """How well the candidate fits, from its kind and the words around it; None when it cannot."""
    kinds = kinds_for(parameter)
    if candidate.kind not in kinds:
        return None
    named = set(terms(parameter.name))
    described = set(terms(parameter.description)) - named
    score = 1.0 - 0.25 * kinds.index(candidate.kind)
    score += 1.2 * len(named & candidate.near) / max(1, len(named))
    score += 0.6 * min(2, len(described & candidate.near)) / 2
    score += sum(_role(words, parts, candidate.before, named, described) for words, parts in _ROLES)
    if named & set(terms(candidate.text)):
        score += 0.2
    return score


def _role(words: frozenset[str], parts: frozenset[str], before: str, named: set[str], described: set[str]) -> float:
    if not (named & parts or (described & parts and not named & parts and len(parts & described) > 1)):
        return 0.0
    return 0.8 if before in words else -0.3


def value_for(parameter: Parameter, candidate: Candidate) -> Any:
    """The candidate as the argument's type and documented form ask for it."""
    value = candidate.value
    if parameter.types and parameter.takes("integer", "number"):
        number = value.amount if hasattr(value, "amount") else value
        if candidate.kind == "percent" and (
            parameter.types == {"integer"} or "percent" in parameter.description.casefold()
        ):
            number = number * 100
        return _number(Decimal(number), whole=parameter.types == {"integer"})
    if isinstance(value, datetime | date | time):
        return _written(parameter.description, value, candidate.text)
    return candidate.text if candidate.kind == "number" else value if isinstance(value, str) else candidate.text


def _number(number: Decimal, *, whole: bool) -> int | float:
    return int(number) if whole or number == number.to_integral_value() else float(number)


def _written(description: str, value: date | time, text: str) -> str:
    folded = description.casefold()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S") if "hh:mm:ss" in folded else value.strftime("%H:%M")
    for name, pattern in _FORMATS:
        if name in folded:
            return value.strftime(pattern)
    return value.isoformat() if "date" in folded else text
