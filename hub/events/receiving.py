"""Events that come in: verified, taken in once together with their work, and replayed after a remedy."""

from datetime import datetime

import structlog
from prometheus_client import Counter

from core.domain.audit import AuditEntry
from core.domain.base import Frozen
from core.domain.visits import VisitRequest
from core.domain.webhook_data import DataIn
from core.domain.webhooks import CloudEvent, EventIn, Outcome, ReceivedEvent, WebhookKey
from core.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from core.identity import Caller
from db.documents import digest_of, to_json
from db.store import Session
from hub.events.acting import Result, require_admin
from hub.events.changes import subject_of
from hub.events.handling import handle_event, typed_data
from hub.events.signing import RawHeaders, SignatureError, Signed, read_event
from hub.installation import Platform
from hub.visits import accept_run, request_digest

log = structlog.get_logger()

REFUSED = Counter("saleshub_webhooks_refused_total", "Requests without a valid signature", ["why"])

# What an event was refused for can be mended: it is kept, and replayed then.
_MENDABLE = (NotFoundError, InvalidInputError, ForbiddenError)
_REPLAY = "When that is mended: `saleshub webhooks replay ID`."


class Taken(Frozen):
    """What became of an event; `repeated` says that it was taken in before and that nothing was done now.

    `detail` is the id of the run, interaction or record it led to.
    """

    id: str
    source: str
    type: str
    outcome: Outcome
    detail: str | None
    repeated: bool = False


def receive_event(platform: Platform, source: str, headers: RawHeaders, body: bytes) -> Taken:
    """Take in one request of `source` and do its work, once.

    Raises SignatureError for what is not signed with a key that is valid now, InvalidInputError for what is no event of
    ours or cannot be done as things are (then it is kept, to be replayed), and ConflictError when the source used the
    id for another event.
    """
    now = platform.clock.now()
    try:
        tenant, key, signed_id = _verified(platform, source, headers, body, now)
    except SignatureError as refused:
        REFUSED.labels(refused.why).inc()
        log.warning("webhook_refused", source=source, why=refused.why)
        raise
    event = read_event(headers, body)
    if event.id != signed_id:
        raise InvalidInputError("is not the event’s id", field="webhook-id", remedy="Send the CloudEvent’s id there.")
    data = typed_data(event)
    document = to_json(event)
    received = ReceivedEvent(
        source=source,
        id=event.id,
        type=event.type,
        subject=subject_of(data),
        body=document,
        digest=digest_of(document),
        occurred_at=getattr(data, "occurred_at", None) or event.time,
        received_at=now,
        run_as=key.run_as,
        outcome=Outcome.DONE,
    )
    return _take_in(platform, tenant, received, data)


def replay_event(platform: Platform, caller: Caller, event_id: str, source: str | None = None) -> Taken:
    """Try a refused event again with what is known now; one that was done is left alone.

    Raises ForbiddenError unless the caller is an administrator, NotFoundError for an unknown id, InvalidInputError when
    several sources used it; and as it did before when the event cannot be done yet.
    """
    require_admin(caller)
    with platform.store.read() as unit:
        found = [one for one in unit.webhook_intake.with_id(caller.tenant, event_id) if source in (None, one.source)]
    if not found:
        raise NotFoundError(f"no event “{event_id}”", field="ID", remedy="`saleshub webhooks events` lists them.")
    if len(found) > 1:
        sources = [one.source for one in found]
        raise InvalidInputError(
            "was used by several sources", field="ID", remedy="Name one with --source.", nearest=sources
        )
    event, now = found[0], platform.clock.now()
    data = typed_data(CloudEvent.model_validate_json(event.body))
    with platform.store.write() as unit:
        if not unit.webhook_intake.claim_refused(caller.tenant, event):
            return _taken(event, (event.outcome, event.detail), repeated=True)
        result = _handle(platform, unit, caller.tenant, event, data, now=now)
        entry = AuditEntry(actor=caller.user, action="webhook.replayed", subject=event.id, body={"led_to": result[1]})
        unit.audit.append(caller.tenant, entry, at=now)
    return _finish(platform, caller.tenant, event, result)


