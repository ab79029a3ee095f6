"""How the weights of `agents.planning.ranking` were learned, and what they are worth on tools not learned from.

`python -m evals.suites.chat.bfcl.learning --data DIR` prints both sets of weights. Nothing but these dozen numbers is
taken from the data.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import numpy as np
import typer
from numpy.typing import NDArray

from agents.planning.filling import fill_arguments
from agents.planning.ranking import fit_signals, rank_signals
from evals.suites.chat.bfcl.items import Asked, load_items
from evals.suites.chat.bfcl.suite import TODAY

Matrix: TypeAlias = NDArray[np.float64]
# One request: the signals of each tool, and the place of the right one; None when none is right.
Example: TypeAlias = tuple[Matrix, int | None]

_FOLDS = 5
_PENALTY = 1.0
_STEPS = 50


def main(data: Annotated[Path, typer.Option(help="Folder in the set’s format")]) -> None:
    """Print the weights, and the share of right tools on tool sets that were not learned from."""
    items = load_items(data)
    answered = [item for item in items if item.wanted is not None]
    choices = [_choice(item) for item in answered]
    right = [0.0] * len(answered)
    folds = _folds(answered)
    for fold in range(_FOLDS):
        weights = learn_choice([choices[row] for row in range(len(answered)) if folds[row] != fold])
        for row in range(len(answered)):
            if folds[row] == fold:
                signals, place = choices[row]
                right[row] = float(np.argmax(signals @ weights) == place)
    for part in dict.fromkeys(item.part for item in answered):
        held = [right[row] for row, item in enumerate(answered) if item.part == part]
        print(f"{part}: {np.mean(held):.4f} of {len(held)} right, learned on other tool sets")
    print("RANK_WEIGHTS =", _shown(learn_choice(choices)))
    print("FIT_WEIGHTS =", _shown(learn_fit(items)))


def learn_choice(examples: Sequence[Example]) -> Matrix:
    """Weights of a conditional logit: the likelihood of the right tools, with a ridge penalty."""

    def slopes(weights: Matrix) -> tuple[Matrix, Matrix]:
        gradient, curvature = -_PENALTY * weights, _PENALTY * np.eye(len(weights))
        for signals, place in examples:
            scores = signals @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            mean = chances @ signals
            gradient += signals[place] - mean
            curvature += (signals * chances[:, None]).T @ signals - np.outer(mean, mean)
        return gradient, curvature

    return _newton(slopes, examples[0][0].shape[1])


def learn_fit(items: Sequence[Asked]) -> Matrix:
    """Weights of a logit of whether a tool fits: right tools against irrelevant ones, each part counting as much."""
    rows, fitting, parts = [], [], []
    for item in items:
        tool = next((tool for tool in item.tools if item.wanted and tool.name == item.wanted[0]), item.tools[0])
        rows.append(fit_signals(item.question, tool, fill_arguments(item.question, tool, today=TODAY)))
        fitting.append(item.wanted is not None)
        parts.append(item.part)
    signals, wanted = np.array(rows), np.array(fitting, dtype=np.float64)
    kinds = {yes: len({part for part, one in zip(parts, fitting, strict=True) if one == yes}) for yes in (True, False)}
    counts = np.array([200 / kinds[yes] / parts.count(part) for part, yes in zip(parts, fitting, strict=True)])
    ridge = _PENALTY * np.array([1e-6] + [1.0] * (signals.shape[1] - 1))

    def slopes(weights: Matrix) -> tuple[Matrix, Matrix]:
        chances = 1 / (1 + np.exp(-signals @ weights))
        gradient = signals.T @ (counts * (wanted - chances)) - ridge * weights
        return gradient, (signals * (counts * chances * (1 - chances))[:, None]).T @ signals + np.diag(ridge)

    return _newton(slopes, signals.shape[1])


def _newton(slopes: Callable[[Matrix], tuple[Matrix, Matrix]], size: int) -> Matrix:
    weights = np.zeros(size)
    for _step in range(_STEPS):
        gradient, curvature = slopes(weights)
        weights = weights + np.linalg.solve(curvature, gradient)
        if np.abs(gradient).max() < 1e-8:
            break
    return weights


def _choice(item: Asked) -> Example:
    filled = [fill_arguments(item.question, tool, today=TODAY) for tool in item.tools]
    names = [tool.name for tool in item.tools]
    return np.array(rank_signals(item.question, item.tools, filled)), names.index(
        item.wanted[0]
    ) if item.wanted else None


def _folds(items: Sequence[Asked]) -> list[int]:
    """Requests with the same tools fall into the same fold, in the order in which the tools first come up."""
    seen: dict[frozenset[str], int] = {}
    return [seen.setdefault(frozenset(tool.name for tool in item.tools), len(seen)) % _FOLDS for item in items]


def _shown(weights: Matrix) -> tuple[float, ...]:
    return tuple(round(float(weight), 3) for weight in weights)


if __name__ == "__main__":
    typer.run(main)
