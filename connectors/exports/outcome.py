"""What reading files yields: records, and everything that must be said about the rest."""

from dataclasses import dataclass, field
from typing import TypeAlias

from core.domain.base import Record


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: the file as the user named it, and the row, message or page in it."""

    file: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was read."""

    record: Record
    origin: Origin


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken in; `row` is None for a whole file, `field` names the column or part at fault."""

    file: str
    row: int | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something decided while reading that the user may want to know or to overrule."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class TableRead:
    """How a table was understood: its kind, and the field each heading was read as."""

    file: str
    kind: str
    columns: dict[str, str]
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileStarted:
    """Reading of the `index`-th of `total` files begins."""

    file: str
    index: int
    total: int


Outcome: TypeAlias = Found | Refusal | Note | TableRead | FileStarted


@dataclass
class RefusedError(Exception):
    """A value, row or file that cannot be taken in; `reason` is fit for a person."""

    field: str
    reason: str
    row: int | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"

    def at(self, file: str, row: int | None = None) -> Refusal:
        """The refusal as reported for its place."""
        return Refusal(file, self.row if self.row is not None else row, self.field, self.reason)


def unforeseen(fault: Exception, file: str, row: int | None = None) -> Refusal:
    """The refusal of a row or file whose reading failed in a way nobody provided for: an import goes on."""
    said = " ".join(str(fault).split())[:120]
    reason = f"cannot be read ({type(fault).__name__}{f': {said}' if said else ''}): correct it or leave it out"
    return Refusal(file, row, "file" if row is None else "row", reason)


@dataclass
class Notes:
    """Collects notes on one file, each once."""

    file: str
    texts: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Add `text` unless it was said already."""
        if text not in self.texts:
            self.texts.append(text)
