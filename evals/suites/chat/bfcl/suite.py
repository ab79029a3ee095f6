"""The planner on tools it was not built for: which one it picks, with which arguments, and when it picks none."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agents.planning.ranking import choose_tool
from core.errors import InvalidInputError
from evals.suites.chat.bfcl.baselines import PICKERS
from evals.suites.chat.bfcl.items import IRRELEVANT, Asked, load_items
from evals.suites.chat.bfcl.scoring import allowed_call
from evals.suites.suite import Figures, Report, Run

# The requests do not say when they were made; “tomorrow” is the day after this one.
TODAY = date(2023, 10, 1)


@dataclass(frozen=True)
class Picked:
    """What the planner made of an item."""

    item: Asked
    tool: str | None
    arguments: dict[str, Any]
    confidence: float | None

    @property
    def tool_right(self) -> bool:
        """Whether the right tool, or rightly none, was picked."""
        return self.tool == (self.item.wanted[0] if self.item.wanted else None)

    @property
    def call_right(self) -> bool:
        """Whether the arguments are right too."""
        return self.tool_right and (self.item.wanted is None or allowed_call(self.arguments, self.item.wanted[1]))


class BfclSuite:
    """Reads a folder with `multiple`, `live_multiple` and `irrelevance` as JSON Lines, and the answers to them."""

    name = "bfcl"
    sets = ("bfcl",)
    parts: tuple[str, ...] = ()

    def run(self, run: Run) -> Report:
        """Score all items. Raises InvalidInputError naming file and line when the folder is not in the format."""
        if run.data is None:
            raise InvalidInputError("has no cases of its own", field="--data", remedy="Name a folder in its format.")
        items = load_items(run.data)
        picked = []
        for done, item in enumerate(items, 1):
            picked.append(pick(item))
            run.record(_recorded(picked[-1]))
            run.progress(done, len(items), item.part)
        return Report(
            suite=self.name,
            n=len(items),
            figures=_figures(picked),
            baselines={**{name: _picking(name, items) for name in PICKERS}, "random": _random(items)},
            by={part: _slice([one for one in picked if one.item.part == part]) for part in _parts(items)},
            model="embedded",
            seed=0,
        )


def pick(item: Asked) -> Picked:
    """What the planner picks for an item."""
    chosen = choose_tool(item.question, item.tools, today=TODAY)
    if chosen is None:
        return Picked(item, None, {}, None)
    return Picked(item, chosen.tool.name, chosen.filled.arguments, round(chosen.confidence, 4))


def _recorded(picked: Picked) -> dict[str, Any]:
    return {
        "id": picked.item.id,
        "part": picked.item.part,
        "tool": picked.tool,
        "args": picked.arguments,
        "confidence": picked.confidence,
        "tool_right": picked.tool_right,
        "call_right": picked.call_right,
    }


def _parts(items: Sequence[Asked]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.part for item in items))


def _figures(picked: Sequence[Picked]) -> Figures:
    """The share of right tools and right calls in each part; of the irrelevant ones the share declined."""
    figures: Figures = {}
    for part in _parts([one.item for one in picked]):
        shares = _slice([one for one in picked if one.item.part == part])
        figures |= {f"{part}_{name}": value for name, value in shares.items() if name != "n"}
    return figures


def _slice(picked: Sequence[Picked]) -> Figures:
    declined = _share(sum(one.tool is None for one in picked), len(picked))
    if picked[0].item.part == IRRELEVANT:
        return {"n": len(picked), "declined": declined}
    return {
        "n": len(picked),
        "tool_right": _share(sum(one.tool_right for one in picked), len(picked)),
        "call_right": _share(sum(one.call_right for one in picked), len(picked)),
        "declined": declined,
    }


def _picking(name: str, items: Sequence[Asked]) -> Figures:
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for item in items:
        if item.wanted is not None:
            chosen = item.tools[PICKERS[name](item.question, item.tools)]
            right[item.part].append(chosen.name == item.wanted[0])
    return {f"{part}_tool_right": _share(sum(values), len(values)) for part, values in right.items()}


def _random(items: Sequence[Asked]) -> Figures:
    """What picking blindly gives on average."""
    chances: defaultdict[str, list[float]] = defaultdict(list)
    for item in items:
        if item.wanted is not None:
            chances[item.part].append(1 / len(item.tools))
    return {f"{part}_tool_right": _share(sum(values), len(values)) for part, values in chances.items()}


def _share(count: float, total: int) -> float:
    return round(count / total, 4)
