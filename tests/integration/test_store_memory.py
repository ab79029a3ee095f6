"""Interactions and their passages."""

from datetime import datetime, timedelta, timezone

import pytest

from core.domain.base import System
from core.domain.interactions import Author, InteractionKind, Turn
from core.errors import NotFoundError
from core.identity import Caller, Role, local_owner
from db.store import Store
from tests.samples import NOW, account, interaction, passage, rep

OWNER = local_owner("t")


def test_an_interaction_comes_back_as_it_was(store: Store) -> None:
    call = interaction(
        form=InteractionKind.CALL,
        sender="lin@hengwei.example",
        recipients=("王芳", "sales@us.example"),
        subject="价格",
        turns=(Turn(speaker="Lin", start=0.5, end=3, text="Hello."), Turn(speaker="王芳", text="你好。")),
        author=Author.CUSTOMER,
        region="north",
        audience=frozenset({Role.REP}),
    )
    with store.write() as session:
        assert session.interactions.upsert("t", [call], ["calls.vtt:1"], at=NOW) == (["i1"], 0)
        assert session.records.last_good("t", System.MEMORY) == NOW
    with store.read() as session:
        assert session.interactions.get(OWNER, ["i1", "i2"]) == [call]
        assert session.interactions.load("t", ["i1"]) == [call]
        assert session.interactions.load("u", ["i1"]) == []


def test_times_of_any_zone_come_back_in_utc(store: Store) -> None:
    shanghai = datetime(2026, 3, 2, 17, 30, 0, 123456, timezone(timedelta(hours=8)))
    with store.write() as session:
        session.interactions.upsert("t", [interaction(at=shanghai)], [""], at=NOW)
        [found] = session.interactions.get(OWNER, ["i1"])
    assert (found.at, found.at.utcoffset()) == (shanghai, timedelta(0))


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    def write() -> None:
        with store.write() as session:
            session.records.upsert("t", [account()], [""], at=NOW.replace(tzinfo=None))

    with pytest.raises(Exception, match="without a zone"):
        write()


def test_an_account_is_told_in_order_up_to_a_day(store: Store) -> None:
    mails = [interaction(f"i{day}", at=NOW + timedelta(days=day)) for day in range(5)]
    with store.write() as session:
        session.interactions.upsert("t", [*reversed(mails), interaction("x", account_id="a2")], [""] * 6, at=NOW)
    with store.read() as session:
        told = session.interactions.for_account
        assert told(OWNER, "a1") == mails
        assert told(OWNER, "a1", until=mails[2].at) == mails[:3]
        assert told(OWNER, "a1", until=mails[3].at, limit=2) == mails[2:4]
        assert (session.interactions.count("t"), session.interactions.count("t", "a2")) == (6, 1)


def test_the_last_exchange_with_each_account_comes_within_the_readers_rights_and_time(store: Store) -> None:
    def at(day: int) -> datetime:
        return NOW + timedelta(days=day)

    legal = frozenset({Role.LEGAL})
    talks = [
        interaction("i1", at=at(1)),
        interaction("i2", at=at(2), audience=legal),
        interaction("i3", at=at(3), form=InteractionKind.NOTE),
        interaction("i4", at=at(4), form=InteractionKind.POST),
        interaction("i5", at=at(2), account_id="a2", form=InteractionKind.CALL),
        interaction("i6", at=at(2), account_id="a2"),
        interaction("i7", at=at(9), account_id="a2"),
    ]
    with store.write() as session:
        session.records.upsert("t", [account(region="north"), account("a2", region="south")], [""] * 2, at=NOW)
        session.interactions.upsert("t", talks, [""] * len(talks), at=NOW)
        session.interactions.upsert("u", [interaction("i1", at=at(9))], [""], at=NOW)
    with store.read() as session:

        def last(caller: Caller, until: datetime | None = None) -> list[str]:
            return [one.id for one in session.interactions.last_exchanges(caller, until=until)]

        assert last(OWNER) == ["i2", "i7"]
        # Of two at one moment the one with the higher id, as everywhere.
        assert last(OWNER, at(5)) == ["i2", "i6"]
        assert last(rep("t", {"north", "south"}), at(5)) == ["i1", "i6"]
        assert last(rep("t", {"south"}), at(5)) == ["i6"]
        assert last(OWNER, NOW) == []


def test_interactions_are_visible_by_their_rights_and_their_accounts(store: Store) -> None:
    legal = frozenset({Role.LEGAL})
    mails = [interaction("i1"), interaction("i2", audience=legal), interaction("i3", account_id="a2", region="south")]
    with store.write() as session:
        session.records.upsert("t", [account(region="north"), account("a2")], [""] * 2, at=NOW)
        session.interactions.upsert("t", mails, [""] * 3, at=NOW)
        session.passages.replace_many("t", {mail.id: [passage(mail)] for mail in mails})
    with store.read() as session:
        for caller, expected in (
            (rep("t", {"north"}), ["i1"]),
            (rep("t", {"north"}, Role.LEGAL), ["i1", "i2"]),
            (rep("t", {"south"}), ["i3"]),
            (rep("t"), ["i1", "i3"]),
            (OWNER, ["i1", "i2", "i3"]),
            (local_owner("u"), []),
        ):
            assert [found.id for found in session.interactions.get(caller, ["i1", "i2", "i3"])] == expected
            found = session.passages.get(caller, ["i1#0", "i2#0", "i3#0"])
            assert [stored.passage.interaction_id for stored in found] == expected


