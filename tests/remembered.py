"""What tests put into memory, and an embedder whose vectors they can foretell."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.domain.interactions import Interaction
from core.ports.embedder import Vectors
from db.store import Store
from memory.passages import split_passages
from tests.samples import NOW, interaction


class WordEmbedder:
    """Vectors from the words of a text: texts with the same words lie together, others at right angles, about."""

    name = "words-64"
    dimension = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        self.embedded += texts
        return np.array([self.embed_query(text) for text in texts], dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a text."""
        total = np.full(self.dimension, 1e-3)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest())
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def remember(store: Store, *told: Interaction, tenant: str = "t") -> None:
    """Store interactions with their passages."""
    with store.write() as session:
        session.interactions.upsert(tenant, told, ["test"] * len(told), at=NOW)
        session.passages.replace_many(tenant, {item.id: split_passages(item) for item in told})


def mail(id_: str, text: str, **fields: Any) -> Interaction:
    """A mail of account `a1` with a text."""
    return interaction(id_, text=text, **fields)
