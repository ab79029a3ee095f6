"""An embedder that costs next to nothing, for measurements of everything around it."""

import zlib
from collections.abc import Sequence

import numpy as np

from core.ports.embedder import Vectors


class HashEmbedder:
    """Unit vectors from hashed pairs of characters; the same text always gives the same vector."""

    name = "hash-384"
    dimension = 384

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a text."""
        folded = text.casefold()
        pairs = [zlib.crc32(folded[at : at + 2].encode()) % self.dimension for at in range(max(1, len(folded) - 1))]
        counts = np.bincount(pairs, minlength=self.dimension).astype(np.float32)
        return np.asarray(counts / np.linalg.norm(counts), dtype=np.float32)
