"""Threads and the questions in them. Each belongs to one user; for everybody else there is no such thread."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from core.domain.chat import Answer, Thread
from core.errors import ConflictError, NotFoundError
from core.identity import Caller, Role
from db.chat_tables import threads, turns
from db.checkpoints import delete_checkpoints
from db.documents import to_json
from db.rights import account_not_hidden
from db.writing import ensure_tenant

Reach: TypeAlias = tuple[str | None, tuple[Role, ...]]
ThreadList: TypeAlias = list[Thread]
TurnList: TypeAlias = "list[StoredTurn]"
Texts: TypeAlias = list[str]


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question as kept. Without an answer it is being answered, or, past `leased_until`, was cut off.

    `rights` are region and audience of every record that the answer tells of.
    """

    id: str
    question: str
    asked_at: datetime
    answer: Answer | None
    rights: tuple[Reach, ...]
    leased_until: datetime | None


class Threads:
    """Repository of threads. A thread about an account follows the present rights to that account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, tenant: str, thread: Thread) -> None:
        """Put a new thread on record."""
        ensure_tenant(self._connection, tenant)
        self._connection.execute(insert(threads).values(tenant=tenant, **thread.model_dump()))

    def get(self, caller: Caller, thread_id: str) -> Thread | None:
        """The caller's own thread with the id."""
        row = self._connection.execute(select(threads).where(_own(caller), threads.c.id == thread_id)).one_or_none()
        return None if row is None else _thread(row)

    def list(self, caller: Caller, account_id: str | None, limit: int) -> ThreadList:
        """The caller's threads, of one account where given, the last used first."""
        query = select(threads).where(_own(caller))
        if account_id is not None:
            query = query.where(threads.c.account_id == account_id)
        query = query.order_by(threads.c.updated_at.desc(), threads.c.id).limit(limit)
        return [_thread(row) for row in self._connection.execute(query)]

    def delete(self, caller: Caller, thread_id: str) -> bool:
        """Delete the caller's thread with all that was said in it; whether there was one."""
        gone = self._connection.execute(delete(threads).where(_own(caller), threads.c.id == thread_id)).rowcount == 1
        if gone:
            delete_checkpoints(self._connection, caller.tenant, thread_id)
        return gone

    def turns(self, tenant: str, thread_id: str) -> TurnList:
        """The questions of a thread, in order."""
        query = select(turns).where(turns.c.tenant == tenant, turns.c.thread_id == thread_id)
        return [_turn(row) for row in self._connection.execute(query.order_by(turns.c.asked_at, turns.c.id))]

    def last_questions(self, tenant: str, thread_id: str, most: int) -> Texts:
        """The last questions of a thread, at most so many, the oldest first."""
        query = select(turns.c.question).where(turns.c.tenant == tenant, turns.c.thread_id == thread_id)
        query = query.order_by(turns.c.asked_at.desc(), turns.c.id.desc()).limit(most)
        return [*self._connection.scalars(query)][::-1]

    def set_subject(self, tenant: str, thread_id: str, account_id: str, opportunity_id: str | None) -> None:
        """Say what a thread is about, if nobody has said so before."""
        mine = and_(threads.c.tenant == tenant, threads.c.id == thread_id, threads.c.account_id.is_(None))
        values = {"account_id": account_id, "opportunity_id": opportunity_id}
        self._connection.execute(update(threads).where(mine).values(values))

    def begin_turn(
        self, caller: Caller, thread_id: str, turn_id: str, question: str, *, at: datetime, until: datetime
    ) -> None:
        """Put a question on record, to be answered by `until`.

        Raises NotFoundError when the caller has no such thread, ConflictError while another question is answered in it.
        """
        # The thread's row is the lock under which its questions take turns.
        held = select(threads.c.id).where(_own(caller), threads.c.id == thread_id).with_for_update()
        if self._connection.execute(held).one_or_none() is None:
            raise no_thread(thread_id)
        going = select(turns.c.id).where(
            turns.c.tenant == caller.tenant,
            turns.c.thread_id == thread_id,
            turns.c.answer.is_(None),
            turns.c.leased_until > at,
        )
        if self._connection.execute(going.limit(1)).one_or_none() is not None:
            raise ConflictError(
                "another question is being answered in this thread",
                field="thread",
                remedy="Wait for its answer, or stop it, or ask in another thread.",
            )
        row = {"tenant": caller.tenant, "thread_id": thread_id, "id": turn_id, "question": question}
        self._connection.execute(insert(turns).values(**row, asked_at=at, leased_until=until))
        mine = and_(threads.c.tenant == caller.tenant, threads.c.id == thread_id)
        self._connection.execute(update(threads).where(mine).values(updated_at=at))

    def extend_turn(self, tenant: str, thread_id: str, turn_id: str, at: datetime, until: datetime) -> None:
        """Say that the question is answered until then; one that counts as cut off at `at` stays so."""
        held = and_(_open(tenant, thread_id, turn_id), turns.c.leased_until > at)
        self._connection.execute(update(turns).where(held).values(leased_until=until))

    def end_turn(self, tenant: str, thread_id: str, turn_id: str, answer: Answer, rights: tuple[Reach, ...]) -> bool:
        """Put the answer on record; False, and nothing changes, when the question is gone or has one."""
        values = {"answer": to_json(answer), "rights": json.dumps(rights), "leased_until": None}
        return (
            self._connection.execute(update(turns).where(_open(tenant, thread_id, turn_id)).values(values)).rowcount
            == 1
        )


def no_thread(thread_id: str) -> NotFoundError:
    """The error of a thread that does not exist for the caller."""
    return NotFoundError(f"no thread “{thread_id}”", field="thread", remedy="List your threads with GET /v1/threads.")


def _own(caller: Caller) -> ColumnElement[bool]:
    return and_(threads.c.tenant == caller.tenant, threads.c.user == caller.user, account_not_hidden(caller, threads))


def _open(tenant: str, thread_id: str, turn_id: str) -> ColumnElement[bool]:
    return and_(
        turns.c.tenant == tenant, turns.c.thread_id == thread_id, turns.c.id == turn_id, turns.c.answer.is_(None)
    )


def _thread(row: Row[Any]) -> Thread:
    fields = row._asdict()
    del fields["tenant"]
    return Thread.model_validate(fields)


def _turn(row: Row[Any]) -> StoredTurn:
    return StoredTurn(
        id=row.id,
        question=row.question,
        asked_at=row.asked_at,
        answer=None if row.answer is None else Answer.model_validate_json(row.answer),
        rights=tuple((region, tuple(map(Role, roles))) for region, roles in json.loads(row.rights or "[]")),
        leased_until=row.leased_until,
    )
