"""No change to the audit log goes unnoticed: `python -m evals.bench.audit --records 10000`.

A log is written through the store. Then every record is edited in every field, deleted, exchanged with its neighbour,
and the log is cut after it, with the head left as it was and with the head set back as well: all of them, each from
the state in which the check of a whole log arrives at the record, which the records before it do not change. A sample
of each kind is also done to the database itself, and the whole log is checked there as `saleshub audit verify` does.
"""

import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.audit_chain import GENESIS, Break, Chain, Head, Line, first_break, sealed
from core.domain.audit import AuditEntry
from db.store import Store, open_store
from evals.bench.report import Figures, build_parser, print_figures

_KEY, _TENANT, _START = b"a key of this measurement", "bench", datetime(2026, 1, 5, 8, tzinfo=UTC)

_EDITS: dict[str, Callable[[Line], Line]] = {
    "edit_tenant": lambda line: replace(line, tenant="another"),
    "edit_seq": lambda line: replace(line, seq=line.seq + 1_000_000),
    "edit_at": lambda line: replace(line, at=line.at.replace("2026", "2027")),
    "edit_actor": lambda line: replace(line, actor=f"{line.actor} "),
    "edit_action": lambda line: replace(line, action="effect.rejected"),
    "edit_subject": lambda line: replace(line, subject=line.subject[:-1]),
    "edit_body": lambda line: replace(line, body=line.body.replace("within", "outside")),
    "edit_prev": lambda line: replace(line, prev=_flipped(line.prev)),
    "edit_hash": lambda line: replace(line, hash=_flipped(line.hash)),
}
_OTHERS = ("delete", "exchange", "cut", "cut_and_reset")

_CUT = "DELETE FROM audit_log WHERE seq >= :seq"
# The same changes as somebody makes them who can write to the database.
_STATEMENTS: dict[str, tuple[str, ...]] = {
    "edit_tenant": (
        "INSERT OR IGNORE INTO tenants SELECT 'another', 'another', created_at FROM tenants",
        "UPDATE audit_log SET tenant = 'another' WHERE seq = :seq",
    ),
    "edit_seq": ("UPDATE audit_log SET seq = seq + 1000000 WHERE seq = :seq",),
    "edit_at": ("UPDATE audit_log SET at = replace(at, '2026', '2027') WHERE seq = :seq",),
    "edit_actor": ("UPDATE audit_log SET actor = actor || ' ' WHERE seq = :seq",),
    "edit_action": ("UPDATE audit_log SET action = 'effect.rejected' WHERE seq = :seq",),
    "edit_subject": ("UPDATE audit_log SET subject = subject || '0' WHERE seq = :seq",),
    "edit_body": ("UPDATE audit_log SET body = replace(body, 'within', 'outside') WHERE seq = :seq",),
    "edit_prev": ("UPDATE audit_log SET prev = hash WHERE seq = :seq",),
    "edit_hash": ("UPDATE audit_log SET hash = prev WHERE seq = :seq",),
    "delete": ("DELETE FROM audit_log WHERE seq = :seq",),
    "exchange": (
        "UPDATE audit_log SET seq = -1 WHERE seq = :seq",
        "UPDATE audit_log SET seq = :seq WHERE seq = :seq + 1",
        "UPDATE audit_log SET seq = :seq + 1 WHERE seq = -1",
    ),
    "cut": (_CUT,),
    "cut_and_reset": (
        _CUT,
        "UPDATE audit_heads SET seq = :seq - 1, hash = (SELECT hash FROM audit_log WHERE audit_log.seq = :seq - 1)",
    ),
}


def _flipped(digest: str) -> str:
    return digest[:-1] + ("0" if digest[-1] != "0" else "1")


def _write_log(store: Store, records: int) -> None:
    """Decisions as the hub records them, a thousand to a transaction."""
    for start in range(0, records, 1000):
        with store.write() as unit:
            for number in range(start, min(start + 1000, records)):
                body = {"number": number, "digest": f"{number:064x}", "reason": "within policy"}
                entry = AuditEntry(actor="legal", action="effect.approved", subject=f"effect-{number}", body=body)
                unit.audit.append(_TENANT, entry, at=_START + timedelta(seconds=number))


