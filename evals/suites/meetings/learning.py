"""How the weights of `agents.analysis.meetings.weighing` were learned.

`python -m evals.suites.meetings.learning --qmsum DIR --vcsum DIR` prints agents/data/meeting_weights.toml: ridge
regression of how many words and pairs of words of the reference stand in a sentence, by its length. `query` is learned
on QMSum's training meetings, `summary` on the meetings of VCSum with even numbers; neither is reported on.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from agents.analysis.meetings.weighing import Vector, features
from evals.suites.meetings.rouge import Tokens, chinese_tokens, english_tokens
from evals.suites.meetings.sets import Told, Wanted, is_for_learning, load_qmsum, load_vcsum

_PENALTY = 1.0
_PER_ITEM = 180
_LEAST = 4


def main(
    qmsum: Annotated[Path, typer.Option(help="Folder with QMSum’s training meetings")],
    vcsum: Annotated[Path, typer.Option(help="Folder with VCSum’s stretches")],
) -> None:
    """Print the weights of both tasks as TOML."""
    _name, meetings = load_qmsum(qmsum, ("train.jsonl", "train_60.jsonl"))
    stretches = [told for told in load_vcsum(vcsum) if is_for_learning(told.wanted[0].meeting)]
    print("# Learned by `python -m evals.suites.meetings.learning`; the columns are those of `features`.")
    print(f"query = {_shown(learn(meetings, english_tokens))}")
    print(f"summary = {_shown(learn(stretches, chinese_tokens))}")


def learn(meetings: list[Told], tokens: Tokens) -> Vector:
    """Ridge weights over a sample of each item's sentences, the same for the same items."""
    rng = np.random.default_rng(0)
    rows, aims = [], []
    for told in meetings:
        talk = told.talk()
        said = [tokens(text) for text in talk.plain]
        for wanted in told.wanted:
            table = features(talk, wanted.query)
            picked = rng.choice(len(table), min(_PER_ITEM, len(table)), replace=False)
            foremost = np.argsort(-table[:, 3])[: _PER_ITEM // 2]
            chosen = [place for place in np.union1d(picked, foremost).tolist() if len(said[place]) >= _LEAST]
            rows.append(table[chosen])
            aims.append(_aims(chosen, said, wanted, tokens))
    x, y = np.concatenate(rows), np.concatenate(aims)
    ridge = _PENALTY * np.diag([1e-6] + [1.0] * (x.shape[1] - 1))
    return np.asarray(np.linalg.solve(x.T @ x + ridge, x.T @ y), dtype=np.float64)


def _aims(chosen: list[int], said: list[list[str]], wanted: Wanted, tokens: Tokens) -> Vector:
    """Shared words, and pairs of words twice, by length plus three."""
    reference = tokens(wanted.reference)
    singles, pairs = Counter(reference), Counter(pairwise(reference))
    found = []
    for place in chosen:
        words = said[place]
        one = sum((Counter(words) & singles).values())
        two = sum((Counter(pairwise(words)) & pairs).values())
        found.append((one + 2 * two) / (len(words) + 3))
    return np.array(found)


def _shown(weights: Vector) -> str:
    return "[" + ", ".join(f"{weight:.4f}" for weight in weights) + "]"


if __name__ == "__main__":
    typer.run(main)
