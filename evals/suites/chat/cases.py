"""The cases of the chat suite: what is said, and what must come of it."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import AwareDatetime, Field, ValidationError, model_validator

from core.domain.base import Frozen
from core.errors import InvalidInputError
from evals.suites.reading import read_text

CASES = Path(__file__).parent / "cases"
ANY = "any"
_OWN = "Correct the case; docs/reference/suites.md says how one is written."


class Expected(Frozen):
    """What must come of a message: exactly one of the four.

    `do` are calls by tool, in any order; `clarify` asks back for the slot named; `refuse` declines for the reason
    named; `unknown` finds no record of a name, which may be said as a question or as a refusal.
    """

    do: tuple[dict[str, dict[str, Any]], ...] | None = None
    clarify: str | None = None
    refuse: str | None = None
    unknown: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Expected":
        if sum(value is not None for value in (self.do, self.clarify, self.refuse, self.unknown)) != 1:
            raise ValueError("give one of do, clarify, refuse, unknown")
        return self

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """The calls as pairs of tool and arguments."""
        return [pair for call in self.do or () for pair in call.items()]


class Message(Expected):
    """One message of a conversation; each of `otherwise` would be as right."""

    say: str = Field(min_length=1)
    otherwise: tuple[Expected, ...] = Field(default=(), alias="or")

    @property
    def ways(self) -> tuple[Expected, ...]:
        """All that is right, what is expected first."""
        return (self, *self.otherwise)


class Case(Frozen):
    """A conversation of one user, in a thread of its own."""

    id: str
    lang: str
    kind: str
    user: str = Field(default="rep", alias="as")
    turns: tuple[Message, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _single(cls, given: Any) -> Any:
        """One message may be written without a list around it."""
        if not isinstance(given, dict) or "turns" in given:
            return given
        own = {"id", "lang", "kind", "as"}
        message = {name: value for name, value in given.items() if name not in own}
        return {**{name: value for name, value in given.items() if name in own}, "turns": [message]}


class _Loader(yaml.SafeLoader):
    """YAML in which only `true` and `false` are truth values: `on` is an argument's name, `no` may be an answer."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class CaseFile(Frozen):
    """Cases that are asked at `clock` of the demo company as it was on the day `company`."""

    company: date
    clock: AwareDatetime
    cases: tuple[Case, ...]

    @model_validator(mode="after")
    def _unlike(self) -> "CaseFile":
        counts = Counter(case.id for case in self.cases)
        if twice := [id_ for id_, count in counts.items() if count > 1]:
            raise ValueError(f"given twice: {', '.join(twice)}")
        return self


def load_cases(path: Path) -> CaseFile:
    """The cases of a file. Raises InvalidInputError naming the file, the case and what is wrong with it."""
    try:
        given = yaml.load(read_text(path), _Loader)  # noqa: S506 - a safe loader
        return CaseFile.model_validate(given)
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{path.name}: {error}", field="cases", remedy=_OWN) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(
            f"{path.name}: {first['msg']}", field=_place(given, first["loc"]), remedy=_OWN
        ) from error


def _place(given: Any, place: tuple[int | str, ...]) -> str:
    """Where in a file, with the case by its id where it has one."""
    names = [str(part) for part in place]
    if len(place) > 1 and place[0] == "cases" and isinstance(place[1], int):
        case = given["cases"][place[1]]
        names[1] = str(case.get("id", place[1])) if isinstance(case, dict) else names[1]
    return ".".join(names) or "cases"
