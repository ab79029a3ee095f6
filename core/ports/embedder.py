"""Text embeddings."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into unit vectors; queries and passages may be embedded differently."""

    @property
    def name(self) -> str:
        """Model and version; vectors of different names never mix."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (len(texts), dimension)."""

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query, shape (dimension,)."""
