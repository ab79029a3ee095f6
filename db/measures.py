"""What boards count: times and outcomes, never what was asked or said. A caller counts what they may see."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, func, or_, select

from core.domain.boards import Answered, Asked, Fed, Followed
from core.domain.chat import Answer
from core.domain.effects import EffectStatus
from core.domain.inbound import InboundStatus
from core.domain.visits import RunStatus
from core.identity import Caller
from db.chat_tables import threads, turns
from db.effect_tables import effects
from db.inbound_tables import inbound
from db.rights import account_visible
from db.tables import interactions, system_records, system_states
from db.visit_tables import packages, recommendations, visit_requests

AskedList: TypeAlias = list[Asked]
FollowedList: TypeAlias = list[Followed]


class Measures:
    """Repository of the rows that boards are computed from."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def visits(self, caller: Caller, since: datetime) -> AskedList:
        """Visit requests filed since then: answered when their package was made."""
        table = visit_requests
        query = select(table.c.created_at, table.c.finished_at, table.c.status, table.c.requester)
        rows = self._connection.execute(query.where(account_visible(caller, table), table.c.created_at >= since))
        return [
            Asked(
                kind="visit",
                at=row.created_at,
                answered_at=row.finished_at if RunStatus(row.status) is not RunStatus.FAILED else None,
                dropped=RunStatus(row.status) is RunStatus.FAILED,
                roles=Caller.model_validate_json(row.requester).roles,
            )
            for row in rows
        ]

    def messages(self, caller: Caller, since: datetime) -> AskedList:
        """Customers' messages noticed since then: answered when a person sent the reply.

        Their time begins when the hub had them: an export brings mail that is weeks old.
        """
        table = inbound
        query = select(table.c.noticed_at, table.c.ended_at, table.c.status)
        rows = self._connection.execute(query.where(account_visible(caller, table), table.c.noticed_at >= since))
        return [
            Asked(
                kind="message",
                at=row.noticed_at,
                answered_at=row.ended_at if row.status == InboundStatus.ANSWERED.value else None,
                dropped=row.status == InboundStatus.DISMISSED.value,
            )
            for row in rows
        ]

    def questions(self, caller: Caller, since: datetime) -> list[Answered]:
        """How questions of chat asked since then ended; those about no customer count for every region.

        One that is being answered, or whose answer a crash cut off, has not ended.
        """
        of = (threads.c.tenant == turns.c.tenant) & (threads.c.id == turns.c.thread_id)
        seen: ColumnElement[bool] = (threads.c.tenant == caller.tenant) & turns.c.answer.is_not(None)
        if caller.regions is not None:
            seen &= or_(threads.c.account_id.is_(None), account_visible(caller, threads))
        query = select(turns.c.asked_at, turns.c.answer).join(threads, of).where(seen, turns.c.asked_at >= since)
        found = []
        for row in self._connection.execute(query):
            answer = Answer.model_validate_json(row.answer)
            seconds = answer.elapsed_ms / 1000
            found.append(
                Answered(at=row.asked_at, status=answer.status, model_calls=answer.model_calls, seconds=seconds)
            )
        return found

    def packages(self, caller: Caller, since: datetime) -> FollowedList:
        """Packages made since then: how many recommendations each gave, and what became of the writes it led to."""
        run = visit_requests
        of_run = (run.c.tenant == packages.c.tenant) & (run.c.run_id == packages.c.run_id)
        query = select(packages.c.run_id, packages.c.created_at).join(run, of_run)
        made = self._connection.execute(query.where(account_visible(caller, run), packages.c.created_at >= since)).all()
        recent = (recommendations.c.tenant == caller.tenant) & (recommendations.c.created_at >= since)
        given = self._count(recommendations.c.run_id, recent)
        table = effects
        wanted = select(table.c.run_id, table.c.status, func.count().label("number")).where(
            table.c.tenant == caller.tenant, table.c.run_id.is_not(None), table.c.created_at >= since
        )
        became: dict[str, dict[EffectStatus, int]] = {}
        for row in self._connection.execute(wanted.group_by(table.c.run_id, table.c.status)):
            became.setdefault(row.run_id, {})[EffectStatus(row.status)] = row.number
        return [
            Followed(at=row.created_at, recommended=given.get(row.run_id, 0), effects=became.get(row.run_id, {}))
            for row in made
        ]

    def fed(self, tenant: str) -> list[Fed]:
        """When each kind of record last came in from its system, and how many there are."""
        counts = self._count(system_records.c.kind, system_records.c.tenant == tenant)
        counts |= {"interaction": sum(self._count(interactions.c.tenant, interactions.c.tenant == tenant).values())}
        table = system_states
        query = select(table).where(table.c.tenant == tenant).order_by(table.c.system, table.c.kind)
        return [
            Fed(system=row.system, kind=row.kind, last_good_at=row.last_good_at, records=counts.get(row.kind, 0))
            for row in self._connection.execute(query)
        ]

    def regions(self, tenant: str) -> dict[str, int]:
        """Regions that accounts are in, with how many."""
        table = system_records
        return self._count(
            table.c.region, (table.c.tenant == tenant) & (table.c.kind == "account") & table.c.region.is_not(None)
        )

    def _count(self, column: Any, where: ColumnElement[bool]) -> dict[str, int]:
        query = select(column, func.count()).where(where).group_by(column).order_by(column)
        return {row[0]: row[1] for row in self._connection.execute(query)}
