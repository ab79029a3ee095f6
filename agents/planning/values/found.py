"""A value read from a text, and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """`text[start:end]` of the text that was read says `value`."""

    value: T
    start: int
    end: int
    text: str

    def overlaps(self, other: "Found[object]") -> bool:
        """Whether both stand in part on the same characters."""
        return self.start < other.end and other.start < self.end


def apart(found: Iterable[Found[T]]) -> tuple[Found[T], ...]:
    """Those that do not overlap, in the order of the text; of two that do the longer stays."""
    kept: list[Found[T]] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda one: one.start))