def list_events(
    platform: Platform, caller: Caller, outcome: Outcome | None = None, limit: int = 100
) -> list[ReceivedEvent]:
    """The newest events taken in, newest first. Raises ForbiddenError unless the caller is an administrator."""
    require_admin(caller)
    with platform.store.read() as unit:
        return unit.webhook_intake.events(caller.tenant, outcome, limit)


def _verified(
    platform: Platform, source: str, headers: RawHeaders, body: bytes, now: datetime
) -> tuple[str, WebhookKey, str]:
    """Tenant and key of the request, and the id that was signed."""
    signed = Signed(headers, body, now)
    with platform.store.read() as unit:
        keys = unit.webhook_intake.valid_keys(source, now)
    for tenant, key in keys:
        if signed.is_by(key.secret):
            return tenant, key, signed.id
    raise SignatureError("wrong key" if keys else "no key for the source")


def _handle(
    platform: Platform, unit: Session, tenant: str, event: ReceivedEvent, data: DataIn, *, now: datetime
) -> Result:
    """Do the event's work; a visit that it asks for has its deadline and is on record like any other."""
    result = handle_event(unit, tenant, event, data, now=now, notice_within=platform.settings.inbound_within)
    if isinstance(data, VisitRequest) and result[1] is not None:
        accept_run(platform, unit, unit.visits.load(tenant, result[1]), request_digest(data))
    return result


def _take_in(platform: Platform, tenant: str, event: ReceivedEvent, data: DataIn) -> Taken:
    result: Result = event.outcome, None
    try:
        with platform.store.write() as unit:
            held = unit.webhook_intake.add(tenant, event)
            if held is None:
                result = _handle(platform, unit, tenant, event, data, now=event.received_at)
    except _MENDABLE as refusal:
        # The work was undone with the event; the event alone is kept.
        refused = event.model_copy(update={"outcome": Outcome.REFUSED, "detail": str(refusal)})
        with platform.store.write() as unit:
            held = unit.webhook_intake.add(tenant, refused)
        if held is None:
            raise _cannot_be_done(refusal) from refusal
    if held is not None:
        return _repeated(platform, tenant, event, held)
    return _finish(platform, tenant, event, result)


def _cannot_be_done(refusal: HubError) -> InvalidInputError:
    field = refusal.field if refusal.field.startswith(("data", "webhook")) else f"data.{refusal.field}"
    return InvalidInputError(
        refusal.problem, field=field, remedy=f"{refusal.remedy} {_REPLAY}", nearest=refusal.nearest
    )


def _repeated(platform: Platform, tenant: str, event: ReceivedEvent, held: ReceivedEvent) -> Taken:
    if held.digest != event.digest:
        body = {"source": event.source, "digest": event.digest, "held": held.digest}
        entry = AuditEntry(actor=f"webhook:{event.source}", action="webhook.conflict", subject=event.id, body=body)
        with platform.store.write() as unit:
            unit.audit.append(tenant, entry, at=event.received_at)
        raise ConflictError(
            "was used for another event", field="webhook-id", remedy="Give each event an id of its own."
        )
    if held.outcome is Outcome.REFUSED:
        raise InvalidInputError(f"was refused before: {held.detail}", field="data", remedy=_REPLAY)
    return _taken(held, (held.outcome, held.detail), repeated=True)


def _finish(platform: Platform, tenant: str, event: ReceivedEvent, result: Result) -> Taken:
    """Start what the event led to. A run whose start is lost in a crash is started when the next process opens."""
    _, led_to = result
    if event.type == EventIn.VISIT_REQUESTED and led_to and platform.running_jobs is not None:
        platform.jobs.submit(tenant, led_to)
    if event.type == EventIn.MAIL_RECEIVED:
        platform.wake("inbound")
    return _taken(event, result, repeated=False)


def _taken(event: ReceivedEvent, result: Result, *, repeated: bool) -> Taken:
    outcome, detail = result
    return Taken(id=event.id, source=event.source, type=event.type, outcome=outcome, detail=detail, repeated=repeated)
