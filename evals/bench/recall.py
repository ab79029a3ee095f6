"""What recall costs: `python -m evals.bench.recall`. What it finds is the suite `memory`.

CPU a query for the vectors of one account, by exact scan and by Chroma with `where`, in a tenant of 20,000 random
vectors.
"""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.ports.embedder import Vectors
from memory.ranking import score_vectors

FIRST = 10
PASSAGES = 20_000


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
    """Print the report as JSON."""
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps({"cost": measure_cost(Path(temporary) / "chroma")}, indent=2))


if __name__ == "__main__":
    main()
