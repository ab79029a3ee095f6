"""In which order departments pre-review, and how many of each must agree."""

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from core.domain.base import Frozen
from core.domain.contracts import Department
from core.policy.decision import PolicyError
from core.text import normalise_name

_TABLE = Path(__file__).parent / "tables" / "reviews.json"


class ReviewRule(Frozen):
    """Where a department's review stands: `quorum` of its people, at `position`; without `for_region`, everywhere.

    Reviews of one position run side by side; those of a higher one begin when all before them are decided.
    """

    id: str
    department: Department
    for_region: str | None = None
    position: int = Field(default=1, ge=1)
    quorum: int = Field(default=1, ge=1)


class ReviewFacts(Frozen):
    """What the table asks."""

    department: Department
    region: str | None = None


class ReviewExample(Frozen):
    """A case that the table must decide as stated."""

    facts: ReviewFacts
    expect: tuple[str]


class ReviewTable(Frozen):
    """The table with its examples."""

    version: int
    rules: tuple[ReviewRule, ...] = Field(min_length=1)
    examples: tuple[ReviewExample, ...] = Field(min_length=1)


def review_place(rules: tuple[ReviewRule, ...], facts: ReviewFacts) -> ReviewRule:
    """The rule for a department in a region: one that names the region goes before one for all.

    Raises PolicyError when there is none, or two that are equally close.
    """
    region = normalise_name(facts.region or "")
    own = [rule for rule in rules if rule.department is facts.department]
    close = [rule for rule in own if rule.for_region is not None and normalise_name(rule.for_region) == region]
    found = close or [rule for rule in own if rule.for_region is None]
    if len(found) != 1:
        raise PolicyError(f"reviews: {len(found)} rules fit {facts.department} in {facts.region or 'no region'}")
    return found[0]


@cache
def load_review_rules(path: Path = _TABLE) -> tuple[ReviewRule, ...]:
    """Read the table; PolicyError when it cannot be read or decides one of its examples otherwise."""
    try:
        table = ReviewTable.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise PolicyError(f"{path.name}: {error}") from error
    for example in table.examples:
        found = review_place(table.rules, example.facts).id
        if (found,) != example.expect:
            raise PolicyError(f"{path.name}: for {example.facts!r} expected {example.expect[0]}, got {found}")
    return table.rules
