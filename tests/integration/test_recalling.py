"""Recall as the hub offers it to people and agents."""

from pathlib import Path

import pytest

from core.errors import SourceError
from core.identity import local_owner
from core.settings import Settings
from hub.embedding import fill_embeddings
from hub.platform import open_platform
from hub.recalling import recall_history
from tests.databases import migrated_home
from tests.remembered import WordEmbedder, mail, remember
from tests.samples import NOW

OWNER = local_owner("t")


def test_the_answer_has_the_documented_fields(tmp_path: Path) -> None:
    with open_platform(Settings(home=migrated_home(tmp_path)), embedder=WordEmbedder()) as platform:
        remember(platform.store, mail("m1", "We need the pumps in May."))
        answer = recall_history(platform, OWNER, "pumps", "a1", until=NOW, k=3).model_dump(mode="json")
    (hit,) = answer["hits"]
    assert hit == {**hit, "interaction": "m1", "passage": "m1#0", "quote": "We need the pumps in May."}
    assert hit["score"] > 0
    assert answer["elapsed_ms"] >= 0
    assert answer["vectors"] == {"embedded": 0, "total": 1}


def test_filling_in_embeds_every_tenant_and_brings_the_index_up(tmp_path: Path) -> None:
    with open_platform(Settings(home=migrated_home(tmp_path)), embedder=WordEmbedder()) as platform:
        for tenant in ("t", "u"):
            remember(platform.store, mail("m1", "We need the pumps."), mail("m2", "Price?"), tenant=tenant)
        assert fill_embeddings(platform, account=("u", "a1")) == 4
        assert fill_embeddings(platform) == 0
        for tenant in ("t", "u"):
            vector = WordEmbedder().embed_query("Price?")
            assert platform.index.nearest(tenant, WordEmbedder.name, vector, 1, expected=2) == ["m2#0"]
        answer = recall_history(platform, OWNER, "pumps", None)
        assert answer.hits[0].interaction == "m1"
        assert (answer.vectors.embedded, answer.vectors.total) == (2, 2)


def test_without_an_embedder_recall_goes_by_words_and_says_so(tmp_path: Path) -> None:
    with open_platform(Settings(home=migrated_home(tmp_path), embedding_model="none")) as platform:
        remember(platform.store, mail("m1", "We need the pumps."))
        assert fill_embeddings(platform) == 0
        answer = recall_history(platform, OWNER, "pumps", "a1")
    assert [hit.interaction for hit in answer.hits] == ["m1"]
    assert (answer.vectors.embedded, answer.vectors.total) == (0, 1)


@pytest.mark.parametrize("reason", ["down", "forbidden", "malformed"])
async def test_a_memory_that_fails_says_how(tmp_path: Path, reason: str) -> None:
    settings = Settings(home=migrated_home(tmp_path), sandbox_faults={"memory": {reason: True}})
    with open_platform(settings, embedder=WordEmbedder()) as platform:
        with pytest.raises(SourceError, match=reason):
            await platform.memory.recall(OWNER, "pumps", "a1")
        with pytest.raises(SourceError, match=reason):
            await platform.memory.interactions(OWNER, "a1")


async def test_interactions_come_oldest_first_with_the_time_they_were_received(tmp_path: Path) -> None:
    with open_platform(Settings(home=migrated_home(tmp_path)), embedder=WordEmbedder()) as platform:
        remember(platform.store, mail("m1", "One."), mail("m2", "Two."))
        reading = await platform.memory.interactions(OWNER, "a1", NOW)
    assert [item.id for item in reading.records] == ["m1", "m2"]
    assert reading.as_of == NOW
