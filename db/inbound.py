"""Customers' messages that wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Select, and_, exists, select, update

from core.domain.base import Evidence
from core.domain.inbound import Inbound, InboundStatus, StageMove
from core.domain.interactions import Interaction
from core.domain.views.reply import ReplyDraft
from core.identity import Caller
from core.text import address_of
from db.inbound_tables import inbound
from db.rights import account_visible, visible
from db.tables import interactions
from db.writing import insert_new

Messages: TypeAlias = list[Inbound]
_EVIDENCE = TypeAdapter(dict[str, Evidence])
_OVER = [status.value for status in InboundStatus if status.is_over]


# An import may bring a week of mail at once; what comes in meanwhile must not wait behind it.
_JUST_NOW = timedelta(minutes=15)
_AHEAD_OF_BACKLOG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that a worker holds `until` then: the company, and which attempt this is."""

    tenant: str
    message: Inbound
    attempt: int
    until: datetime


class InboundMessages:
    """Repository of messages that wait for an answer; each is worked on by one worker at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def notice(self, tenant: str, messages: Sequence[Interaction], *, at: datetime) -> None:
        """Have messages prepared; one that is known already stays as it is."""
        rows = [
            {
                "tenant": tenant,
                "id": message.id,
                "account_id": message.account_id,
                "sender": address_of(message.sender or ""),
                "status": InboundStatus.NEW.value,
                "received_at": message.at,
                "noticed_at": at,
                "evidence": "{}",
                "due_at": at - _AHEAD_OF_BACKLOG if at - message.at <= _JUST_NOW else at,
                "attempts": 0,
            }
            for message in messages
        ]
        insert_new(self._connection, inbound, rows)

    def answered_by(self, tenant: str, mail: Interaction) -> int:
        """End the messages that a mail of ours answers: earlier ones of the account, by one of its recipients."""
        table, recipients = inbound, sorted({address_of(one) for one in mail.recipients} - {""})
        statement = update(table).where(
            table.c.tenant == tenant,
            table.c.account_id == mail.account_id,
            table.c.sender.in_(recipients),
            table.c.received_at < mail.at,
            table.c.status.not_in(_OVER),
        )
        ended = {"status": InboundStatus.ANSWERED.value, "ended_at": mail.at}
        return self._connection.execute(statement.values(ended)).rowcount

    def take(self, now: datetime, lease: timedelta) -> Taken | None:
        """Take the message that is due longest, in any company; those that have just come in are due before others.

        Nobody else gets it before `lease` is over. None when there is nothing to do.
        """
        table = inbound
        due = and_(table.c.status == InboundStatus.NEW.value, table.c.due_at <= now)
        query = select(table).where(due).order_by(table.c.due_at, table.c.tenant, table.c.id).limit(20)
        for row in self._connection.execute(query).all():
            statement = update(table).where(_is(row.tenant, row.id), due)
            until = now + lease
            taken = self._connection.execute(statement.values(due_at=until, attempts=row.attempts + 1))
            if taken.rowcount == 1:
                return Taken(row.tenant, _message(row), row.attempts + 1, until)
        return None

    def prepare(self, tenant: str, message: Inbound, *, held_until: datetime) -> bool:
        """Keep what was prepared for a message that is still new and still held until then; False when it is not."""
        prepared = {
            "status": message.status.value,
            "prepared_at": message.prepared_at,
            "ended_at": message.ended_at,
            "assigned_to": message.assigned_to,
            "stage": None if message.stage is None else message.stage.model_dump_json(),
            "draft": None if message.draft is None else message.draft.model_dump_json(),
            "evidence": _EVIDENCE.dump_json(message.evidence).decode(),
        }
        held = and_(inbound.c.status == InboundStatus.NEW.value, inbound.c.due_at == held_until)
        statement = update(inbound).where(_is(tenant, message.id), held)
        return self._connection.execute(statement.values(prepared)).rowcount == 1

    def renew(self, tenant: str, id_: str, *, assigned_to: str, at: datetime) -> bool:
        """Have a message that is not over prepared anew for another user; False when it is over."""
        changed = {"status": InboundStatus.NEW.value, "assigned_to": assigned_to, "due_at": at, "attempts": 0}
        return self._change_open(tenant, id_, changed)

    def end(
        self, tenant: str, id_: str, status: InboundStatus, *, by: str, at: datetime, edited: str | None = None
    ) -> bool:
        """End a message that is not over; False when it is."""
        return self._change_open(
            tenant, id_, {"status": status.value, "ended_by": by, "ended_at": at, "edited": edited}
        )

    def get(self, caller: Caller, id_: str) -> Inbound | None:
        """The message, if the caller may see it."""
        row = self._connection.execute(self._seen_by(caller).where(inbound.c.id == id_)).one_or_none()
        return None if row is None else _message(row)

    def list(
        self, caller: Caller, *, assigned_to: str | None = None, waiting: bool = True, limit: int = 100
    ) -> Messages:
        """Messages the caller may see, newest first: those of one user where named, all or only those not over."""
        query = self._seen_by(caller)
        if assigned_to is not None:
            query = query.where(inbound.c.assigned_to == assigned_to)
        if waiting:
            query = query.where(inbound.c.status.not_in(_OVER))
        rows = self._connection.execute(query.order_by(inbound.c.received_at.desc(), inbound.c.id).limit(limit))
        return [_message(row) for row in rows]

    def _seen_by(self, caller: Caller) -> Select[Any]:
        """Messages whose account and text the caller may see."""
        theirs = and_(interactions.c.tenant == inbound.c.tenant, interactions.c.id == inbound.c.id)
        text_seen = exists(select(interactions.c.id).where(theirs, visible(caller, interactions)))
        return select(inbound).where(account_visible(caller, inbound), text_seen)

    def _change_open(self, tenant: str, id_: str, changed: dict[str, Any]) -> bool:
        statement = update(inbound).where(_is(tenant, id_), inbound.c.status.not_in(_OVER))
        return self._connection.execute(statement.values(changed)).rowcount == 1


def _is(tenant: str, id_: str) -> Any:
    return and_(inbound.c.tenant == tenant, inbound.c.id == id_)


def _message(row: Row[Any]) -> Inbound:
    plain = {name: getattr(row, name) for name in Inbound.model_fields if name not in ("stage", "draft", "evidence")}
    return Inbound(
        **plain,
        stage=None if row.stage is None else StageMove.model_validate_json(row.stage),
        draft=None if row.draft is None else ReplyDraft.model_validate_json(row.draft),
        evidence=_EVIDENCE.validate_json(row.evidence),
    )
