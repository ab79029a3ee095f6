"""The vector index: Chroma, derived from the records, thrown away and made again whenever in doubt."""

import hashlib
import json
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
import structlog
from filelock import FileLock, Timeout

from core.ports.embedder import Vectors
from db.passages import StoredPassage
from db.store import Store
from db.writing import batches

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")

_PAGE = 500


class VectorIndex:
    """Nearest passages of a whole tenant; may be used from many threads. Nothing happens before the first `sync`.

    With the `url` of a Chroma server many processes share what it holds, and each writes what it finds missing there.
    Without, the index is a store in `folder`, owned by one process at a time. A store that was closed in good order is
    sealed with a digest of every file and opened again only while the seal fits: embedded Chroma may crash on, or
    quietly lose, what a killed process or a bad disk left behind, and nothing is lost by building it anew.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self._folder = folder
        self._url = url
        self._guard = threading.RLock()
        self._owner = FileLock(folder / "owner.lock", timeout=0, thread_local=False, preserve_lock_file=True)
        self._client: Any = None
        self._store_folder: Path | None = None
        self._current: dict[str, tuple[str, Collection]] = {}

    def sync(self, store: Store, tenant: str, embedder: str, *, stop: Event | None = None) -> bool:
        """Make the tenant's collection hold exactly the vectors `embedder` made; only differences are written.

        False when it is not done: another process owns the index, `stop` was set, or Chroma failed (a local store is
        then discarded, and the next call starts anew).
        """
        with self._guard:
            if not self._own():
                return False
            collection = self._guarded(partial(_collection, self._client, tenant, embedder))
        known = None if collection is None else self._guarded(partial(_held, collection))
        if collection is None or known is None:
            return False
        with store.read() as session:
            for stored in session.passages.iterate(tenant, _PAGE):
                if stop is not None and stop.is_set():
                    return False
                rows = [(item, _digest(item)) for item in stored if item.embedder == embedder and item.embedding]
                changed = [(item, digest) for item, digest in rows if known.pop(item.passage.id, None) != digest]
                if changed and self._guarded(partial(_write, collection, changed)) is None:
                    return False
        for gone in batches(list(known)):
            if self._guarded(partial(_drop, collection, gone)) is None:
                return False
        with self._guard:
            self._current[tenant] = (embedder, collection)
        return True

    def nearest(self, tenant: str, embedder: str, vector: Vectors, n: int, *, expected: int) -> list[str] | None:
        """Ids of the `n` passages nearest to a vector, nearest first; approximate beyond some thousands.

        None when the index cannot answer: not synced by this process, or not holding the `expected` number of vectors.
        """
        with self._guard:
            made_by, collection = self._current.get(tenant, (None, None))
            if collection is None or made_by != embedder:
                return None
            return self._guarded(partial(_nearest, collection, vector, n, expected))

    def close(self) -> None:
        """Seal the index and let another process have it."""
        with self._guard:
            client, self._client = self._client, None
            self._current.clear()
            # Without a seal the next owner builds it anew: nothing is lost when this fails.
            with suppress(Exception):
                if client is not None:
                    client.close()
                    # The client of a server leaves its connections open, and those of its check that the tenant exists.
                    for part in (client, client._admin_client):
                        with suppress(AttributeError):
                            part._server._session.close()
                if client is not None and self._store_folder is not None:
                    seal = {"store": self._store_folder.name, "files": _digests(self._store_folder)}
                    (self._folder / "seal.json").write_text(json.dumps(seal), "utf-8")
            self._owner.release(force=True)

    def _own(self) -> bool:
        if self._client is not None:
            return True
        if self._url is not None:
            return self._connect(self._url)
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._owner.acquire()
        except Timeout:
            return False
        import chromadb  # noqa: PLC0415 - two seconds that a process without an index need not pay
        from chromadb.config import Settings  # noqa: PLC0415

        version = chromadb.__version__
        self._store_folder = self._sealed(version) or self._folder / f"chroma-{version}-{uuid.uuid4().hex}"
        (self._folder / "seal.json").unlink(missing_ok=True)
        for old in self._folder.glob("chroma-*"):
            if old != self._store_folder:
                shutil.rmtree(old, ignore_errors=True)
        try:
            settings = Settings(anonymized_telemetry=False)
            self._client = chromadb.PersistentClient(str(self._store_folder), settings=settings)
        except Exception:
            structlog.get_logger().warning("the vector index does not open and is made anew", exc_info=True)
            self._discard()
        return self._client is not None

    def _connect(self, url: str) -> bool:
        import chromadb  # noqa: PLC0415 - two seconds that a process without an index need not pay
        from chromadb.config import Settings  # noqa: PLC0415

        place = urlsplit(url)
        secure = place.scheme == "https"
        try:
            self._client = chromadb.HttpClient(
                host=place.hostname or "localhost",
                port=place.port or (443 if secure else 8000),
                ssl=secure,
                settings=Settings(anonymized_telemetry=False),
            )
        except Exception as error:
            # Recall goes on without it; the next round tries again.
            structlog.get_logger().warning("the Chroma server does not answer", url=url, error=str(error))
        return self._client is not None

    def _sealed(self, version: str) -> Path | None:
        """The store that the seal fits, file by file."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            seal = json.loads((self._folder / "seal.json").read_text("utf-8"))
            store = self._folder / Path(seal["store"]).name
            if store.name.startswith(f"chroma-{version}-") and seal["files"] == _digests(store):
                return store
        return None

    def _guarded(self, work: Callable[[], T]) -> T | None:
        """The result of `work`, or None after Chroma failed, which costs it the store."""
        with self._guard:
            if self._client is None:
                return None
            try:
                return work()
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # a panic of Chroma's Rust core is no Exception
                structlog.get_logger().warning("the vector index failed and is opened anew", exc_info=True)
                self._discard()
                return None

    def _discard(self) -> None:
        with suppress(Exception):
            if self._client is not None:
                self._client.close()
        self._client = None
        self._current.clear()
        if self._store_folder is not None:
            shutil.rmtree(self._store_folder, ignore_errors=True)
        self._owner.release(force=True)