def _spoilt(kind: str, lines: Sequence[Line], head: Head, index: int) -> tuple[Sequence[Line], Head]:
    """What follows the first `index` records, and the head, after a change of the kind to the record there."""
    line, after = lines[index], lines[index + 1 : index + 2]
    if kind in _EDITS:
        return (_EDITS[kind](line), *after), head
    if kind == "delete":
        return after, head
    if kind == "exchange":
        other = after[0] if after else lines[index - 1]
        return (replace(other, seq=line.seq), replace(line, seq=line.seq + 1)), head
    last = lines[index - 1].hash if index else GENESIS
    return (), head if kind == "cut" else sealed(b"not the key", _TENANT, index, last)


def _each_record(lines: Sequence[Line], head: Head) -> tuple[Counter[str], Counter[str]]:
    tried: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for kind in (*_EDITS, *_OTHERS):
        for index, line in enumerate(lines):
            if kind == "cut_and_reset" and index == 0:
                continue
            chain = Chain(_KEY, _TENANT, seq=line.seq - 1, prev=line.prev)
            tried[kind] += 1
            found[kind] += first_break(chain, *_spoilt(kind, lines, head, index)) is not None
    return tried, found


def _on_database(store: Store, file: Path, records: int, sample: int, seed: int) -> tuple[int, int, int]:
    """Changes tried, found, and found at the very record, on the database itself."""
    chance = random.Random(seed)
    tried = found = named = 0
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for table in ("audit_log", "audit_heads"):
            connection.execute(f"CREATE TEMP TABLE whole_{table} AS SELECT * FROM {table}")  # noqa: S608
        for kind in (*_EDITS, *_OTHERS):
            for seq in chance.sample(range(2, records), sample):
                for statement in _STATEMENTS[kind]:
                    connection.execute(statement, {"seq": seq})
                broken = _check(store)
                tried += 1
                found += broken is not None
                named += broken is not None and broken.seq == (seq - 1 if kind == "cut_and_reset" else seq)
                for table in ("audit_log", "audit_heads"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608
                    connection.execute(f"INSERT INTO {table} SELECT * FROM whole_{table}")  # noqa: S608
    return tried, found, named


def _check(store: Store) -> Break | None:
    with store.read() as unit:
        return first_break(Chain(_KEY, _TENANT), unit.audit.lines(_TENANT), unit.audit.head(_TENANT))


def measure(records: int, sample: int, seed: int = 7) -> Figures:
    """Changes tried and found. Raises RuntimeError when the untouched log is not whole."""
    with tempfile.TemporaryDirectory(prefix="saleshub-bench-") as folder:
        file = Path(folder) / "saleshub.sqlite"
        with open_store(f"sqlite:///{file}", audit_key=_KEY) as store:
            _write_log(store, records)
            start = time.perf_counter()
            if _check(store) is not None:
                raise RuntimeError("the log must be whole before it is changed")
            took = time.perf_counter() - start
            lines, head = _stored(store)
            tried, found = _each_record(lines, head)
            on_database = _on_database(store, file, records, sample, seed)
    told = dict(zip(("database_tried", "database_found", "database_named"), on_database, strict=True))
    return {
        "records": records,
        "tried": tried.total(),
        "found": found.total(),
        **{kind: f"{found[kind]}/{tried[kind]}" for kind in tried},
        **told,
        "missed": (tried - found).total() + told["database_tried"] - told["database_found"],
        "verify_s": round(took, 2),
    }


def _stored(store: Store) -> tuple[list[Line], Head]:
    with store.read() as unit:
        head = unit.audit.head(_TENANT)
        assert head is not None  # noqa: S101
        return list(unit.audit.lines(_TENANT)), head


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a change was not found."""
    parser = build_parser("audit", __doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=10, help="changes of each kind made to the database itself")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    figures = measure(options.records, options.sample, options.seed)
    print_figures(figures, as_json=options.json)
    return int(figures["missed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
