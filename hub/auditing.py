"""The audit log of an installation: its key, whether it is whole, and its export."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from core.audit_chain import GENESIS, Break, Chain, Fault, Head, Line, exported, exported_head, first_break, read_export
from core.domain.audit import AuditRecord
from core.domain.base import Frozen
from core.errors import InvalidInputError, SetupError
from core.settings import Settings
from hub.installation import Platform

_KEY_FILE = "audit.key"


class AuditReport(Frozen):
    """Whether a log is whole. `head` is the hash to note elsewhere; `broken_at` and `fault` name the first break.

    `first` and `last` number the records found whole, those before the break if there is one; `last` is 0 for none.
    """

    tenant: str
    whole: bool
    first: int
    last: int
    head: str | None = None
    broken_at: int | None = None
    fault: Fault | None = None


def load_audit_key(settings: Settings) -> bytes:
    """The key of the audit log: from the settings, else from a file in `home`, which is made with mode 0600 if need be.

    Raises SetupError when the file is empty or cannot be read or written.
    """
    if settings.audit_key is not None:
        return settings.audit_key.get_secret_value().encode()
    path = settings.home / _KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text("ascii").strip().encode()
    except (OSError, ValueError) as error:
        raise SetupError(
            f"{path} cannot be used ({error})",
            field=_KEY_FILE,
            remedy="Make it readable, or set SALESHUB_AUDIT_KEY.",
        ) from error
    if not key:
        raise SetupError(f"{path} is empty", field=_KEY_FILE, remedy="Put the key back from your backup.")
    return key


def verify_log(platform: Platform, tenant: str, anchor: str | None = None) -> AuditReport:
    """Whether the tenant's log is whole, and, with `anchor`, whether it holds the record with that hash."""
    with platform.store.read() as unit:
        chain = Chain(load_audit_key(platform.settings), tenant)
        found = first_break(chain, unit.audit.lines(tenant), unit.audit.head(tenant), anchor)
    return _report(chain, tenant, found)


def verify_export(settings: Settings, path: Path, anchor: str | None = None) -> AuditReport:
    """Whether an exported file is whole; one that begins later than record 1 is checked from its first record on."""
    try:
        with path.open(encoding="utf-8") as file:
            return _verify_lines(load_audit_key(settings), read_export(file), anchor)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(
            f"{path} is not an export of the audit log", field="--file", remedy="Name one that `audit export` wrote."
        ) from error
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be read: {error.strerror}", field="--file", remedy="Name a file."
        ) from error


def export_log(platform: Platform, tenant: str, *, since: datetime | None = None) -> Iterator[str]:
    """The log as JSON Lines, each with its line end; the sealed head comes last."""
    with platform.store.read() as unit:
        for line in unit.audit.lines(tenant, since=since):
            yield f"{exported(line)}\n"
        head = unit.audit.head(tenant)
        if head is not None:
            yield f"{exported_head(head)}\n"


def list_records(platform: Platform, tenant: str, *, subject: str | None = None, limit: int = 50) -> list[AuditRecord]:
    """The newest records, of one subject if given, newest first."""
    with platform.store.read() as unit:
        return unit.audit.records(tenant, subject=subject, limit=limit)


def _make_key(path: Path) -> None:
    # Written aside and linked, so that of two processes one wins and nobody reads half a key.
    with NamedTemporaryFile("w", encoding="ascii", dir=path.parent, prefix=_KEY_FILE) as own:
        own.write(f"{secrets.token_hex(32)}\n")
        own.flush()
        os.fsync(own.fileno())
        with suppress(FileExistsError):
            os.link(own.name, path)


def _verify_lines(key: bytes, parts: Iterable[Line | Head], anchor: str | None) -> AuditReport:
    lines: list[Line] = []
    head: Head | None = None
    for part in parts:
        if isinstance(part, Head):
            head = part
        else:
            lines.append(part)
    if lines:
        tenant, before, prev = lines[0].tenant, lines[0].seq - 1, lines[0].prev
    else:
        tenant, before, prev = (head.tenant, head.seq, head.hash) if head else ("", 0, GENESIS)
    chain = Chain(key, tenant, seq=before, prev=prev if before else GENESIS)
    return _report(chain, tenant, first_break(chain, lines, head, anchor), before + 1)


def _report(chain: Chain, tenant: str, found: Break | None, first: int = 1) -> AuditReport:
    told = {"tenant": tenant, "first": first, "last": chain.seq}
    if found is None:
        return AuditReport(**told, whole=True, head=chain.prev if chain.seq else None)
    return AuditReport(**told, whole=False, broken_at=found.seq, fault=found.fault)
