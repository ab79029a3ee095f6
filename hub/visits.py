"""Visit requests: accepted once, followed, and the package read within the reader's rights."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from core.domain.accounts import Account
from core.domain.audit import AuditEntry
from core.domain.packages import Package
from core.domain.visits import Run, RunEvent, RunStatus, VisitRequest
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.permissions import Action, require
from db.store import Session
from db.visits import key_taken
from hub.directory import list_accounts, resolve_account
from hub.installation import Platform
from hub.redaction import visible_to
from hub.reviews.edited import as_reviewed
from hub.reviews.opening import watch_package
from hub.reviews.rights import sees_whole

_POLL_S = 0.1
_FURTHEST = timedelta(days=730)
_EARLIEST = date(1990, 1, 1)


def request_visit(platform: Platform, caller: Caller, request: VisitRequest, idempotency_key: str | None = None) -> Run:
    """Accept a visit request and start its run; the same key gives the same run, whenever it comes.

    Raises ForbiddenError for who asks for no visits, NotFoundError for an unknown account, InvalidInputError for an
    absurd date, ConflictError when the key was used for another request, or for one the caller may not see.
    """
    require(caller, Action.REQUEST_VISIT)
    digest = request_digest(request)
    known = _under_key(platform, caller, idempotency_key, digest)
    if known is not None:
        return known
    run = build_run(list_accounts(platform, caller), caller, request, platform.clock.now())
    with platform.store.write() as unit:
        run, created = unit.visits.create(caller.tenant, run, idempotency_key or run.id, digest)
        if created:
            accept_run(platform, unit, run, digest)
        else:
            _require_seen(unit, caller, run)
    if not run.status.is_over:
        platform.jobs.submit(caller.tenant, run.id)
    return run


def accept_run(platform: Platform, unit: Session, run: Run, digest: str) -> None:
    """Put a new run on record and set its deadline, in the transaction that creates it."""
    asked = {"account_id": run.account_id, "digest": digest}
    entry = AuditEntry(actor=run.requester.user, action="visit.requested", subject=run.id, body=asked)
    unit.audit.append(run.requester.tenant, entry, at=run.created_at)
    watch_package(platform, unit, run)


def request_digest(request: VisitRequest) -> str:
    """What tells one request from another under the same idempotency key."""
    return hashlib.sha256(request.model_dump_json().encode()).hexdigest()


def build_run(accounts: Sequence[Account], caller: Caller, request: VisitRequest, now: datetime) -> Run:
    """The run that will answer a request made at `now`, for one of the `accounts` the caller may see.

    Raises ForbiddenError for who asks for no visits, NotFoundError for an unknown account, InvalidInputError for an
    absurd date.
    """
    require(caller, Action.REQUEST_VISIT)
    account = resolve_account(accounts, request.account)
    today = now.date()
    if request.at is not None and not _EARLIEST <= request.at <= today + _FURTHEST:
        raise InvalidInputError(
            f"{request.at} is not a plausible visit date",
            field="at",
            remedy=f"Give a day between {_EARLIEST} and {today + _FURTHEST}.",
        )
    return Run(
        id=uuid.uuid4().hex,
        account_id=account.id,
        account=account.name,
        request=request,
        requester=caller,
        status=RunStatus.QUEUED,
        created_at=now,
    )


def _under_key(platform: Platform, caller: Caller, key: str | None, digest: str) -> Run | None:
    """The run that already holds the key: a repeated request is answered before its names are looked up anew."""
    if key is None:
        return None
    with platform.store.read() as unit:
        run = unit.visits.under_key(caller.tenant, key, digest)
        if run is not None:
            _require_seen(unit, caller, run)
    if run is not None and not run.status.is_over:
        platform.jobs.submit(caller.tenant, run.id)
    return run


def _require_seen(unit: Session, caller: Caller, run: Run) -> None:
    """ConflictError for a key that holds a run of somebody else's regions: it tells no more than any other request."""
    if unit.visits.get(caller, run.id) is None:
        raise key_taken()


def resume_unfinished(platform: Platform) -> int:
    """Hand every accepted but unfinished run to the job engine unless it has it in hand; how many were handed over."""
    with platform.store.read() as unit:
        unfinished = unit.visits.unfinished()
    return platform.jobs.submit_missing(unfinished) if unfinished else 0


def get_run(platform: Platform, caller: Caller, run_id: str) -> Run:
    """A run the caller may see; NotFoundError otherwise."""
    with platform.store.read() as unit:
        run = unit.visits.get(caller, run_id)
    if run is None:
        raise _unknown(run_id)
    return run


def _unknown(run_id: str) -> NotFoundError:
    return NotFoundError(f"no run “{run_id}”", field="run_id", remedy="List the runs with GET /v1/visit-requests.")


def list_runs(platform: Platform, caller: Caller, limit: int = 50) -> list[Run]:
    """The newest runs the caller may see."""
    with platform.store.read() as unit:
        return unit.visits.list(caller, limit)


def events_after(platform: Platform, caller: Caller, run_id: str, seq: int) -> list[RunEvent]:
    """Progress of a run after event number `seq`."""
    with platform.store.read() as unit:
        return unit.visits.events(caller, run_id, seq)


async def follow_run(platform: Platform, caller: Caller, run_id: str, after: int = 0) -> AsyncIterator[RunEvent]:
    """Progress of a run after event number `after`, as it happens, until the run is over."""
    while True:
        with platform.store.read() as unit:
            followed = unit.visits.follow(caller, run_id, after)
        if followed is None:
            raise _unknown(run_id)
        run, events = followed
        for event in events:
            after = event.seq
            yield event
        if run.status.is_over:
            return
        await asyncio.sleep(_POLL_S)


def get_package(platform: Platform, caller: Caller, run_id: str) -> Package:
    """The package of a finished run as reviewers left it, without the evidence the caller may not see.

    NotFoundError when there is none, ForbiddenError for who reviews a part of packages alone.
    """
    if not sees_whole(caller, get_run(platform, caller, run_id).requester.user):
        raise ForbiddenError(
            "the whole package is not for reviewers",
            field="run_id",
            remedy="Read your department’s part: `saleshub reviews list`.",
        )
    return read_package(platform, caller, run_id)


def read_package(platform: Platform, caller: Caller, run_id: str) -> Package:
    """What `get_package` gives, for use cases that show a part of it."""
    run = get_run(platform, caller, run_id)
    with platform.store.read() as unit:
        package = unit.visits.package(caller, run_id)
        reviews, edits = unit.visits.reviews(caller, run_id), unit.reviews.edits(caller.tenant, run_id)
    if package is None:
        raise _no_package(run)
    return visible_to(as_reviewed(package, reviews, edits), caller)


def _no_package(run: Run) -> NotFoundError:
    if run.status is RunStatus.FAILED:
        problem, remedy = f"run “{run.id}” ended without a package: {run.reason}", "Send the request under a new key."
    else:
        problem, remedy = f"run “{run.id}” is {run.status} and has no package yet", "Wait for the run to finish."
    return NotFoundError(problem, field="run_id", remedy=remedy)
