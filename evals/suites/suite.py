"""What every suite has in common: what it is asked to run, and the report it gives."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from core.domain.base import Frozen
from core.errors import InvalidInputError
from core.settings import Settings

Figures = dict[str, float]
Item = dict[str, Any]


class Report(Frozen):
    """What a suite found.

    `figures` are of what was judged, `model` says what that was: `embedded`, or the name of a language model.
    `baselines` are the same figures of simpler ways on the same items, by name. `by` holds figures of slices of the
    items, such as `lang:zh`. Shares are fractions, times end in `_ms`. `seed` is of every random choice made.
    """

    suite: str
    n: int
    figures: Figures
    baselines: dict[str, Figures]
    by: dict[str, Figures]
    model: str
    seed: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a suite.

    `data` is a folder in the format of the public set `set_name`; without it the project's own cases are run, of which
    `set_name` may then name a part. `record` takes each item's own prediction, a JSON object. `progress` is told how
    many of how many items are done, and of what.
    """

    settings: Settings
    data: Path | None
    set_name: str | None
    record: Callable[[Item], None]
    progress: Callable[[int, int, str], None]


class Suite(Protocol):
    """Cases with known answers, and the way to score what is said to them."""

    @property
    def name(self) -> str:
        """The suite's name, also of its folder."""

    @property
    def sets(self) -> tuple[str, ...]:
        """The public sets it reads from a folder."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of its own cases."""

    def run(self, run: Run) -> Report:
        """Score all items. Raises InvalidInputError naming file and field when a folder is not in the set's format."""


def choose_set(suite: Suite, data: Path | None, set_name: str | None) -> str | None:
    """The set to read, named by `--set` or else by the folder; None for all of the suite's own cases.

    Raises InvalidInputError when there is no such folder, set or part.
    """
    if data is None:
        known = (*suite.parts, *suite.sets)
        if set_name is not None and set_name not in known:
            raise InvalidInputError(
                f"suite {suite.name} has no part “{set_name}”",
                field="--set",
                remedy="Use one of the names here, or leave the option out to run all of its own cases.",
                nearest=known,
            )
        return set_name
    if not data.is_dir():
        raise InvalidInputError(f"“{data}” is not a folder", field="--data", remedy="Name a folder that exists.")
    chosen = set_name or data.resolve().name
    if chosen not in suite.sets:
        raise InvalidInputError(
            f"suite {suite.name} reads no set “{chosen}”",
            field="--set",
            remedy="Say with --set in which set’s format the folder is.",
            nearest=suite.sets,
        )
    return chosen
