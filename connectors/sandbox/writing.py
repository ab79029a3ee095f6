"""What each operation writes in the sandbox systems, how it is compared, and how it is taken back."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.effects import Change, Receipt
from core.domain.payloads import (
    CreateContact,
    Operation,
    Payload,
    ReserveStock,
    SetNextStep,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.products import StockLine
from core.domain.written import (
    WRITTEN,
    Activity,
    ContractRequest,
    Quote,
    RecordChange,
    Reservation,
    SampleRequest,
    Task,
    WrittenRecord,
)
from core.errors import RefusedError
from core.ports.keyed_writes import Writing

R = TypeVar("R", bound=Record)
Update: TypeAlias = UpdateOpportunity | UpdateContact | SetNextStep
Fields: TypeAlias = dict[str, Any]

_KINDS: tuple[type[Record], ...] = (Opportunity, Contact, *WRITTEN)
KINDS: Mapping[str, type[Record]] = {kind.kind: kind for kind in _KINDS}
_NEW: Mapping[Operation, type[Record]] = {
    Operation.LOG_ACTIVITY: Activity,
    Operation.CREATE_TASK: Task,
    Operation.CREATE_OPPORTUNITY: Opportunity,
    Operation.CREATE_CONTACT: Contact,
    Operation.REQUEST_SAMPLE: SampleRequest,
    Operation.DRAFT_QUOTE: Quote,
    Operation.OPEN_REVIEW: ContractRequest,
    Operation.REQUEST_AMENDMENT: ContractRequest,
    Operation.SCHEDULE_SIGNATURE: ContractRequest,
}
_NAMED: Mapping[str, type[Record]] = {"opportunity_id": Opportunity, "contract_id": Contract, "contact_id": Contact}
VOID = "void"


def write_record(writing: Writing, key: str, payload: Payload, at: datetime) -> Record:
    """Do what the payload says; the record that was made or changed. Raises RefusedError."""
    account = _known(payload, "account_id", writing.get(Account, payload.account_id))
    for field, of in _NAMED.items():
        named = getattr(payload, field, None)
        if named is not None and _known(payload, field, writing.get(of, named)).account != account.id:
            raise RefusedError(payload.system, "unknown", f"{field} {named} is not of this account")
    if isinstance(payload, UpdateOpportunity | UpdateContact | SetNextStep):
        return _update(writing, key, payload, account)
    if isinstance(payload, ReserveStock):
        return _reserve(writing, key, payload, account)
    kind = _NEW[payload.operation]
    fields = _told(payload) | {"id": uuid.uuid4().hex, "account_id": account.id, "region": account.region}
    if issubclass(kind, WrittenRecord):
        fields["effect_key"] = key
    if kind is ContractRequest:
        fields["operation"] = payload.operation
    if kind is Opportunity:
        fields["created_on"] = at.date()
    made = kind.model_validate(fields)
    writing.save(made)
    return made


def differences(record: Record | None, payload: Payload) -> Iterator[Change]:
    """Fields of the record that are not as the payload has them."""
    if record is None:
        yield Change(field="record", old=None, new=payload.operation.value)
        return
    if _is_void(record, payload):
        yield Change(field=VOID, old="true", new="false")
    if isinstance(payload, UpdateOpportunity | UpdateContact | SetNextStep):
        wanted = _changes(payload)
    else:
        wanted = _told(payload) | {"account_id": payload.account_id}
    for name, value in wanted.items():
        held = getattr(record, name)
        if held != value:
            yield Change(field=name, old=None if held is None else str(held), new=None if value is None else str(value))


def _is_void(record: Record, payload: Payload) -> bool:
    """Whether what was made was taken back since."""
    left = isinstance(payload, CreateContact) and isinstance(record, Contact) and not record.active
    return left or getattr(record, "void", False)


def undo_record(writing: Writing, receipt: Receipt, payload: Payload) -> None:
    """Take back what was written: void what was made, give changed fields what they held. Raises RefusedError."""
    kind = KINDS[receipt.record_kind]
    record = _known(payload, "record", writing.hold(kind, receipt.record_id))
    if isinstance(payload, UpdateOpportunity | UpdateContact | SetNextStep):
        new, old = _changes(payload), _expected(payload)
        _change(writing, f"undo:{receipt.key}", payload, record, before=new, after={name: old[name] for name in new})
    elif isinstance(record, Opportunity):
        writing.save(record.model_copy(update={"stage": PipelineStage.LOST, "loss_reason": VOID}))
    elif isinstance(record, Contact):
        writing.save(record.model_copy(update={"active": False}))
    else:
        if isinstance(record, Reservation):
            line = _known(payload, "warehouse", writing.hold(StockLine, record.stock_id))
            writing.save(line.model_copy(update={"reserved": max(0, line.reserved - record.quantity)}))
        writing.save(record.model_copy(update={"void": True}))


def _update(writing: Writing, key: str, payload: Update, account: Account) -> Record:
    kind: type[Record] = Contact if isinstance(payload, UpdateContact) else Opportunity
    record_id = payload.contact_id if isinstance(payload, UpdateContact) else payload.opportunity_id
    record = _known(payload, "record", writing.hold(kind, record_id))
    return _change(writing, key, payload, record, before=_expected(payload), after=_changes(payload))


def _change(writing: Writing, key: str, payload: Update, record: R, *, before: Fields, after: Fields) -> R:
    """Change fields of a record that still holds what is expected, with an entry in the history."""
    for name, value in before.items():
        if getattr(record, name) != value:
            raise RefusedError(payload.system, "changed", name)
    changed = record.model_copy(update=after)
    writing.save(changed)
    entry = RecordChange(
        id=uuid.uuid4().hex,
        account_id=payload.account_id,
        region=record.region,
        effect_key=key,
        record_kind=record.kind,
        record_id=record.id,
        changes=tuple(
            Change(field=name, old=_text(getattr(record, name)), new=_text(value)) for name, value in after.items()
        ),
    )
    writing.save(entry)
    return changed


def _reserve(writing: Writing, key: str, payload: ReserveStock, account: Account) -> Reservation:
    lines = (
        line
        for line in writing.all(StockLine)
        if (line.product_id, line.warehouse) == (payload.product_id, payload.warehouse)
    )
    known = _known(payload, "warehouse", next(lines, None))
    line = _known(payload, "warehouse", writing.hold(StockLine, known.id))
    if line.available < payload.quantity:
        raise RefusedError(payload.system, "short", f"{line.available} of {payload.quantity} are there")
    writing.save(line.model_copy(update={"reserved": line.reserved + payload.quantity}))
    told = _told(payload) | {"id": uuid.uuid4().hex, "account_id": account.id, "region": account.region}
    made = Reservation(**told, effect_key=key, stock_id=line.id)
    writing.save(made)
    return made


def _told(payload: Payload) -> Fields:
    """Fields of the payload that the record has under the same names."""
    return {name: value for name, value in payload if name not in ("operation", "account_id")}


def _changes(payload: Update) -> Fields:
    if isinstance(payload, SetNextStep):
        return {"next_step": payload.next_step}
    return {name: value for name, value in payload.changes if value is not None}


def _expected(payload: Update) -> Fields:
    """Every field that is to change, and every other that was told."""
    if isinstance(payload, SetNextStep):
        return {"next_step": payload.expected}
    changing = _changes(payload)
    return {name: value for name, value in payload.expected if value is not None or name in changing}


def _known(payload: Payload, field: str, found: R | None) -> R:
    if found is None:
        raise RefusedError(payload.system, "unknown", field)
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)