def collection_name(tenant: str) -> str:
    """A name Chroma accepts, different for different tenants whatever they are called."""
    return f"tenant-{hashlib.sha256(tenant.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _collection(client: Any, tenant: str, embedder: str) -> "Collection":
    """The tenant's collection; one that another embedder filled is replaced."""
    name = collection_name(tenant)
    told: dict[str, Any] = {
        "metadata": {"embedder": embedder},
        "configuration": {"hnsw": {"space": "ip"}},
        "embedding_function": None,
    }
    collection: Collection = client.get_or_create_collection(name, **told)
    if (collection.metadata or {}).get("embedder") != embedder:
        client.delete_collection(name)
        collection = client.create_collection(name, **told)
    return collection


def _held(collection: "Collection") -> dict[str, str]:
    """The digest of each vector the collection holds, by passage id."""
    return dict(_pages(collection))


def _pages(collection: "Collection") -> Iterator[tuple[str, str]]:
    offset = 0
    while (page := collection.get(include=["metadatas"], limit=_PAGE, offset=offset))["ids"]:
        metadatas: list[Mapping[str, Any] | None] = list(page["metadatas"] or [])
        yield from zip(page["ids"], (str((one or {}).get("digest")) for one in metadatas), strict=True)
        offset += _PAGE


def _write(collection: "Collection", rows: list[tuple[StoredPassage, str]]) -> int:
    vectors = np.stack([np.frombuffer(item.embedding or b"", dtype=np.float32) for item, _digest in rows])
    collection.upsert(
        ids=[item.passage.id for item, _digest in rows],
        embeddings=vectors,
        metadatas=[{"digest": digest} for _item, digest in rows],
    )
    return len(rows)


def _drop(collection: "Collection", ids: Sequence[str]) -> int:
    collection.delete(ids=list(ids))
    return len(ids)


def _nearest(collection: "Collection", vector: Vectors, n: int, expected: int) -> list[str] | None:
    if collection.count() != expected or not expected:
        return None
    found = collection.query(query_embeddings=[vector.tolist()], n_results=min(n, expected), include=["distances"])
    return list(found["ids"][0])


def _digest(item: StoredPassage) -> str:
    return hashlib.blake2b(item.embedding or b"", digest_size=8).hexdigest()


def _digests(folder: Path) -> dict[str, str]:
    """Digest of every file below `folder`, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
