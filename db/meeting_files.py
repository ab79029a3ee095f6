"""Recordings and transcripts that people hand in: accepted once, followed, and done with."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from core.domain.meeting_files import FileStatus, MeetingFile, MeetingRequest
from core.errors import NotFoundError
from core.identity import Caller
from db.documents import to_json
from db.meeting_tables import meeting_file_parts, meeting_files
from db.rights import account_visible
from db.visits import key_taken
from db.writing import ensure_tenant, insert_new

Files: TypeAlias = list[MeetingFile]
Unfinished: TypeAlias = list[tuple[str, str]]

_GOING = (FileStatus.QUEUED.value, FileStatus.RUNNING.value)


class MeetingFiles:
    """Repository of files of meetings. A caller sees one while its account is visible to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, tenant: str, file: MeetingFile, key: str, digest: str) -> tuple[MeetingFile, bool]:
        """Record the file under its idempotency key; the one that holds the key, and whether it is this one.

        Safe from many processes at once. Raises ConflictError when the key was used with another request `digest`.
        """
        ensure_tenant(self._connection, tenant)
        row = {**_row(tenant, file), "idempotency_key": key.replace("\0", ""), "request_digest": digest}
        table = meeting_files
        insert_new(self._connection, table, [row])
        query = select(table).where(table.c.tenant == tenant, table.c.idempotency_key == row["idempotency_key"])
        held = self._connection.execute(query).one()
        if held.request_digest != digest:
            raise key_taken()
        return _file(held), held.id == file.id

    def load(self, tenant: str, file_id: str) -> MeetingFile:
        """A file whoever may see it, for the hub's own work; NotFoundError when there is none."""
        table = meeting_files
        row = self._connection.execute(
            select(table).where(table.c.tenant == tenant, table.c.id == file_id)
        ).one_or_none()
        if row is None:
            raise NotFoundError(
                f"no meeting “{file_id}”", field="meeting", remedy="`saleshub recall` names what is on record."
            )
        return _file(row)

    def get(self, caller: Caller, file_id: str) -> MeetingFile | None:
        """The file, when there is one and the caller may see it."""
        table = meeting_files
        query = select(table).where(account_visible(caller, table), table.c.id == file_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _file(row)

    def list(self, caller: Caller, *, account_id: str | None = None, limit: int = 50) -> Files:
        """The newest files the caller may see, newest first; of one account, if it is named."""
        table = meeting_files
        query = select(table).where(account_visible(caller, table))
        if account_id is not None:
            query = query.where(table.c.account_id == account_id)
        query = query.order_by(table.c.created_at.desc(), table.c.id).limit(limit)
        return [_file(row) for row in self._connection.execute(query)]

    def unfinished(self) -> Unfinished:
        """Tenant and id of every file that is queued or running, oldest first."""
        table = meeting_files
        query = select(table.c.tenant, table.c.id).where(table.c.status.in_(_GOING))
        query = query.order_by(table.c.created_at, table.c.id)
        return [(row.tenant, row.id) for row in self._connection.execute(query)]

    def begin(self, tenant: str, file_id: str) -> None:
        """Mark a file that is not over as being read."""
        self._change(tenant, file_id, {"status": FileStatus.RUNNING.value})

    def note_progress(self, tenant: str, file_id: str, heard_s: int, seconds: int) -> None:
        """Record how much of a recording is done."""
        self._change(tenant, file_id, {"heard_s": heard_s, "seconds": seconds})

    def mark(self, tenant: str, file_id: str, status: FileStatus, reason: str | None, at: datetime) -> bool:
        """End a file that is not over, with the reason if it failed, and forget its content; whether this call did."""
        self.drop_parts(tenant, file_id)
        return self._change(tenant, file_id, {"status": status.value, "reason": reason, "finished_at": at})

    def put_part(self, tenant: str, file_id: str, seq: int, content: bytes, *, at: datetime) -> None:
        """Keep a part of a file's content, counted from 0, until the file is over."""
        row = {"tenant": tenant, "file_id": file_id, "seq": seq, "content": content, "received_at": at}
        self._connection.execute(insert(meeting_file_parts), row)

    def part(self, tenant: str, file_id: str, seq: int) -> bytes | None:
        """A part of a file's content; None after the last."""
        table = meeting_file_parts
        of_file = (table.c.tenant == tenant, table.c.file_id == file_id)
        content: bytes | None = self._connection.scalar(select(table.c.content).where(*of_file, table.c.seq == seq))
        return content

    def drop_parts(self, tenant: str, file_id: str) -> None:
        """Forget a file's content."""
        table = meeting_file_parts
        self._connection.execute(delete(table).where(table.c.tenant == tenant, table.c.file_id == file_id))

    def drop_stray_parts(self, before: datetime) -> int:
        """Forget content from before a time whose file was never accepted; how many parts."""
        table, files = meeting_file_parts, meeting_files
        accepted = exists().where(files.c.tenant == table.c.tenant, files.c.id == table.c.file_id)
        return self._connection.execute(delete(table).where(table.c.received_at < before, ~accepted)).rowcount

    def propose_names(self, tenant: str, file_id: str, names: Mapping[str, str]) -> None:
        """Keep what the speakers of a file are proposed to be called, instead of what was proposed before."""
        table = meeting_files
        statement = update(table).where(table.c.tenant == tenant, table.c.id == file_id)
        self._connection.execute(statement.values(names=json.dumps(dict(names), ensure_ascii=False)))

    def names(self, tenant: str, file_id: str) -> dict[str, str]:
        """What the speakers of a meeting are proposed to be called; nothing for one that nobody handed in."""
        table = meeting_files
        found = self._connection.scalar(select(table.c.names).where(table.c.tenant == tenant, table.c.id == file_id))
        names: dict[str, str] = json.loads(found) if found else {}
        return names

    def _change(self, tenant: str, file_id: str, changes: dict[str, Any]) -> bool:
        """Whether the file was not over, and is changed."""
        table = meeting_files
        going = (table.c.tenant == tenant, table.c.id == file_id, table.c.status.in_(_GOING))
        return self._connection.execute(update(table).where(*going).values(changes)).rowcount == 1


def _row(tenant: str, file: MeetingFile) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "id": file.id,
        "body": to_json(file.request),
        "account_id": file.account_id,
        "account": file.account,
        "file": file.file,
        "requester": to_json(file.requester),
        "status": file.status.value,
        "reason": file.reason,
        "heard_s": file.heard_s,
        "seconds": file.seconds,
        "names": "{}",
        "created_at": file.created_at,
        "finished_at": file.finished_at,
    }


def _file(row: Row[Any]) -> MeetingFile:
    return MeetingFile(
        id=row.id,
        account_id=row.account_id,
        account=row.account,
        file=row.file,
        request=MeetingRequest.model_validate_json(row.body),
        requester=Caller.model_validate_json(row.requester),
        status=FileStatus(row.status),
        reason=row.reason,
        heard_s=row.heard_s,
        seconds=row.seconds,
        names=json.loads(row.names),
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