def test_a_changed_interaction_loses_its_passages(store: Store) -> None:
    mails = [interaction("i1"), interaction("i2")]
    with store.write() as session:
        session.interactions.upsert("t", mails, [""] * 2, at=NOW)
        session.passages.replace_many("t", {mail.id: [passage(mail, seq) for seq in range(2)] for mail in mails})
        assert session.interactions.without_passages("t") == []
        written = session.interactions.upsert("t", [interaction("i1", text="New."), mails[1]], [""] * 2, at=NOW)
        assert written == (["i1"], 1)
        assert [item.id for item in session.interactions.without_passages("t")] == ["i1"]
        assert session.passages.count("t") == 2


def test_passages_take_rights_and_language_from_their_interaction(store: Store) -> None:
    mail = interaction(region="north", audience=frozenset({Role.FINANCE, Role.REP}), lang="zh")
    with store.write() as session:
        session.interactions.upsert("t", [mail], [""], at=NOW)
        session.passages.replace("t", "i1", [passage(mail)])
        [stored] = session.passages.for_account(OWNER, "a1")
    assert stored.passage == passage(mail)
    assert (stored.lang, stored.region, stored.audience) == (mail.lang, mail.region, mail.audience)


def test_passages_need_their_interaction(store: Store) -> None:
    with store.write() as session, pytest.raises(NotFoundError, match="interaction"):
        session.passages.replace("t", "i1", [passage(interaction())])


def test_an_account_s_passages_are_read_up_to_a_day(store: Store) -> None:
    mails = [interaction(f"i{day}", at=NOW + timedelta(days=day)) for day in range(3)]
    with store.write() as session:
        session.interactions.upsert("t", mails, [""] * 3, at=NOW)
        session.passages.replace_many("t", {mail.id: [passage(mail, 1), passage(mail, 0)] for mail in mails})
        found = session.passages.for_account(OWNER, "a1", until=mails[1].at)
        again = session.passages.get(OWNER, ["i2#0", "i0#0"], until=mails[1].at)
    assert [stored.passage.id for stored in found] == ["i0#0", "i0#1", "i1#0", "i1#1"]
    assert [stored.passage.id for stored in again] == ["i0#0"]


def test_vectors_are_filled_in_newest_first_and_kept_by_embedder(store: Store) -> None:
    mails = [interaction(f"i{day}", at=NOW + timedelta(days=day)) for day in range(4)]
    with store.write() as session:
        session.interactions.upsert("t", mails, [""] * 4, at=NOW)
        session.passages.replace_many("t", {mail.id: [passage(mail)] for mail in mails})
        missing = session.passages.missing_embeddings("t", "e5", limit=3)
        assert [found.id for found in missing] == ["i3#0", "i2#0", "i1#0"]
        session.passages.store_embeddings("t", "e5", [(found, found.id.encode()) for found in missing])
    with store.read() as session:
        assert (session.passages.count("t"), session.passages.count_embedded("t", "e5")) == (4, 3)
        assert session.passages.count_embedded("t", "e6", account_id="a1") == 0
        assert [found.id for found in session.passages.missing_embeddings("t", "e5", account_id="a1")] == ["i0#0"]
        assert len(session.passages.missing_embeddings("t", "e6")) == 4
        stored = {one.passage.id: (one.embedding, one.embedder) for one in session.passages.for_account(OWNER, "a1")}
    assert stored["i0#0"] == (None, None)
    assert stored["i3#0"] == (b"i3#0", "e5")


def test_a_vector_of_a_text_that_changed_meanwhile_is_not_kept(store: Store) -> None:
    mail = interaction()
    with store.write() as session:
        session.interactions.upsert("t", [mail], [""], at=NOW)
        session.passages.replace("t", "i1", [passage(mail, text="Old.")])
        read_before = session.passages.missing_embeddings("t", "e5")
        session.passages.replace("t", "i1", [passage(mail, text="New.")])
        session.passages.store_embeddings("t", "e5", [(found, b"old") for found in read_before])
        assert session.passages.count_embedded("t", "e5") == 0


def test_all_passages_of_a_tenant_are_walked_once(store: Store) -> None:
    mails = [interaction(f"i{number}") for number in range(7)]
    with store.write() as session:
        for tenant in ("t", "u"):
            session.interactions.upsert(tenant, mails, [""] * 7, at=NOW)
            session.passages.replace_many(tenant, {mail.id: [passage(mail)] for mail in mails})
        walked = list(session.passages.iterate("t", batch=3))
    assert [len(batch) for batch in walked] == [3, 3, 1]
    assert [one.passage.id for batch in walked for one in batch] == [f"i{number}#0" for number in range(7)]
