"""How the audit log is chained: each record's hash covers the hash before it, and a seal covers the newest.

Hash and seal are HMAC-SHA256, so that somebody who can write to the database but lacks the key can neither change a
record nor cut the log and set the head back without it being seen.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from core.domain.audit import AuditRecord

GENESIS = "0" * 64
"""What the first record has as the hash before it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is stored and hashed: `at` in UTC with microseconds, `body` as canonical JSON."""

    tenant: str
    seq: int
    at: str
    actor: str
    action: str
    subject: str
    body: str
    prev: str
    hash: str = ""

    def record(self) -> AuditRecord:
        """The record."""
        return AuditRecord(
            seq=self.seq,
            at=datetime.fromisoformat(self.at),
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            body=json.loads(self.body),
            prev=self.prev,
            hash=self.hash,
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record's number and hash (0 and `GENESIS` before the first), and the seal over them."""

    tenant: str
    seq: int
    hash: str
    seal: str


class Fault(StrEnum):
    """What can be wrong with a log."""

    MISSING = "missing"
    CHANGED = "changed"
    MISPLACED = "misplaced"
    HEAD_FORGED = "head_forged"
    HEAD_MISSING = "head_missing"
    HEAD_DIFFERS = "head_differs"
    ANCHOR_MISSING = "anchor_missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a log is not whole: the record's number, and what is wrong there."""

    seq: int
    fault: Fault


def canonical(value: Any) -> str:
    """A JSON value with sorted keys, no spaces, and characters as they are. NaN raises ValueError."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def moment_of(at: datetime) -> str:
    """A time as it is hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(key: bytes, line: Line) -> str:
    """HMAC-SHA256 (hexadecimal) over the record without its hash, as canonical JSON in UTF-8."""
    quote = json.JSONEncoder(ensure_ascii=False).encode
    # Put together by hand: keys in order around the body as it is stored, so that not a space of it can change.
    text = (
        f'{{"action":{quote(line.action)},"actor":{quote(line.actor)},"at":{quote(line.at)},"body":{line.body},'
        f'"prev":{quote(line.prev)},"seq":{line.seq},"subject":{quote(line.subject)},"tenant":{quote(line.tenant)}}}'
    )
    return hmac.digest(key, text.encode(), "sha256").hex()


def sealed(key: bytes, tenant: str, seq: int, newest: str) -> Head:
    """The head of a log whose newest record has this number and hash."""
    text = canonical({"head": newest, "seq": seq, "tenant": tenant})
    return Head(tenant, seq, newest, hmac.digest(key, text.encode(), "sha256").hex())


def is_sealed(key: bytes, head: Head) -> bool:
    """Whether the head was written by somebody with the key."""
    return hmac.compare_digest(sealed(key, head.tenant, head.seq, head.hash).seal.encode(), head.seal.encode())


class Chain:
    """Follows a log record by record. `seq` and `prev` are those of the record before the first one given."""

    def __init__(self, key: bytes, tenant: str, *, seq: int = 0, prev: str = GENESIS) -> None:
        self._key = key
        self._tenant = tenant
        self.seq = seq
        self.prev = prev

    def follow(self, line: Line) -> Break | None:
        """What is wrong with the next record, if anything."""
        if line.seq != self.seq + 1:
            return Break(self.seq + 1, Fault.MISSING if line.seq > self.seq else Fault.MISPLACED)
        try:
            computed = hash_of(self._key, line)
        except (TypeError, ValueError):
            return Break(line.seq, Fault.UNREADABLE)
        if line.tenant != self._tenant or computed != line.hash:
            return Break(line.seq, Fault.CHANGED)
        if line.prev != self.prev:
            return Break(line.seq, Fault.MISPLACED)
        self.seq, self.prev = line.seq, line.hash
        return None

    def end(self, head: Head | None) -> Break | None:
        """What is wrong after the last record, given the stored head. An empty log needs none."""
        if head is None:
            return Break(self.seq, Fault.HEAD_MISSING) if self.seq else None
        if head.tenant != self._tenant or not is_sealed(self._key, head):
            return Break(self.seq, Fault.HEAD_FORGED)
        if head.seq > self.seq:
            return Break(self.seq + 1, Fault.MISSING)
        return Break(self.seq, Fault.HEAD_DIFFERS) if (head.seq, head.hash) != (self.seq, self.prev) else None


def first_break(chain: Chain, lines: Iterable[Line], head: Head | None, anchor: str | None = None) -> Break | None:
    """The first place where a log is not whole; `anchor` is a hash noted earlier that must be in it."""
    seen = anchor is None
    for line in lines:
        found = chain.follow(line)
        if found is not None:
            return found
        seen = seen or line.hash == anchor
    found = chain.end(head)
    if found is None and not seen:
        return Break(chain.seq, Fault.ANCHOR_MISSING)
    return found


def exported(line: Line) -> str:
    """The record as one line of JSON: what was hashed, and the hash."""
    shown = {
        name: getattr(line, name) for name in ("tenant", "seq", "at", "actor", "action", "subject", "prev", "hash")
    }
    return canonical({**shown, "body": json.loads(line.body)})


def exported_head(head: Head) -> str:
    """The head as the last line of an export."""
    return canonical({"tenant": head.tenant, "head": head.hash, "seq": head.seq, "seal": head.seal})


def read_export(lines: Iterable[str]) -> Iterator[Line | Head]:
    """The records and the head of an export. Raises ValueError, KeyError or TypeError on a line that is neither."""
    for text in lines:
        given = json.loads(text)
        if "seal" in given:
            yield Head(given["tenant"], given["seq"], given["head"], given["seal"])
        else:
            yield Line(**{**given, "body": canonical(given["body"])})
