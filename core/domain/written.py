"""Records that exist because the hub wrote them. `effect_key` is the key they were written under; a `void` one no
longer counts, and stays to be seen."""

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

from core.domain.base import Record, System
from core.domain.contracts import ClauseKind, Department
from core.domain.effects import Change
from core.domain.payloads import ActivityForm, Operation, QuoteLine, SampleForm


class WrittenRecord(Record):
    """What they have in common: the account, and under which key they were written."""

    account_id: str
    effect_key: str
    void: bool = False


class Activity(WrittenRecord):
    """A contact with the customer that was logged."""

    kind: ClassVar[str] = "activity"
    system: ClassVar[System] = System.CRM

    form: ActivityForm
    subject: str
    text: str = ""
    at: AwareDatetime
    opportunity_id: str | None = None


class Task(WrittenRecord):
    """Something to do until the end of a day."""

    kind: ClassVar[str] = "task"
    system: ClassVar[System] = System.CRM

    subject: str
    due_on: date
    assignee: str | None = None
    opportunity_id: str | None = None


class RecordChange(WrittenRecord):
    """An entry of the CRM's own history: which fields of which record were changed, from what to what."""

    kind: ClassVar[str] = "record_change"
    system: ClassVar[System] = System.CRM

    record_kind: str
    record_id: str
    changes: tuple[Change, ...]


class Reservation(WrittenRecord):
    """Pieces held for a customer until the end of a day; they count as reserved in the stock line `stock_id`."""

    kind: ClassVar[str] = "reservation"
    system: ClassVar[System] = System.ERP

    stock_id: str
    product_id: str
    warehouse: str
    quantity: int
    until: date
    opportunity_id: str | None = None


class SampleRequest(WrittenRecord):
    """A sample or a demo unit that was asked for."""

    kind: ClassVar[str] = "sample_request"
    system: ClassVar[System] = System.ERP

    form: SampleForm
    product_id: str
    quantity: int
    needed_on: date
    opportunity_id: str | None = None


class Quote(WrittenRecord):
    """A draft quote."""

    kind: ClassVar[str] = "quote"
    system: ClassVar[System] = System.ERP

    lines: tuple[QuoteLine, ...]
    valid_until: date
    opportunity_id: str | None = None


class ContractRequest(WrittenRecord):
    """What was asked of the people who keep the contracts; only the fields of its `operation` are set."""

    kind: ClassVar[str] = "contract_request"
    system: ClassVar[System] = System.CONTRACTS

    operation: Operation
    contract_id: str | None = None
    department: Department | None = None
    subject: str | None = None
    question: str | None = None
    due_on: date | None = None
    clause: ClauseKind | None = None
    wording: str | None = None
    reason: str | None = None
    on: date | None = None
    signatories: tuple[str, ...] = ()


WRITTEN: tuple[type[WrittenRecord], ...] = (
    Activity,
    Task,
    RecordChange,
    Reservation,
    SampleRequest,
    Quote,
    ContractRequest,
)
