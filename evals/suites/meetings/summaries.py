"""The agent's summaries beside simpler ones, on the public sets."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean

from agents.analysis.meetings.telling import choose
from agents.analysis.meetings.weighing import Talk, Vector, scores
from core.errors import InvalidInputError
from evals.suites.meetings import baselines
from evals.suites.meetings.rouge import Tokens, chinese_tokens, english_tokens, rouge_n
from evals.suites.meetings.sets import Told, Wanted, is_for_learning, load_qmsum, load_vcsum
from evals.suites.suite import Figures, Report, Run

WORDS = 80
"""Words of an English summary, as the published figures on QMSum have it."""
CHARACTERS = 180
"""Characters of a Chinese one: what went best on the stretches that are learned from."""

Way = Callable[[Wanted], str]


def run_qmsum(run: Run) -> Report:
    """Questions to English meetings: the test part where the folder has it, else the validation part."""
    name, meetings = load_qmsum(_folder(run))
    report = _report(run, meetings, WORDS, english_tokens, reported=True)
    return report.model_copy(update={"by": {f"file:{name}": report.figures, **report.by}})


def run_vcsum(run: Run) -> Report:
    """Stretches of the Chinese meetings with odd numbers; the others are learned from."""
    stretches = [told for told in load_vcsum(_folder(run)) if not is_for_learning(told.wanted[0].meeting)]
    return _report(run, stretches, CHARACTERS, chinese_tokens, reported=False)


def _folder(run: Run) -> Path:
    if run.data is None:
        raise InvalidInputError("is not given", field="--data", remedy="Name a folder in the set’s format.")
    return run.data


def _report(run: Run, meetings: Sequence[Told], words: int, tokens: Tokens, *, reported: bool) -> Report:
    figures: defaultdict[str, list[Figures]] = defaultdict(list)
    slices: defaultdict[str, list[Figures]] = defaultdict(list)
    total, done = sum(len(told.wanted) for told in meetings), 0
    for told in meetings:
        talk = told.talk()
        ways = dict(_ways(talk, words, reported=reported))
        for wanted in told.wanted:
            texts = {name: way(wanted) for name, way in ways.items()}
            judged = {name: _judged(tokens(text), tokens(wanted.reference)) for name, text in texts.items()}
            for name, values in judged.items():
                figures[name].append(values)
            slices[_kind(wanted)].append(judged["ours"])
            done += 1
            run.record({"id": wanted.id, "query": wanted.query, "told": texts["ours"], **judged["ours"]})
            run.progress(done, total, "summaries")
    ours = _means(figures.pop("ours"))
    return Report(
        suite="meetings",
        n=total,
        figures=ours,
        baselines={name: _means(values) for name, values in figures.items()},
        by={name: {"n": len(values), **_means(values)} for name, values in slices.items()},
        model="embedded",
        seed=baselines.SEED,
    )


def _ways(talk: Talk, words: int, *, reported: bool) -> Iterator[tuple[str, Way]]:
    """Every way to tell the meeting, by name; what does not depend on the question is weighed once."""

    def ours(wanted: Wanted) -> str:
        return " ".join(told.text for told in choose(talk, scores(talk, wanted.query), words, reported=reported))

    def fixed(weights: Vector) -> Way:
        text = baselines.first_words(talk, weights, words)
        return lambda _wanted: text

    yield "ours", ours
    yield "lead", fixed(baselines.lead(talk))
    yield "random", fixed(baselines.at_random(talk, baselines.SEED))
    yield "text_rank", fixed(baselines.text_rank(talk))
    yield "lex_rank", fixed(baselines.lex_rank(talk))
    if reported:
        yield "query_tfidf", lambda one: baselines.first_words(talk, baselines.query_words(talk, one.query), words)


def _judged(told: list[str], reference: list[str]) -> Figures:
    return {f"rouge_{n}": rouge_n(told, reference, n) for n in (1, 2)}


def _kind(wanted: Wanted) -> str:
    return "asked:something" if wanted.query and "whole meeting" not in wanted.query.lower() else "asked:all"


def _means(values: Sequence[Figures]) -> Figures:
    return {name: round(fmean(one[name] for one in values), 4) for name in values[0]}
