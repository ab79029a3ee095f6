"""The vector index is derived: whatever happens to its files, it comes back by itself and recall goes on."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from db.store import Store
from evals.bench.server import free_port
from memory.embedding import embed_missing
from memory.index import VectorIndex, collection_name
from memory.recall import Recall
from tests.remembered import WordEmbedder, mail, remember
from tests.samples import rep

EMBEDDER = WordEmbedder()
TEXTS = ("delivery of pumps", "price of valves", "safety manual", "contract renewal")


@contextmanager
def opened(folder: Path) -> Iterator[VectorIndex]:
    index = VectorIndex(folder)
    try:
        yield index
    finally:
        index.close()


def nearest(index: VectorIndex, query: str, tenant: str = "t", expected: int = 4) -> list[str] | None:
    return index.nearest(tenant, EMBEDDER.name, EMBEDDER.embed_query(query), 1, expected=expected)


def stores_below(folder: Path) -> list[Path]:
    return sorted(folder.glob("chroma-*"))


@pytest.fixture
def filled(sqlite_store: Store) -> Store:
    """A store with four embedded passages of each of two tenants."""
    for tenant in ("t", "other"):
        remember(sqlite_store, *(mail(f"m{i}", text) for i, text in enumerate(TEXTS)), tenant=tenant)
        embed_missing(sqlite_store, EMBEDDER, tenant)
    return sqlite_store


def test_it_answers_after_a_sync_and_only_then(filled: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "index") as index:
        assert nearest(index, "price of valves") is None
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "price of valves") == ["m1#0"]
        assert nearest(index, "price of valves", expected=5) is None
        assert nearest(index, "price of valves", tenant="other") is None


def test_a_sync_brings_additions_changes_and_removals(filled: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "index") as index:
        index.sync(filled, "t", EMBEDDER.name)
        remember(filled, mail("m1", "visit next week"), mail("m9", "crane inspection"))
        embed_missing(filled, EMBEDDER, "t")
        assert nearest(index, "crane inspection", expected=5) is None
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "crane inspection", expected=5) == ["m9#0"]
        assert nearest(index, "visit next week", expected=5) == ["m1#0"]
        with filled.write() as session:
            session.passages.replace("t", "m9", [])
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "crane inspection", expected=4) != ["m9#0"]


def test_a_sealed_index_is_opened_again_as_it_was(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    for _round in range(2):
        with opened(folder) as index:
            index.sync(filled, "t", EMBEDDER.name)
            stores = stores_below(folder)
            assert nearest(index, "safety manual") == ["m2#0"]
    assert len(stores) == 1
    assert stores == stores_below(folder)


@pytest.mark.parametrize("seed", range(4))
def test_damage_to_any_file_is_noticed_and_mended(filled: Store, tmp_path: Path, seed: int) -> None:
    folder, dice = tmp_path / "index", random.Random(seed)
    with opened(folder) as index:
        index.sync(filled, "t", EMBEDDER.name)
    (before,) = stores_below(folder)
    victim = dice.choice(sorted(path for path in before.rglob("*") if path.is_file() and path.stat().st_size))
    content = bytearray(victim.read_bytes())
    at = dice.randrange(len(content))
    content[at] ^= 0xFF
    victim.write_bytes(content if seed % 2 else content[:at])
    with opened(folder) as index:
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "contract renewal") == ["m3#0"]
        assert stores_below(folder) != [before]


def test_a_deleted_index_is_made_again(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with opened(folder) as index:
        index.sync(filled, "t", EMBEDDER.name)
    shutil.rmtree(folder)
    with opened(folder) as index:
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "delivery of pumps") == ["m0#0"]


@pytest.mark.parametrize("seal", ["", "{}", "[1]", '{"store": "../../etc", "files": {}}', "\udcff"])
def test_a_broken_seal_means_a_new_index(filled: Store, tmp_path: Path, seal: str) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "seal.json").write_text(seal, "utf-8", errors="surrogateescape")
    with opened(folder) as index:
        assert index.sync(filled, "t", EMBEDDER.name)


def test_killed_while_writing_it_opens_again(filled: Store, tmp_path: Path) -> None:
    url = str(filled.engine.url)
    remember(filled, *(mail(f"n{i}", f"number {i}") for i in range(600)))
    embed_missing(filled, EMBEDDER, "t", batch=600)
    program = f"""
import pathlib
from db.store import open_store
from memory import index as module
write = module._write
def announced(collection, rows):
    write(collection, rows)
    print("writing", flush=True)
    while True:
        write(collection, rows)
module._write = announced
with open_store({url!r}) as store:
    module.VectorIndex(pathlib.Path({str(tmp_path / "index")!r})).sync(store, "t", {EMBEDDER.name!r})
"""
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"writing\n"
        with opened(tmp_path / "index") as second:
            assert not second.sync(filled, "t", EMBEDDER.name)
        child.send_signal(signal.SIGKILL)
    with opened(tmp_path / "index") as index:
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "number 77", expected=604) == ["n77#0"]


def test_recall_over_all_accounts_is_the_same_with_the_index_and_without(filled: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "index") as index:
        index.sync(filled, "t", EMBEDDER.name)
        with_index = Recall(filled, EMBEDDER, index).find(rep(), "price of valves", None)
        assert with_index == Recall(filled, EMBEDDER).find(rep(), "price of valves", None)
        assert with_index.hits[0].passage == "m1#0"


def test_a_store_that_fails_in_use_is_given_up_and_made_anew(filled: Store, tmp_path: Path) -> None:
    with opened(tmp_path / "index") as index:
        index.sync(filled, "t", EMBEDDER.name)
        index._client.delete_collection(collection_name("t"))
        assert nearest(index, "price of valves") is None
        assert Recall(filled, EMBEDDER, index).find(rep(), "price of valves", None).hits
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "price of valves") == ["m1#0"]


@pytest.mark.parametrize("tenant", ["", "t", "T", "t ", "公司", "a/b", "x" * 5000, "\ud800", "\0"])
def test_every_tenant_has_a_collection_of_its_own(tenant: str) -> None:
    others = {collection_name(other) for other in ("u", "U", "公司二", "a_b")}
    assert collection_name(tenant) not in others
    assert collection_name(tenant).replace("-", "").isalnum()


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running Chroma server."""
    port = free_port()
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(tmp_path_factory.mktemp("chroma"))]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{url}/api/v2/heartbeat").raise_for_status()
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_processes_share_what_a_chroma_server_holds(filled: Store, tmp_path: Path, chroma_server: str) -> None:
    one, other = (VectorIndex(tmp_path / name, chroma_server) for name in ("one", "other"))
    for index in (one, other):
        assert index.sync(filled, "t", EMBEDDER.name)
        assert nearest(index, "price of valves") == ["m1#0"]
    remember(filled, mail("new", "number 77"))
    embed_missing(filled, EMBEDDER, "t")
    assert one.sync(filled, "t", EMBEDDER.name)
    assert nearest(other, "number 77", expected=5) == ["new#0"]
    one.close()
    assert nearest(other, "price of valves", expected=5) == ["m1#0"]
    other.close()


def test_without_an_answer_from_its_server_the_index_says_that_it_cannot(filled: Store, tmp_path: Path) -> None:
    index = VectorIndex(tmp_path, f"http://127.0.0.1:{free_port()}")
    assert not index.sync(filled, "t", EMBEDDER.name)
    assert nearest(index, "price of valves") is None
