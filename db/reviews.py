"""Pre-reviews: their state, everything that happened to them, and the edits of their claims."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, case, func, or_, select, true, type_coerce, update
from sqlalchemy import Text as PlainText

from core.domain.accounts import Account
from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.reviews import Review, ReviewEdit, ReviewEvent, ReviewEventKind, ReviewStatus, ReviewTask
from core.identity import Caller, Role
from db.rights import account_visible
from db.tables import system_records
from db.visit_tables import review_edits, review_events, reviews, visit_requests
from db.writing import insert_new

Events: TypeAlias = list[ReviewEvent]
Edits: TypeAlias = list[ReviewEdit]
Tasks: TypeAlias = list[ReviewTask]
ReviewList: TypeAlias = list[Review]

_GOING = [status.value for status in ReviewStatus if not status.is_over]


class Reviews:
    """Repository of pre-reviews. Whoever changes one holds its run (`lock`), so that what they read stays true."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, tenant: str, run_id: str) -> None:
        """Let nobody else change the reviews of a run before this transaction ends."""
        table = visit_requests
        query = select(table.c.run_id).where(table.c.tenant == tenant, table.c.run_id == run_id)
        self._connection.execute(query.with_for_update())

    def get(self, tenant: str, review_id: str) -> Review | None:
        """The review, whoever may see it."""
        query = select(reviews).where(reviews.c.tenant == tenant, reviews.c.id == review_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else build_review(row)

    def of_run(self, tenant: str, run_id: str) -> ReviewList:
        """All reviews of a run, by position and department."""
        query = select(reviews).where(reviews.c.tenant == tenant, reviews.c.run_id == run_id)
        rows = self._connection.execute(query.order_by(reviews.c.position, reviews.c.department))
        return [build_review(row) for row in rows]

    def change(self, tenant: str, review: Review, **changes: Any) -> bool:
        """Change a review that still is as given; False, and nothing, when its status or assignee is another by now."""
        statement = update(reviews).where(
            reviews.c.tenant == tenant,
            reviews.c.id == review.id,
            reviews.c.status == review.status.value,
            reviews.c.assignee.is_not_distinct_from(review.assignee),
        )
        return self._connection.execute(statement.values(changes)).rowcount == 1

    def append(
        self, tenant: str, review_id: str, kind: ReviewEventKind, actor: str, *, body: dict[str, Any], at: datetime
    ) -> ReviewEvent:
        """Record the next thing that happened to a review whose run is locked."""
        table = review_events
        query = select(func.max(table.c.seq)).where(table.c.tenant == tenant, table.c.review_id == review_id)
        seq = (self._connection.scalar(query) or 0) + 1
        event = ReviewEvent(review_id=review_id, seq=seq, kind=kind, actor=actor, at=at, body=body)
        row = {**event.model_dump(), "kind": kind.value, "body": json.dumps(body, ensure_ascii=False, sort_keys=True)}
        self._connection.execute(table.insert(), {**row, "tenant": tenant})
        return event

    def events(self, tenant: str, review_ids: Sequence[str]) -> Events:
        """Everything that happened to the reviews, in order within each."""
        table = review_events
        query = select(table).where(table.c.tenant == tenant, table.c.review_id.in_(review_ids))
        return [
            ReviewEvent(
                review_id=row.review_id,
                seq=row.seq,
                kind=row.kind,
                actor=row.actor,
                at=row.at,
                body=json.loads(row.body),
            )
            for row in self._connection.execute(query.order_by(table.c.review_id, table.c.seq))
        ]

    def add_edit(self, tenant: str, edit: ReviewEdit) -> None:
        """Record an edit, numbered within its run."""
        insert_new(self._connection, review_edits, [{**edit.model_dump(), "state": edit.state.value, "tenant": tenant}])

    def edits(self, tenant: str, run_id: str) -> Edits:
        """All edits of a run's claims by any department, in the order in which they were made."""
        table, of = review_edits, reviews
        query = (
            select(table)
            .join(of, (of.c.tenant == table.c.tenant) & (of.c.id == table.c.review_id))
            .where(of.c.tenant == tenant, of.c.run_id == run_id)
            .order_by(table.c.seq)
        )
        names = ReviewEdit.model_fields
        return [
            ReviewEdit(**{name: getattr(row, name) for name in names if name != "state"}, state=ClaimState(row.state))
            for row in self._connection.execute(query)
        ]

    def region(self, tenant: str, account_id: str) -> str | None:
        """The sales region of an account, whose calendar its reviews follow."""
        table = system_records
        query = select(table.c.region).where(
            table.c.tenant == tenant, table.c.kind == Account.kind, table.c.id == account_id
        )
        found: str | None = self._connection.scalar(query)
        return found

    def list(
        self,
        caller: Caller,
        *,
        department: Department | None = None,
        mine: bool = False,
        over: bool = False,
        since: datetime | None = None,
        whole: bool = False,
        limit: int = 200,
    ) -> Tasks:
        """Reviews the caller may see, the most urgent first; with `over` then those decided, the latest first.

        People of a department see its reviews, a requester and everybody a review was given to see theirs, managers
        all. `mine` leaves those that wait for the caller. `since` is the earliest creation of the package's request.
        `whole` gives those of every department: for counting, not for showing.
        """
        run = visit_requests
        query = (
            select(reviews, run.c.account, run.c.account_id, run.c.requester, run.c.finished_at, _revision())
            .join(run, (run.c.tenant == reviews.c.tenant) & (run.c.run_id == reviews.c.run_id))
            .where(account_visible(caller, run), _waits_for(caller) if mine else true() if whole else _shown_to(caller))
        )
        if not over:
            query = query.where(reviews.c.status.in_(_GOING))
        if department is not None:
            query = query.where(reviews.c.department == department.value)
        if since is not None:
            query = query.where(run.c.created_at >= since)
        # What is decided never pushes what waits beyond the limit.
        going = case((reviews.c.status.in_(_GOING), reviews.c.due_at))
        order = (going.is_(None), going, reviews.c.decided_at.desc(), reviews.c.id)
        rows = self._connection.execute(query.order_by(*order).limit(limit))
        return [
            ReviewTask(
                review=build_review(row),
                account=row.account,
                account_id=row.account_id,
                requester=Caller.model_validate_json(row.requester).user,
                revision=row.revision,
                made_at=row.finished_at,
            )
            for row in rows
        ]


def build_review(row: Row[Any]) -> Review:
    """The review of a row of the table."""
    return Review(**{name: getattr(row, name) for name in Review.model_fields})


def _revision() -> ColumnElement[int]:
    of = reviews.alias("of_run")
    count = (
        select(func.count())
        .select_from(
            review_edits.join(of, (of.c.tenant == review_edits.c.tenant) & (of.c.id == review_edits.c.review_id))
        )
        .where(of.c.tenant == reviews.c.tenant, of.c.run_id == reviews.c.run_id)
        # Claim ids are quoted in the list, and hold nothing that JSON would escape.
        .where(type_coerce(reviews.c.claims, PlainText).contains('"' + review_edits.c.claim_id + '"'))
    )
    return count.scalar_subquery().label("revision")


def _named(column: ColumnElement[Any], user: str) -> ColumnElement[bool]:
    return type_coerce(column, PlainText).contains(json.dumps(user, ensure_ascii=False), autoescape=True)


def _requested_by(caller: Caller) -> ColumnElement[bool]:
    user = f'"user":{json.dumps(caller.user, ensure_ascii=False)}'
    return visit_requests.c.requester.contains(user, autoescape=True)


def _of_departments(caller: Caller) -> ColumnElement[bool]:
    return reviews.c.department.in_([one.value for one in Department if one.value in caller.roles])


def _given_to(caller: Caller) -> ColumnElement[bool]:
    return or_(reviews.c.assignee == caller.user, _named(reviews.c.escalated_to, caller.user))


def _shown_to(caller: Caller) -> ColumnElement[bool]:
    if caller.roles & {Role.ADMIN, Role.MANAGER}:
        return true()
    return or_(_of_departments(caller), _given_to(caller), _requested_by(caller))


def _waits_for(caller: Caller) -> ColumnElement[bool]:
    asked = (reviews.c.status == ReviewStatus.ASKED.value) & _requested_by(caller)
    free = reviews.c.assignee.is_(None) & _of_departments(caller) & ~_requested_by(caller)
    return or_(asked, (reviews.c.status == ReviewStatus.OPEN.value) & or_(_given_to(caller), free))
