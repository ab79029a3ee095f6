"""The suite `intent`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agents.analysis.stage_model import CLASSES
from agents.analysis.train_stages import load_sentences
from core.ports.embedder import Embedder
from evals.suites.intent.classifying import LEARNERS, Floats, Judge, Material, Whole, by_names
from evals.suites.intent.figures import of_many, of_two
from evals.suites.intent.sets import LEARN, Labelled, load_email, load_resper
from evals.suites.suite import Figures, Report, Run
from memory.embedders import open_embedder

FOLDS = 5
_MODEL = "trained in the run"
_RESISTING = {
    "craigslist_negotiation": (
        "small talk or an answer, no resistance",
        "doubts the seller or the goods",
        "argues against the offer",
        "insists on the own position",
        "hesitates and names another price",
        "asks for information about the goods",
        "states a personal preference or condition",
        "has not enough money",
    ),
    "persuasion4good": (
        "small talk or agreement, no resistance",
        "hesitates to donate",
        "argues against donating",
        "prefers another way to help",
        "asks for information about the charity",
        "doubts the charity",
        "has not enough money",
        "asserts the own decision not to donate",
    ),
}
_ASKING = ("tells something", "asks somebody to do something or proposes it")
_STAGES = (
    "the customer notices a problem",
    "the customer looks for suppliers and solutions",
    "the customer tests and compares",
    "the customer negotiates price and terms",
    "the customer signs and orders",
    "the customer uses what was delivered",
    "has nothing to do with a purchase",
)


@dataclass(frozen=True)
class Task:
    """Texts to be told apart, and a description of each class for whoever has no example."""

    name: str
    data: Labelled
    described: tuple[str, ...]


class IntentSuite:
    """Own cases: our sentences of buying stages, each judged unseen. Sets: objections in talks, requests in mail."""

    name = "intent"
    sets = ("resper", "email_intent")
    parts = ("stages",)

    def run(self, run: Run) -> Report:
        """Train on what is given, judge on what was not trained on, and do the same with simpler ways."""
        tasks = _tasks(run.data, run.set_name)
        embedder = open_embedder(run.settings)
        vectors = _embed(run, tasks, embedder)
        figures: Figures = {}
        baselines: dict[str, Figures] = {}
        by: dict[str, Figures] = {}
        for task in tasks:
            for way, (shares, judged) in _judged(task, vectors).items():
                found = _figures(task, shares, judged)
                named = {f"{task.name}.{key}" if len(tasks) > 1 else key: value for key, value in found.items()}
                (baselines.setdefault(way, {}) if way else figures).update(named)
                if not way:
                    by |= {f"{task.name}:{key}": each for key, each in _by_fold(task, shares, judged).items()}
                    _record(run, task, shares, judged)
        if len(tasks) > 1:
            for each in (figures, *baselines.values()):
                each["macro_f1"] = float(np.mean([each[f"{task.name}.macro_f1"] for task in tasks]))
        count = sum(fold != LEARN for task in tasks for fold in task.data.folds)
        return Report(suite=self.name, n=count, figures=figures, baselines=baselines, by=by, model=_MODEL, seed=0)


def _tasks(folder: Path | None, name: str | None) -> list[Task]:
    if folder is None:
        ours = load_sentences()
        folds = tuple(number % FOLDS for number in range(len(ours.texts)))
        data = Labelled(tuple(ours.texts), ("",) * len(folds), tuple(map(int, ours.classes)), folds)
        return [Task("stages", data, _STAGES[: len(CLASSES)])]
    if name == "email_intent":
        return [Task("email_intent", load_email(folder, FOLDS), _ASKING)]
    return [Task(talk, data, _RESISTING[talk]) for talk, data in load_resper(folder).items()]


def _embed(run: Run, tasks: Sequence[Task], embedder: Embedder | None) -> dict[str, Floats] | None:
    """The vector of every text and description; None where no embedder runs."""
    if embedder is None:
        return None
    said = (text for task in tasks for text in (*task.data.texts, *task.data.before, *task.described))
    texts = list(dict.fromkeys(said))
    vectors = {}
    for done, text in enumerate(texts, 1):
        vectors[text] = embedder.embed_query(text or " ").astype(np.float64)
        if done % 50 == 0 or done == len(texts):
            run.progress(done, len(texts), "texts embedded")
    return vectors


def _judged(task: Task, vectors: dict[str, Floats] | None) -> dict[str, tuple[Floats, Whole]]:
    """By each way the shares of the classes, one row for each text that is judged, and the places of these texts.

    What a fold is judged by has seen none of it.
    """
    data = task.data
    folds, classes = np.array(data.folds), np.array(data.classes)
    whole = Material(
        data.texts,
        data.before,
        None if vectors is None else np.vstack([vectors[text] for text in data.texts]),
        None if vectors is None else np.vstack([vectors[text] for text in data.before]),
    )
    judged: Whole = np.flatnonzero(folds != LEARN)
    found = {}
    for way, learn in LEARNERS.items():
        shares = np.zeros((len(folds), len(task.described)))
        for fold in sorted({*data.folds} - {LEARN}):
            seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            shares[unseen] = learn(whole.part(seen), classes[seen], len(task.described))(whole.part(unseen))
        found[way] = (shares[judged], judged)
    if vectors is not None:
        zero_shot: Judge = by_names(np.vstack([vectors[text] for text in task.described]))
        found["zero_shot"] = (zero_shot(whole.part(judged)), judged)
    return found


def _figures(task: Task, shares: Floats, judged: Whole) -> Figures:
    classes = np.array(task.data.classes)[judged]
    score = of_two if len(task.described) == 2 else of_many
    return score(shares, classes, [task.data.folds[row] for row in judged])


def _by_fold(task: Task, shares: Floats, judged: Whole) -> dict[str, Figures]:
    """The same by fold, where there are several."""
    folds = np.array(task.data.folds)[judged]
    names = sorted(set(folds.tolist()))
    if len(names) < 2:
        return {}
    return {f"fold {name}": _figures(task, shares[folds == name], judged[folds == name]) for name in names}


def _record(run: Run, task: Task, shares: Floats, judged: Whole) -> None:
    for row, share in zip(judged.tolist(), shares, strict=True):
        run.record(
            {
                "id": f"{task.name}.{row}",
                "fold": task.data.folds[row],
                "class": task.data.classes[row],
                "said": int(share.argmax()),
                "share": round(float(share.max()), 4),
            }
        )
