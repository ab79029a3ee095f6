"""The work of a visit run: from its request to a package that is saved once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time

from core.domain.accounts import Account
from core.domain.audit import AuditEntry
from core.domain.packages import Package, Sections, SectionStatus
from core.domain.visits import Run, RunEvent, RunStatus, StepStatus
from core.domain.workers import Worker
from db.store import Session
from graphs.visit.graph import STEPS, prepare_package
from graphs.visit.state import Draft, VisitContext
from hub.directory import resolve_account
from hub.installation import Platform
from hub.recorder import Recorder
from hub.reviews.opening import begin_reviews, plan_reviews
from hub.spending import TenantPurse, open_purse, record_spending
from tools.spec import ToolContext

VISIT_STEPS = (*STEPS, "save")


def execute_run(platform: Platform, tenant: str, run_id: str, worker: Worker | None = None) -> None:
    """Do the work of one run; safe to repeat, since nothing is written before the package is saved as a whole.

    Raises SupersededError, and writes nothing from then on, once `worker` was taken for dead.
    """
    with writing_as(platform, worker) as unit:
        run = unit.visits.load(tenant, run_id)
        if run.status.is_over:
            return
        unit.visits.mark(tenant, run_id, RunStatus.RUNNING, None, platform.clock.now())
        last_seq = unit.visits.last_event(tenant, run_id)

    def save(events: list[RunEvent]) -> None:
        with writing_as(platform, worker) as unit:
            unit.visits.append_events(tenant, run_id, events)

    recorder = Recorder(platform.clock, last_seq, save)
    purse = None if platform.writer is None else open_purse(platform, tenant)
    context = _context(platform, run, recorder, purse)
    draft = asyncio.run(prepare_package(platform.graph, context))
    package = _package(platform, run, context.account.region, draft)
    recorder("save", StepStatus.DONE, None)
    recorder.flush()
    with writing_as(platform, worker) as unit:
        if unit.visits.save_package(tenant, package, draft.recommendations):
            record_spending(unit, run.requester, run_id, draft.spends, package.created_at)
            unit.audit.append(tenant, _on_record(package), at=package.created_at)
            begin_reviews(platform, unit, tenant, package)
            told = {"run_id": run_id, "account": run.account, "status": package.status.value}
            unit.webhooks.publish(tenant, "package.ready", run_id, told, at=package.created_at)
    if purse is not None:
        purse.close()


def _on_record(package: Package) -> AuditEntry:
    made = package.model_dump(include={"status", "model", "wording", "prompts"})
    body = {**made, "claims": len(package.claims), "evidence": sorted(package.evidence)}
    return AuditEntry(actor="hub", action="package.saved", subject=package.run_id, body=body)


def abandon_run(platform: Platform, tenant: str, run_id: str, worker: Worker | None = None) -> None:
    """Record that a run ended without a package. Raises SupersededError once `worker` was taken for dead."""
    reason = "The run failed three times; the error is in the log."
    with writing_as(platform, worker) as unit:
        unit.visits.mark(tenant, run_id, RunStatus.FAILED, reason, platform.clock.now())


@contextmanager
def writing_as(platform: Platform, worker: Worker | None) -> Iterator[Session]:
    """A transaction of a job, refused when its worker was taken for dead: others do its jobs then."""
    with platform.store.write() as unit:
        if worker is not None:
            unit.workers.require(worker)
        yield unit


def _context(platform: Platform, run: Run, recorder: Recorder, purse: TenantPurse | None) -> VisitContext:
    caller, settings = run.requester, platform.settings
    now = platform.clock.now()
    asked = run.request.at
    past_day = asked if asked is not None and asked < now.date() else None
    if past_day is not None:
        now = datetime.combine(past_day, time.max, UTC)
    known = platform.store.records_port().find(caller, Account, ids=[run.account_id])
    account = resolve_account(known, run.account_id)
    return VisitContext(
        run_id=run.id,
        account=account,
        request=run.request,
        tools=ToolContext(
            caller=caller, systems=platform.systems, memory=platform.memory, until=now, past_day=past_day
        ),
        now=now,
        gather_timeout_s=settings.gather_timeout_s,
        stale_after_days=settings.stale_after.days,
        last_good=lambda system: platform.store.records_port().last_good(caller.tenant, system),
        progress=recorder,
        writer=platform.writer,
        purse=purse,
    )


def _status(sections: Sections) -> RunStatus:
    missing = any(section.status is SectionStatus.MISSING for _name, section in sections)
    return RunStatus.PARTIAL if missing else RunStatus.COMPLETE


def _package(platform: Platform, run: Run, region: str | None, draft: Draft) -> Package:
    now = platform.clock.now()
    return Package(
        run_id=run.id,
        account=run.account,
        account_id=run.account_id,
        lang=run.request.lang,
        purpose=run.request.purpose,
        visit_on=run.request.at,
        attendees=run.request.attendees,
        status=_status(draft.sections),
        created_at=now,
        elapsed_ms=round((now - run.created_at).total_seconds() * 1000),
        summary=draft.summary,
        sections=draft.sections,
        claims=draft.claims,
        evidence=draft.evidence,
        reviews=plan_reviews(run, draft.claims, region, now, platform.settings.review_within),
        model=draft.model,
        wording=draft.wording,
        prompts=draft.prompts,
        usage=draft.usage,
    )
