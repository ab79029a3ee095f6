"""The tables the hub brings along, for a company that has none of its own."""

from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import Field, ValidationError

from core.domain.base import Frozen
from core.domain.contracts import ApprovalRule
from core.domain.products import PricingRule
from core.policy.approvals import ApprovalFacts, approval_path
from core.policy.decision import PolicyError
from core.policy.pricing import price_bounds

TABLES_FOLDER = Path(__file__).parent / "tables"

Rule = TypeVar("Rule", ApprovalRule, PricingRule)
Facts = TypeVar("Facts", bound=Frozen)


class PricingFacts(Frozen):
    """What the pricing table asks about a line of a deal."""

    family: str | None = None
    customer_class: str
    quantity: int | None = None


class Example(Frozen, Generic[Facts]):
    """A case that the table must decide as stated: ids of the rules, in order."""

    facts: Facts
    expect: tuple[str, ...]


class TableFile(Frozen, Generic[Rule, Facts]):
    """A table as shipped; without examples it is not accepted."""

    table: str | None = None
    version: int
    rules: tuple[Rule, ...]
    examples: tuple[Example[Facts], ...] = Field(min_length=1)


class DefaultTables(Frozen):
    """The default approval and pricing tables, checked against their examples."""

    approvals: tuple[ApprovalRule, ...]
    pricing: tuple[PricingRule, ...]


@cache
def load_default_tables(folder: Path = TABLES_FOLDER) -> DefaultTables:
    """Read `approvals.json` and `pricing.json`; PolicyError when one cannot be read or fails its own example."""
    approvals = read_approval_table(_read(folder / "approvals.json"))
    pricing = read_pricing_table(_read(folder / "pricing.json"))
    for example in approvals.examples:
        path = approval_path(approvals.rules, example.facts)
        _expect("approvals", example, tuple(rule.id for rule in path))
    for case in pricing.examples:
        facts = case.facts
        bounds = price_bounds(pricing.rules, facts.family, facts.customer_class, facts.quantity)
        _expect("pricing", case, bounds.rules)
    return DefaultTables(approvals=approvals.rules, pricing=pricing.rules)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(f"{path.name}: cannot be read") from error


def read_approval_table(text: str) -> TableFile[ApprovalRule, ApprovalFacts]:
    """The approval table in a JSON document; PolicyError when it is not one."""
    try:
        return TableFile[ApprovalRule, ApprovalFacts].model_validate_json(text)
    except ValidationError as error:
        raise PolicyError(f"approvals.json: {error}") from error


def read_pricing_table(text: str) -> TableFile[PricingRule, PricingFacts]:
    """The pricing table in a JSON document; PolicyError when it is not one."""
    try:
        return TableFile[PricingRule, PricingFacts].model_validate_json(text)
    except ValidationError as error:
        raise PolicyError(f"pricing.json: {error}") from error


def _expect(table: str, example: Example[Facts], found: tuple[str, ...]) -> None:
    if found != example.expect:
        raise PolicyError(f"{table}.json: for {example.facts!r} expected {example.expect}, got {found}")
