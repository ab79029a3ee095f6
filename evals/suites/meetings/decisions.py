"""The suite's own cases: meetings with labels of what was decided, what was not, and who does what by when."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, model_validator

from agents.meetings import SPEC, MeetingsInput
from core.domain.base import Frozen
from core.domain.interactions import Turn
from core.domain.views.meetings import MeetingsView
from core.language import Lang
from evals.suites.reading import read_text, validated
from evals.suites.suite import Figures, Item, Report, Run

CASES = Path(__file__).parent / "cases"
PARTS = ("dev", "held_back", "spoken", "unseen")
_CUES = ("agreed", "decided", "we will", "we'll", "决定", "定了", "同意", "就")


class Deed(Frozen):
    """Who is to do it, and the day when one is named; turns with the same `k` say one deed."""

    who: str
    due: date | None = None
    k: int | None = None


class Label(Frozen):
    """What a turn says: a decision `d` (turns with the same number say one), something not decided `n`, a deed `a`."""

    d: int | None = None
    n: int | None = None
    a: Deed | None = None


class Case(Frozen):
    """One meeting; a turn is written as [speaker, words, labels]."""

    id: str
    lang: Lang
    date: Any
    turns: tuple[Turn, ...] = Field(min_length=1)
    labels: tuple[Label, ...]

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, given: dict[str, Any]) -> dict[str, Any]:
        turns = [{"speaker": speaker, "text": text} for speaker, text, *_ in given["turns"]]
        labels = [label[0] if label else {} for _speaker, _text, *label in given["turns"]]
        return {**given, "turns": turns, "labels": labels}


class Cases(Frozen):
    """A file of cases."""

    meetings: tuple[Case, ...]


@dataclass(slots=True)
class Tally:
    """Counts over meetings."""

    decided: list[int] = field(default_factory=lambda: [0, 0, 0])
    acted: list[int] = field(default_factory=lambda: [0, 0, 0])
    open: int = 0
    open_as_decided: int = 0
    open_found: int = 0
    owners: int = 0
    dues: int = 0

    def figures(self) -> Figures:
        """The counts as shares."""
        matched = max(1, self.acted[0])
        return {
            "decision_f1": _f1(*self.decided),
            "action_f1": _f1(*self.acted),
            "owner_right": round(self.owners / matched, 4),
            "due_right": round(self.dues / matched, 4),
            "open_as_decided": round(self.open_as_decided / max(1, self.open), 4),
            "open_found": round(self.open_found / max(1, self.open), 4),
        }


def load_cases(part: str) -> tuple[Case, ...]:
    """The meetings of a part. Raises InvalidInputError naming file and field."""
    path = CASES / f"{part}.yaml"
    return validated(path, "meetings", Cases, yaml.safe_load(read_text(path))).meetings


def run_decisions(run: Run) -> Report:
    """Score the part named, or both."""
    parts = (run.set_name,) if run.set_name in PARTS else PARTS
    cases = [(part, case) for part in parts for case in load_cases(part)]
    slices: defaultdict[str, Tally] = defaultdict(Tally)
    whole, words = Tally(), Tally()
    for done, (part, case) in enumerate(cases, 1):
        view = SPEC.run(MeetingsInput(turns=case.turns, held_on=case.date, today=case.date)).view
        for tally in (whole, slices[f"part:{part}"], slices[f"lang:{case.lang}"], slices[f"part:{part}:{case.lang}"]):
            judge(case, view, tally)
        _judge_words(case, words)
        run.record(_recorded(part, case, view))
        run.progress(done, len(cases), part)
    return Report(
        suite="meetings",
        n=sum(len(case.turns) for _part, case in cases),
        figures=whole.figures(),
        baselines={"words": words.figures()},
        by={name: slices[name].figures() for name in sorted(slices)},
        model="embedded",
        seed=0,
    )


def judge(case: Case, view: MeetingsView, tally: Tally) -> None:
    """Add one meeting: what is said of a turn is right when a label of that turn says the same."""
    _judge_decisions(case, {one.turn for one in view.decisions}, tally)
    tally.open_found += len({one.turn for one in view.not_decided} & _open_turns(case))
    deeds: defaultdict[str, list[tuple[int, Deed]]] = defaultdict(list)
    for turn, label in enumerate(case.labels):
        if label.a:
            deeds[str(label.a.k or f"turn {turn}")].append((turn, label.a))
    spoken = {turn for said in deeds.values() for turn, _ in said}
    for said in deeds.values():
        found = [one for one in view.actions if one.turn in {turn for turn, _ in said}]
        tally.acted[0 if found else 2] += 1
        if found:
            wanted = said[-1][1]
            tally.owners += found[0].owner == wanted.who
            tally.dues += found[0].due == wanted.due
    tally.acted[1] += sum(one.turn not in spoken for one in view.actions)


def _judge_decisions(case: Case, told: set[int], tally: Tally) -> None:
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for turn, label in enumerate(case.labels):
        if label.d is not None:
            wanted[label.d].add(turn)
    for turns in wanted.values():
        tally.decided[0 if turns & told else 2] += 1
    tally.decided[1] += len(told - {turn for turns in wanted.values() for turn in turns})
    open_turns = _open_turns(case)
    tally.open += len(open_turns)
    tally.open_as_decided += len(told & open_turns)


def _open_turns(case: Case) -> set[int]:
    return {turn for turn, label in enumerate(case.labels) if label.n is not None and label.d is None}


def _judge_words(case: Case, tally: Tally) -> None:
    """The baseline: every turn with a word of deciding is a decision."""
    told = {turn for turn, one in enumerate(case.turns) if any(cue in one.text.lower() for cue in _CUES)}
    _judge_decisions(case, told, tally)


def _recorded(part: str, case: Case, view: MeetingsView) -> Item:
    return {
        "id": case.id,
        "part": part,
        "decided": [[one.turn, one.text] for one in view.decisions],
        "not_decided": [[one.turn, one.why, one.text] for one in view.not_decided],
        "actions": [[one.turn, one.owner, str(one.due or ""), one.text] for one in view.actions],
    }


def _f1(right: int, wrong: int, missed: int) -> float:
    return round(2 * right / max(1, 2 * right + wrong + missed), 4)
