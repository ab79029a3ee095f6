"""How the belief about a buyer moved over their messages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from agents.analysis import belief
from agents.analysis.stage_model import STAGES, Floats
from agents.analysis.voices import Line, customer_lines, customer_weight
from core.domain.interactions import Interaction
from core.domain.views.stage import BuyingStage, StagePoint

_DAY = 86_400.0
_MOST_LINES = 200
TELLING = 0.3
"""A message tells something when at least this share of its clearest sentence speaks of a stage."""


@dataclass(frozen=True, slots=True)
class Step:
    """A message of the customer: the belief after it, how much it said, and the pull of each line to each stage."""

    interaction: Interaction
    lines: tuple[Line, ...]
    belief: Floats
    strength: float
    pulls: Floats

    @property
    def likeliest(self) -> BuyingStage:
        """The likeliest stage after the message."""
        return STAGES[int(np.argmax(self.belief))]

    @property
    def point(self) -> StagePoint:
        """The step as a view shows it."""
        return StagePoint(
            at=self.interaction.at, interaction=self.interaction.id, distribution=distribution(self.belief)
        )


def distribution(shares: Floats) -> dict[BuyingStage, float]:
    """Shares by stage, rounded to six places."""
    return {stage: round(float(share), 6) for stage, share in zip(STAGES, shares, strict=True)}


def in_order(interactions: Iterable[Interaction]) -> list[Interaction]:
    """Interactions by time, then id, each id once."""
    return sorted({i.id: i for i in interactions}.values(), key=lambda i: (i.at, i.id))


def follow(interactions: Sequence[Interaction], ours: frozenset[str]) -> list[Step]:
    """One step per message that speaks for the customer, oldest first."""
    current, steps = belief.prior(), list[Step]()
    for interaction in in_order(interactions):
        lines = tuple(customer_lines(interaction, ours)[:_MOST_LINES])
        if not lines:
            continue
        if steps:
            elapsed = (interaction.at - steps[-1].interaction.at).total_seconds() / _DAY
            current = belief.predict(current, round(elapsed, 1))
        heard, pulls = belief.observe([line.words for line in lines], customer_weight(interaction))
        current = belief.update(current, heard)
        steps.append(Step(interaction, lines, current, heard.strength, pulls))
    return steps


def last_change(steps: Sequence[Step]) -> int | None:
    """Index of the step since which the likeliest stage is the present one, None before any telling message.

    A single message in between that pointed elsewhere is looked over.
    """
    told = [index for index, step in enumerate(steps) if step.strength >= TELLING]
    if not told:
        return None
    since = told[-1] if steps[told[-1]].likeliest is steps[-1].likeliest else len(steps) - 1
    while since > told[0] and (back := _same_before(steps, since, told[0])):
        since = back - 1
    return since


def _same_before(steps: Sequence[Step], since: int, first: int) -> int | None:
    """One past the nearest earlier step with the present stage, looking over a single step that differs."""
    for step in (since - 1, since - 2):
        if step >= first and steps[step].likeliest is steps[-1].likeliest:
            return step + 1
    return None


def best_lines(steps: Sequence[Step], stage: BuyingStage, limit: int) -> list[Line]:
    """The lines that speak most for `stage`, at most one per message, strongest first."""
    column = STAGES.index(stage)
    ranked = sorted(
        ((float(step.pulls[:, column].max()), step.lines[int(step.pulls[:, column].argmax())]) for step in steps),
        key=lambda found: -found[0],
    )
    return [line for pull, line in ranked[:limit] if pull > 0]
