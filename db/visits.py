"""Visit runs: asked once, recorded step by step, finished with one package."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, func, select, update

from core.domain.packages import Package
from core.domain.reviews import Review
from core.domain.views.proposals import Recommendation
from core.domain.visits import Run, RunEvent, RunStatus, StepStatus, VisitRequest
from core.errors import ConflictError, NotFoundError
from core.identity import Caller
from db.deliverables import save_deliverables, stored_reviews
from db.documents import to_json
from db.rights import account_visible
from db.visit_tables import packages, run_events, visit_requests
from db.writing import ensure_tenant, insert, insert_new

Runs: TypeAlias = list[Run]
RunEvents: TypeAlias = list[RunEvent]
Followed: TypeAlias = tuple[Run, RunEvents]
Reviews: TypeAlias = list[Review]
Unfinished: TypeAlias = list[tuple[str, str]]

_GOING = (RunStatus.QUEUED.value, RunStatus.RUNNING.value)


class Visits:
    """Repository of runs and what they produce. A caller sees a run while its account is visible to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self, tenant: str, run: Run, key: str, digest: str) -> tuple[Run, bool]:
        """Record the run under its idempotency key; the run that holds the key, and whether it is this one.

        Safe from many processes at once. Raises ConflictError when the key was used with another request `digest`.
        """
        ensure_tenant(self._connection, tenant)
        table = visit_requests
        row = {**_row(tenant, run), "idempotency_key": key, "request_digest": digest}
        statement = insert(self._connection, table).on_conflict_do_nothing(index_elements=["tenant", "idempotency_key"])
        self._connection.execute(statement, row)
        held = self.under_key(tenant, key, digest)
        assert held is not None  # noqa: S101
        return held, held.id == run.id

    def under_key(self, tenant: str, key: str, digest: str) -> Run | None:
        """The run that holds an idempotency key, if any; ConflictError when it is for another request `digest`."""
        table = visit_requests
        query = select(table).where(table.c.tenant == tenant, table.c.idempotency_key == key.replace("\0", ""))
        held = self._connection.execute(query).one_or_none()
        if held is None:
            return None
        if held.request_digest != digest:
            raise key_taken()
        return _run(held)

    def load(self, tenant: str, run_id: str) -> Run:
        """A run whoever may see it, for the hub's own work; NotFoundError when there is none."""
        table = visit_requests
        row = self._connection.execute(
            select(table).where(table.c.tenant == tenant, table.c.run_id == run_id)
        ).one_or_none()
        if row is None:
            raise _no_run(run_id)
        return _run(row)

    def get(self, caller: Caller, run_id: str) -> Run | None:
        """The run, when there is one and the caller may see it."""
        table = visit_requests
        query = select(table).where(account_visible(caller, table), table.c.run_id == run_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _run(row)

    def list(self, caller: Caller, limit: int = 50) -> Runs:
        """The newest runs the caller may see, newest first."""
        table = visit_requests
        query = select(table).where(account_visible(caller, table))
        query = query.order_by(table.c.created_at.desc(), table.c.run_id).limit(limit)
        return [_run(row) for row in self._connection.execute(query)]

    def unfinished(self, tenant: str | None = None) -> Unfinished:
        """Tenant and id of every run that is queued or running, oldest first."""
        table = visit_requests
        query = select(table.c.tenant, table.c.run_id).where(table.c.status.in_(_GOING))
        if tenant is not None:
            query = query.where(table.c.tenant == tenant)
        query = query.order_by(table.c.created_at, table.c.run_id)
        return [(row.tenant, row.run_id) for row in self._connection.execute(query)]

    def mark(self, tenant: str, run_id: str, status: RunStatus, reason: str | None, at: datetime) -> bool:
        """Set the status of a run that is not over; whether it was changed. A finished run stays as it is."""
        table = visit_requests
        changes: dict[str, Any] = {"status": status.value, "reason": reason}
        if status is RunStatus.RUNNING:
            changes["started_at"] = func.coalesce(table.c.started_at, at)
        elif status.is_over:
            changes["finished_at"] = at
        going = (table.c.tenant == tenant, table.c.run_id == run_id, table.c.status.in_(_GOING))
        return self._connection.execute(update(table).where(*going).values(changes)).rowcount == 1

    def append_event(
        self, tenant: str, run_id: str, step: str, status: StepStatus, detail: str | None = None, *, at: datetime
    ) -> RunEvent:
        """Record the next event of a run; NotFoundError when there is no such run."""
        table = visit_requests
        # The run's row is the lock under which its events are numbered.
        query = select(table.c.run_id).where(table.c.tenant == tenant, table.c.run_id == run_id).with_for_update()
        if self._connection.execute(query).one_or_none() is None:
            raise _no_run(run_id)
        event = RunEvent(seq=self.last_event(tenant, run_id) + 1, step=step, status=status, detail=detail, at=at)
        self.append_events(tenant, run_id, [event])
        return event

    def append_events(self, tenant: str, run_id: str, events: Sequence[RunEvent]) -> None:
        """Record numbered events of a run; of two with the same number the first stays."""
        rows = [{**event.model_dump(), "tenant": tenant, "run_id": run_id} for event in events]
        insert_new(self._connection, run_events, rows)

    def last_event(self, tenant: str, run_id: str) -> int:
        """Number of the run's last event, 0 when it has none."""
        table = run_events
        query = select(func.max(table.c.seq)).where(table.c.tenant == tenant, table.c.run_id == run_id)
        return self._connection.scalar(query) or 0

    def events(self, caller: Caller, run_id: str, after: int = 0) -> RunEvents:
        """Events of a visible run numbered above `after`, in order; empty when the caller may not see the run."""
        followed = self.follow(caller, run_id, after)
        return [] if followed is None else followed[1]

    def follow(self, caller: Caller, run_id: str, after: int = 0) -> Followed | None:
        """The run and its events numbered above `after`, in order; None when the caller may not see the run."""
        run = self.get(caller, run_id)
        if run is None:
            return None
        table = run_events
        query = select(table).where(table.c.tenant == caller.tenant, table.c.run_id == run_id, table.c.seq > after)
        rows = self._connection.execute(query.order_by(table.c.seq))
        return run, [
            RunEvent(seq=row.seq, step=row.step, status=row.status, detail=row.detail, at=row.at) for row in rows
        ]

    def save_package(self, tenant: str, package: Package, recommendations: Sequence[Recommendation]) -> bool:
        """Save all a run produced and end it with the package's status; whether this call did it.

        Reviews are those of the package, and each department is notified once. A run that is over, or has a package,
        stays as it is.
        """
        ended = self.mark(tenant, package.run_id, package.status, None, package.created_at)
        if ended:
            save_deliverables(self._connection, tenant, package, recommendations)
        return ended

    def package(self, caller: Caller, run_id: str) -> Package | None:
        """The package of a visible run, once there is one."""
        if self.get(caller, run_id) is None:
            return None
        query = select(packages.c.body).where(packages.c.tenant == caller.tenant, packages.c.run_id == run_id)
        body = self._connection.scalar(query)
        return None if body is None else Package.model_validate_json(body)

    def runs_with_claim(self, tenant: str, claim_id: str) -> set[str]:
        """The runs of which the package, as stored, mentions a claim; for whoever may see each of them."""
        holding = packages.c.body.contains(claim_id, autoescape=True)
        query = select(packages.c.run_id).where(packages.c.tenant == tenant, holding)
        return set(self._connection.scalars(query))

    def reviews(self, caller: Caller, run_id: str) -> Reviews:
        """Pre-reviews of a visible run, by department."""
        return [] if self.get(caller, run_id) is None else stored_reviews(self._connection, caller.tenant, run_id)


def key_taken() -> ConflictError:
    """The error of an idempotency key that belongs to another request."""
    return ConflictError(
        "was already used for another request", field="Idempotency-Key", remedy="Send a new key with a new request."
    )


def _no_run(run_id: str) -> NotFoundError:
    return NotFoundError(f"no run “{run_id}”", field="run_id", remedy="Use the id that the visit request returned.")


def _row(tenant: str, run: Run) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "run_id": run.id,
        "body": to_json(run.request),
        "account_id": run.account_id,
        "account": run.account,
        "requester": to_json(run.requester),
        "status": run.status.value,
        "reason": run.reason,
        "created_at": run.created_at,
        "started_at": None,
        "finished_at": run.finished_at,
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.run_id,
        account_id=row.account_id,
        account=row.account,
        request=VisitRequest.model_validate_json(row.body),
        requester=Caller.model_validate_json(row.requester),
        status=RunStatus(row.status),
        reason=row.reason,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
