"""Changes of opportunities and stock that came in as events: the latest to happen holds, whichever comes last."""

from typing import Any, TypeVar

from pydantic import ValidationError

from connectors.exports.directory import stable_id
from core.domain.base import Record
from core.domain.deals import Opportunity
from core.domain.money import plausible_money
from core.domain.products import Product, StockLine
from core.domain.webhook_data import DataIn, OpportunityChanged, StockChanged
from core.domain.webhooks import CloudEvent, EventIn, Outcome
from core.errors import InvalidInputError, NotFoundError
from core.identity import local_owner
from hub.directory import resolve_account
from hub.events.acting import AHEAD, Result, Work

R = TypeVar("R", bound=Record)

# What names the record rather than changes it.
_NAMING = {
    OpportunityChanged: frozenset({"id", "occurred_at"}),
    StockChanged: frozenset({"product_id", "warehouse", "occurred_at"}),
}
_SENT_AS = {"account_id": "account"}


def subject_of(data: DataIn) -> str | None:
    """The record an event is about, where events about one record must be put in order."""
    match data:
        case OpportunityChanged():
            return data.id
        case StockChanged():
            return stable_id("stock", data.product_id, data.warehouse)
        case _:
            return None


def change_opportunity(work: Work, data: OpportunityChanged) -> Result:
    """Bring an opportunity up to the event, or make it. Raises NotFoundError or InvalidInputError."""
    changes = _newest(work, data)
    if "account" in changes:
        account = resolve_account(work.unit.records.accounts(work.caller), changes.pop("account") or "")
        changes |= {"account_id": account.id, "region": account.region}
    if "amount" in changes:
        changes["amount"] = plausible_money(changes["amount"])
    if product := changes.get("product_id"):
        _require_product(work, product)
    known = _known(work, Opportunity, data.id)
    return _merge(work, Opportunity, data.id, known, changes)


def change_stock(work: Work, data: StockChanged) -> Result:
    """Bring a stock line up to the event, or make it. Raises NotFoundError or InvalidInputError."""
    changes = _newest(work, data)
    _require_product(work, data.product_id)
    lines = work.unit.records.find(local_owner(work.tenant), StockLine)
    same = [one for one in lines if (one.product_id, one.warehouse) == (data.product_id, data.warehouse)]
    id_ = same[0].id if same else stable_id("stock", data.product_id, data.warehouse)
    known = _known(work, StockLine, id_)
    if changes:
        before = known.updated_at if known else None
        changes["updated_at"] = max(filter(None, (before, work.event.occurred_at)))
        changes |= {"product_id": data.product_id, "warehouse": data.warehouse}
    return _merge(work, StockLine, id_, known, changes)


def _newest(work: Work, data: OpportunityChanged | StockChanged) -> dict[str, Any]:
    """The fields that were sent and that no later event about the same record has set."""
    at = work.event.occurred_at
    if at is None:
        remedy = "Send when it happened: in the data, or as the time of a structured CloudEvent."
        raise InvalidInputError("is missing", field="data.occurred_at", remedy=remedy)
    if at > work.now + AHEAD:
        raise InvalidInputError("lies in the future", field="data.occurred_at", remedy="Correct the sender’s clock.")
    sent = data.model_fields_set - _NAMING[type(data)]
    type_ = EventIn(work.event.type)
    later = work.unit.webhook_intake.after(work.tenant, type_, work.event.subject or "", at, work.event.id)
    known = {name for event in later for name in CloudEvent.model_validate_json(event.body).data}
    return {name: getattr(data, name) for name in sorted(sent - known)}


def _require_product(work: Work, product_id: str) -> None:
    if work.unit.records.find(work.caller, Product, ids=[product_id]):
        return
    raise NotFoundError(
        f"no product “{product_id}”", field="data.product_id", remedy="Import the product, then replay the event."
    )


def _known(work: Work, kind: type[R], id_: str) -> R | None:
    """The record as it is; one the caller may not see is refused rather than overwritten."""
    held = work.unit.records.find(local_owner(work.tenant), kind, ids=[id_])
    if held and not work.unit.records.find(work.caller, kind, ids=[id_]):
        remedy = "Let the key run as a user who may see it."
        raise NotFoundError(f"no {kind.kind} “{id_}”", field="data.id", remedy=remedy)
    return held[0] if held else None


def _merge(work: Work, kind: type[R], id_: str, known: R | None, changes: dict[str, Any]) -> Result:
    if not changes:
        return Outcome.SUPERSEDED, id_
    before = known.model_dump() if known else {"id": id_}
    try:
        record = kind.model_validate({**before, **changes})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(
            first["msg"],
            field=f"data.{_SENT_AS.get(field, field)}",
            remedy=f"The {kind.kind} is not known yet: send or import it whole, then replay the event.",
        ) from error
    work.unit.records.upsert(work.tenant, [record], [work.origin], at=work.now)
    return Outcome.DONE, id_
