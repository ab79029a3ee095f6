"""What a job title says: seniority and buying roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from agents.analysis.lexicon import Pattern, build_pattern, load_table
from core.domain.views.people import BuyingRole


@dataclass(frozen=True, slots=True)
class Standing:
    """`seniority` in 0–1, None when the title says nothing; `roles` are chances in 0–1."""

    seniority: float | None = None
    roles: Mapping[BuyingRole, float] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def read_title(*parts: str) -> Standing:
    """Read a title, and a department where there is one: the first row found decides, the department fills in roles."""
    seniority: float | None = None
    roles: dict[BuyingRole, float] = {}
    for part in (each.lower() for each in parts):
        for pattern, rank, row in _rows():
            if pattern.search(part):
                seniority = rank if seniority is None and part == parts[0].lower() else seniority
                for role, chance in row.items():
                    roles.setdefault(role, chance)
                if row:
                    break
        if roles:
            break
    return Standing(seniority, roles)


@cache
def _rows() -> tuple[tuple[Pattern, float, dict[BuyingRole, float]], ...]:
    return tuple(
        (
            build_pattern(row["en"], row["zh"]),
            float(row["seniority"]),
            {BuyingRole(role): float(chance) for role, chance in row["roles"].items()},
        )
        for row in load_table("people")["title"]
    )
