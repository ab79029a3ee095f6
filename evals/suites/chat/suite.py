"""The suite `chat`: its own cases, and the public sets that judge its planner."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from evals.suites.chat.cases import CASES, load_cases
from evals.suites.chat.examining import Examined, examine
from evals.suites.chat.scoring import Judged, figures_of
from evals.suites.suite import Item, Report, Run, Suite


class ChatSuite:
    """Questions to the demo company; `planning` are the suites that it also runs, each as the set of its name."""

    name = "chat"
    parts = ("dev", "practice", "held_back")

    def __init__(self, *planning: Suite) -> None:
        self._planning = {suite.name: suite for suite in planning}

    @property
    def sets(self) -> tuple[str, ...]:
        """The public sets it reads from a folder."""
        return tuple(self._planning)

    def run(self, run: Run) -> Report:
        """Score the set named, or the part named of the suite's own cases, or all of these."""
        if run.set_name in self._planning:
            return self._planning[run.set_name].run(run).model_copy(update={"suite": self.name})
        parts = (run.set_name,) if run.set_name else self.parts
        files = {part: load_cases(CASES / f"{part}.yaml") for part in parts}
        total = sum(len(case.turns) for file in files.values() for case in file.cases)
        examined: list[Examined] = []
        run.progress(0, total, "the demo company")
        for done, one in enumerate(examine(run.settings, files), 1):
            examined.append(one)
            run.record(recorded(one))
            run.progress(done, total, one.part)
        return report_of(self.name, examined)


def report_of(suite: str, examined: Sequence[Examined]) -> Report:
    """The report of some messages."""
    judged = [one.judged for one in examined]
    others: defaultdict[str, list[Judged]] = defaultdict(list)
    slices: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in examined:
        for name, other in one.others.items():
            others[name].append(other)
        for slice_ in _slices(one):
            slices[slice_].append(one.judged)
    return Report(
        suite=suite,
        n=len(judged),
        figures=figures_of(judged),
        baselines={name: figures_of(found) for name, found in others.items()},
        by={name: figures_of(slices[name]) for name in sorted(slices)},
        model=examined[0].model,
        seed=0,
    )


def _slices(one: Examined) -> Iterator[str]:
    case = one.judged.case
    yield f"part:{one.part}"
    yield f"lang:{case.lang}"
    yield f"kind:{case.kind}"
    yield f"turn:{'first' if one.judged.place == 0 else 'later'}"
    yield from {f"tool:{tool}" for tool, _args in one.judged.message.calls}


def recorded(one: Examined) -> Item:
    """What the assistant did with a message, and what of it was right."""
    judged, said = one.judged, one.judged.said
    return {
        "id": f"{judged.case.id}.{judged.place}",
        "part": one.part,
        "lang": judged.case.lang,
        "kind": judged.case.kind,
        "end": judged.kind_of_end,
        "status": said.status,
        "reason": said.reason,
        "calls": [{"tool": tool, "args": args} for tool, args in said.calls],
        "confidence": said.confidence,
        "effects": [{"operation": name, "payload": payload} for name, payload in said.effects or ()],
        "visits": list(said.visits),
        "strays": dict(said.strays),
        "tool_right": judged.verdict.tool,
        "calls_right": judged.verdict.calls,
        "end_state_right": judged.verdict.end_state,
        "right": judged.right,
        "silent": judged.silent,
        "model_calls": said.model_calls,
        "tokens": said.tokens,
        "elapsed_ms": round(said.elapsed_ms, 1),
    }
