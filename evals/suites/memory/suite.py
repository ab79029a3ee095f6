"""The suite `memory`."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.domain.interactions import Interaction
from core.errors import InvalidInputError
from core.identity import local_owner
from core.ports.embedder import Embedder
from db.store import Store, open_store
from evals.suites.memory.locomo import Question, load_locomo
from evals.suites.suite import Figures, Report, Run
from memory.embedders import open_embedder
from memory.embedding import embed_missing
from memory.passages import split_passages
from memory.ranking import fuse, score_vectors, score_words, word_weights
from memory.recall import Recall
from memory.words import date_words, words

FIRST = 10
_TENANT = "suite"
_SIMPLE = ("bm25", "bm25_date", "vectors")
_RANK = 60

Found = dict[str, list[str]]
"""By way of ranking the interactions it puts first, best first."""


class MemorySuite:
    """Set: questions about long dialogues, scored by the turns of evidence among the first ten. No judge, no model."""

    name = "memory"
    sets = ("locomo",)
    parts = ()

    def run(self, run: Run) -> Report:
        """Ask the platform's own recall, and simpler ways beside it."""
        if run.data is None:
            raise InvalidInputError(
                "the suite memory has no cases of its own", field="--data", remedy="Name a folder with --data."
            )
        turns, questions = load_locomo(run.data)
        shares: dict[str, list[tuple[Question, float]]] = defaultdict(list)
        for question, found in _asked(run, turns, questions):
            for way, ids in found.items():
                shares[way].append((question, len(question.evidence & {*ids}) / len(question.evidence)))
            run.record(
                {
                    "dialogue": question.dialogue,
                    "question": question.text,
                    "category": question.category,
                    "evidence": sorted(question.evidence),
                    "found": found[""],
                }
            )
        figures = {way: _figures(found) for way, found in shares.items()}
        ours = figures.pop("")
        return Report(
            suite=self.name,
            n=len(questions),
            figures=ours | _against(ours, figures),
            baselines=figures,
            by=_by_dialogue(shares[""]),
            model="embedded",
            seed=0,
        )


def _figures(found: Sequence[tuple[Question, float]]) -> Figures:
    """Mean share of the evidence among the first ten, over all questions and by category."""
    by: dict[str, list[float]] = defaultdict(list)
    for question, share in found:
        by["recall_at_10"].append(share)
        by[question.category].append(share)
    return {name: sum(shares) / len(shares) for name, shares in by.items()}


def _against(ours: Figures, others: dict[str, Figures]) -> Figures:
    """How many fewer misses than the best of the simple ways."""
    best = max((others[way]["recall_at_10"] for way in _SIMPLE if way in others), default=0.0)
    return {"fewer_misses": 1 - (1 - ours["recall_at_10"]) / (1 - best)} if 0 < best < 1 else {}


def _by_dialogue(found: Sequence[tuple[Question, float]]) -> dict[str, Figures]:
    by: dict[str, list[float]] = defaultdict(list)
    for question, share in found:
        by[question.dialogue].append(share)
    return {f"dialogue:{name}": {"recall_at_10": sum(each) / len(each)} for name, each in by.items()}


def _asked(run: Run, turns: Sequence[Interaction], questions: Sequence[Question]) -> Iterator[tuple[Question, Found]]:
    embedder = open_embedder(run.settings)
    with (
        tempfile.TemporaryDirectory(prefix="saleshub-suite-") as folder,
        open_store(f"sqlite:///{Path(folder) / 'memory.sqlite'}") as store,
    ):
        with store.write() as unit:
            unit.interactions.upsert(_TENANT, turns, ["suite"] * len(turns), at=datetime.now(UTC))
            unit.passages.replace_many(_TENANT, {turn.id: split_passages(turn) for turn in turns})
        if embedder is not None:
            embed_missing(store, embedder, _TENANT, progress=lambda done, all_: run.progress(done, all_, "passages"))
        recall = Recall(store, embedder)
        caller = local_owner(_TENANT)
        plain: tuple[str, _Plain] | None = None
        for done, question in enumerate(questions, 1):
            if plain is None or plain[0] != question.dialogue:
                plain = question.dialogue, _Plain(store, embedder, question.dialogue)
            hits = recall.find(caller, question.text, question.dialogue, k=FIRST).hits
            yield question, {"": [hit.interaction for hit in hits], **plain[1].find(question.text)}
            if done % 20 == 0 or done == len(questions):
                run.progress(done, len(questions), "questions")


class _Plain:
    """The passages of one dialogue by BM25, with the date among the words, by vectors, and by both without context."""

    def __init__(self, store: Store, embedder: Embedder | None, dialogue: str) -> None:
        with store.read() as unit:
            self._stored = unit.passages.for_account(local_owner(_TENANT), dialogue)
        self._embedder = embedder
        self._counted = [Counter(words(item.passage.text)) for item in self._stored]
        pairs = zip(self._counted, self._stored, strict=True)
        self._dated = [count + Counter(date_words(item.passage.at)) for count, item in pairs]

    def find(self, text: str) -> Found:
        """The first ten by each way."""
        asked = words(text)
        by_words = score_words(word_weights(asked, self._dated), self._dated)
        ways = {
            "bm25": score_words(word_weights(asked, self._counted), self._counted),
            "bm25_date": by_words,
        }
        if self._embedder is not None:
            near = score_vectors(self._embedder.embed_query(text), [item.embedding for item in self._stored])
            by_vectors = [score or 0.0 for score in near]
            ways |= {
                "vectors": by_vectors,
                "rank_fusion": _reciprocal_ranks(by_words, by_vectors),
                "no_context": fuse(by_words, near),
            }
        return {way: self._first(scores) for way, scores in ways.items()}

    def _first(self, scores: Sequence[float]) -> list[str]:
        rows = sorted((row for row, score in enumerate(scores) if score > 0), key=lambda row: -scores[row])[:FIRST]
        return [self._stored[row].passage.interaction_id for row in rows]


def _reciprocal_ranks(*rankings: Sequence[float]) -> list[float]:
    """Reciprocal rank fusion, Cormack, Clarke & Büttcher (2009); a score of 0 has no rank."""
    fused = [0.0] * len(rankings[0])
    for scores in rankings:
        rows = sorted((row for row, score in enumerate(scores) if score), key=lambda row: -scores[row])
        for rank, row in enumerate(rows, start=1):
            fused[row] += 1 / (_RANK + rank)
    return fused
