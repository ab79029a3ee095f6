"""What an event that came in does, by its type, inside the transaction that takes it in."""

from datetime import datetime, timedelta

from pydantic import ValidationError

from connectors.exports.outcome import RefusedError
from core.domain.visits import VisitRequest
from core.domain.webhook_data import DATA_MODELS, DataIn, MailReceived, MeetingEnded, OpportunityChanged, StockChanged
from core.domain.webhooks import CloudEvent, EventIn, Outcome, ReceivedEvent
from core.errors import InvalidInputError
from db.store import Session
from hub.events.acting import Result, Work, acting_for
from hub.events.changes import change_opportunity, change_stock
from hub.events.exchanges import take_mail, take_meeting
from hub.visits import build_run, request_digest


def typed_data(event: CloudEvent) -> DataIn:
    """The event's data as its type has it. Raises InvalidInputError naming the field."""
    if event.type not in set(EventIn):
        remedy = f"Send one of {', '.join(EventIn)}."
        raise InvalidInputError(f"“{event.type}” is not an event the hub takes", field="type", remedy=remedy)
    try:
        return DATA_MODELS[EventIn(event.type)].model_validate(event.data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(("data", *(str(part) for part in first["loc"])))
        remedy = "The reference of webhooks lists the fields of each type."
        raise InvalidInputError(first["msg"], field=field, remedy=remedy) from error


def handle_event(
    unit: Session, tenant: str, event: ReceivedEvent, data: DataIn, *, now: datetime, notice_within: timedelta
) -> Result:
    """Do the event's work with the rights of the user its key runs as, and note the outcome with it.

    Raises NotFoundError, ForbiddenError or InvalidInputError when it cannot be done: undo the transaction.
    """
    work = Work(unit, acting_for(unit, tenant, event.run_as), event, now, notice_within)
    try:
        match data:
            case VisitRequest():
                result = _request_visit(work, data)
            case MailReceived():
                result = take_mail(work, data)
            case MeetingEnded():
                result = take_meeting(work, data)
            case OpportunityChanged():
                result = change_opportunity(work, data)
            case StockChanged():
                result = change_stock(work, data)
    except RefusedError as refused:
        remedy = "Import what is missing, then replay the event."
        raise InvalidInputError(refused.reason, field=refused.field, remedy=remedy) from refused
    unit.webhook_intake.conclude(tenant, event, *result)
    return result


def _request_visit(work: Work, data: VisitRequest) -> Result:
    run = build_run(work.unit.records.accounts(work.caller), work.caller, data, work.now)
    run, _ = work.unit.visits.create(work.tenant, run, work.origin, request_digest(data))
    return Outcome.DONE, run.id
