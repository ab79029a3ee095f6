"""The audit log: numbered without gaps, kept with what it records, and no change to it goes unnoticed."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, text, update

from core.audit_chain import GENESIS, Break, Chain, Fault, exported, exported_head, first_break, sealed
from core.domain.audit import AuditEntry
from core.errors import InvalidInputError, SetupError
from core.settings import Settings
from db.hub_tables import audit_heads, audit_log
from db.store import Store, open_store
from hub.auditing import load_audit_key, verify_export
from hub.platform import open_platform
from tests.processes import in_processes

KEY = b"a key of this test"
AT = datetime(2026, 5, 20, 9, 30, 0, 120, tzinfo=UTC)


@pytest.fixture
def kept(store_url: str) -> Iterator[Store]:
    """A store whose log holds five records of one tenant and one of another."""
    with open_store(store_url, audit_key=KEY) as store:
        for number in range(5):
            _append(store, "t", number)
        _append(store, "other", 0)
        yield store


def _append(store: Store, tenant: str, number: int) -> None:
    entry = AuditEntry(
        actor="legal", action="effect.approved", subject=f"e{number}", body={"n": number, "why": "好 “ok”"}
    )
    with store.write() as unit:
        unit.audit.append(tenant, entry, at=AT + timedelta(seconds=number))


def _append_and_fail(store: Store) -> None:
    with store.write() as unit:
        unit.audit.append("t", AuditEntry(actor="a", action="b.c", subject="d"), at=AT)
        raise ZeroDivisionError


def _found(store: Store, tenant: str = "t", anchor: str | None = None, key: bytes = KEY) -> Break | None:
    with store.read() as unit:
        return first_break(Chain(key, tenant), unit.audit.lines(tenant), unit.audit.head(tenant), anchor)


def _change(store: Store, number: int, **values: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(
            update(audit_log).where(audit_log.c.tenant == "t", audit_log.c.seq == number).values(**values)
        )


def test_records_are_numbered_from_one_and_the_log_is_whole(kept: Store) -> None:
    with kept.read() as unit:
        assert [line.seq for line in unit.audit.lines("t")] == [1, 2, 3, 4, 5]
        assert unit.audit.records("t", subject="e3")[0].body == {"n": 3, "why": "好 “ok”"}
        assert [record.seq for record in unit.audit.records("t", limit=2)] == [5, 4]
        assert [line.seq for line in unit.audit.lines("t", since=AT + timedelta(seconds=3))] == [4, 5]
    assert _found(kept) is None
    assert _found(kept, "other") is None
    assert _found(kept, "nobody") is None


def test_what_is_rolled_back_is_not_on_record(kept: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _append_and_fail(kept)
    _append(kept, "t", 9)
    with kept.read() as unit:
        assert [line.subject for line in unit.audit.lines("t")][-2:] == ["e4", "e9"]
    assert _found(kept) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", AT + timedelta(days=1)),
        ("actor", "finance"),
        ("action", "effect.rejected"),
        ("subject", "e7"),
        ("body", '{"n": 2,"why":"好 “ok”"}'),
        ("body", "nothing"),
        ("prev", "1" * 64),
        ("hash", "1" * 64),
    ],
)
def test_an_edit_of_any_field_is_found_at_its_record(kept: Store, column: str, value: object) -> None:
    _change(kept, 3, **{column: value})
    assert _found(kept) == Break(3, Fault.CHANGED)


def test_a_renumbered_record_and_one_moved_to_another_tenant_are_found(kept: Store) -> None:
    _change(kept, 5, seq=9)
    assert _found(kept) == Break(5, Fault.MISSING)
    _change(kept, 9, seq=2, tenant="other")
    assert _found(kept, "other") == Break(2, Fault.CHANGED)


def test_a_deleted_record_is_found_wherever_it_was(kept: Store) -> None:
    for seq in (3, 1, 5):
        with kept.engine.begin() as connection:
            connection.execute(delete(audit_log).where(audit_log.c.tenant == "t", audit_log.c.seq == seq))
        assert _found(kept) == Break(min(seq, 3) if seq != 5 else 1, Fault.MISSING)


def test_the_newest_record_cannot_be_cut_off(kept: Store) -> None:
    with kept.engine.begin() as connection:
        connection.execute(delete(audit_log).where(audit_log.c.tenant == "t", audit_log.c.seq == 5))
    assert _found(kept) == Break(5, Fault.MISSING)
    with kept.read() as unit:
        last = list(unit.audit.lines("t"))[-1]
    forged = sealed(b"not the key", "t", 4, last.hash)
    with kept.engine.begin() as connection:
        values = {"seq": 4, "hash": last.hash, "seal": forged.seal}
        connection.execute(update(audit_heads).where(audit_heads.c.tenant == "t").values(**values))
    assert _found(kept) == Break(4, Fault.HEAD_FORGED)
    with pytest.raises(SetupError, match="its head was changed"):
        _append(kept, "t", 5)


def test_a_log_without_its_head_is_not_whole(kept: Store) -> None:
    with kept.engine.begin() as connection:
        connection.execute(delete(audit_heads).where(audit_heads.c.tenant == "t"))
    assert _found(kept) == Break(5, Fault.HEAD_MISSING)


def test_records_that_change_places_are_found(kept: Store) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        _change(kept, old, seq=new)
    assert _found(kept) == Break(2, Fault.CHANGED)


def test_only_the_key_makes_records_and_proves_them(kept: Store, store_url: str) -> None:
    assert _found(kept, key=b"guessed") == Break(1, Fault.CHANGED)
    with open_store(store_url, audit_key=b"guessed") as stranger, pytest.raises(SetupError, match="another key"):
        _append(stranger, "t", 6)
    assert _found(kept) is None


def test_a_log_set_back_as_a_whole_shows_against_a_head_noted_elsewhere(kept: Store) -> None:
    with kept.read() as unit:
        before, noted = unit.audit.head("t"), unit.audit.records("t", limit=1)[0]
    assert before is not None
    _append(kept, "t", 5)
    with kept.read() as unit:
        newest = unit.audit.records("t", limit=1)[0]
    with kept.engine.begin() as connection:
        connection.execute(delete(audit_log).where(audit_log.c.tenant == "t", audit_log.c.seq == 6))
        values = {"seq": before.seq, "hash": before.hash, "seal": before.seal}
        connection.execute(update(audit_heads).where(audit_heads.c.tenant == "t").values(**values))
    assert _found(kept) is None
    assert _found(kept, anchor=noted.hash) is None
    assert _found(kept, anchor=newest.hash) == Break(5, Fault.ANCHOR_MISSING)


def _append_many(url: str) -> None:
    with open_store(url, audit_key=KEY) as store, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: _append(store, "t", number), range(10)))


def test_writers_at_once_make_one_chain(store_url: str) -> None:
    with open_store(store_url):
        pass
    in_processes(_append_many, [store_url, store_url])
    with open_store(store_url, audit_key=KEY) as store:
        assert _found(store) is None
        with store.read() as unit:
            assert [line.seq for line in unit.audit.lines("t")] == list(range(1, 21))


def test_a_time_nobody_can_read_is_one_broken_record(sqlite_store: Store) -> None:
    for number in range(3):
        _append(sqlite_store, "t", number)
    with sqlite_store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_log SET at = 'yesterday' WHERE seq = 2"))
    assert _found(sqlite_store, key=b"") == Break(2, Fault.CHANGED)


def test_the_key_is_made_once_for_the_home_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedding_model="none")
    with open_platform(settings) as platform:
        _append(platform.store, "t", 0)
    assert (tmp_path / "audit.key").stat().st_mode & 0o777 == 0o600
    assert load_audit_key(settings) == load_audit_key(settings) != b""
    assert load_audit_key(Settings(home=tmp_path, audit_key=SecretStr("given"))) == b"given"
    (tmp_path / "audit.key").write_text("")
    with pytest.raises(SetupError, match="is empty"):
        load_audit_key(settings)


def _export(store: Store, path: Path, since: datetime | None = None) -> list[str]:
    with store.read() as unit:
        head = unit.audit.head("t")
        assert head is not None
        lines = [*map(exported, unit.audit.lines("t", since=since)), exported_head(head)]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return lines


def test_an_export_is_checked_without_the_database(kept: Store, tmp_path: Path) -> None:
    settings, path = Settings(home=tmp_path, audit_key=SecretStr(KEY.decode())), tmp_path / "log.jsonl"
    lines = _export(kept, path)
    report = verify_export(settings, path)
    assert (report.whole, report.first, report.last) == (True, 1, 5)
    _export(kept, path, since=AT + timedelta(seconds=2))
    report = verify_export(settings, path)
    assert (report.whole, report.first, report.last) == (True, 3, 5)
    for spoilt in (lines[:2] + lines[3:], lines[:4] + lines[5:], [lines[1], lines[0], *lines[2:]], lines[:5]):
        path.write_text("\n".join(spoilt), "utf-8")
        assert not verify_export(settings, path).whole
    path.write_text("[]\n")
    with pytest.raises(InvalidInputError, match="not an export"):
        verify_export(settings, path)


def test_a_record_can_be_checked_by_anybody_with_the_key_and_a_json_library(kept: Store, tmp_path: Path) -> None:
    first = json.loads(_export(kept, tmp_path / "log.jsonl")[0])
    claimed = first.pop("hash")
    message = json.dumps(first, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert first["prev"] == GENESIS
    assert hmac.new(KEY, message, hashlib.sha256).hexdigest() == claimed
