"""What effects write: one typed payload per operation, fully resolved (ids, not names; amounts, not formulas)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field, TypeAdapter

from core.domain.base import Frozen, System
from core.domain.contracts import ClauseKind, Department
from core.domain.deals import PipelineStage
from core.domain.money import Money


class Operation(StrEnum):
    """Everything the hub can ask an outside system to write."""

    LOG_ACTIVITY = "log_activity"
    CREATE_TASK = "create_task"
    CREATE_OPPORTUNITY = "create_opportunity"
    UPDATE_OPPORTUNITY = "update_opportunity"
    SET_NEXT_STEP = "set_next_step"
    CREATE_CONTACT = "create_contact"
    UPDATE_CONTACT = "update_contact"
    RESERVE_STOCK = "reserve_stock"
    REQUEST_SAMPLE = "request_sample"
    DRAFT_QUOTE = "draft_quote"
    OPEN_REVIEW = "open_review"
    REQUEST_AMENDMENT = "request_amendment"
    SCHEDULE_SIGNATURE = "schedule_signature"


class ActivityForm(StrEnum):
    """What kind of contact with the customer an activity was."""

    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"
    VISIT = "visit"
    NOTE = "note"


class SampleForm(StrEnum):
    """A sample stays with the customer, a demo unit comes back."""

    SAMPLE = "sample"
    DEMO_UNIT = "demo_unit"


ShortText = Annotated[str, Field(min_length=1, max_length=300)]
LongText = Annotated[str, Field(max_length=20_000)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class WriteOf(Frozen):
    """What every payload has: the account that it concerns."""

    system: ClassVar[System]

    account_id: str


class OpportunityFields(Frozen):
    """Fields of a deal; None means not known before, or left as it is."""

    name: ShortText | None = None
    stage: PipelineStage | None = None
    amount: Money | None = None
    close_on: date | None = None
    owner: str | None = None


class ContactFields(Frozen):
    """Fields of a person; None means not known before, or left as it is."""

    name: ShortText | None = None
    title: str | None = None
    department: str | None = None
    email: str | None = None
    phone: str | None = None


class QuoteLine(Frozen):
    """`discount` is the fraction by which `unit_price` is below the list price."""

    product_id: str
    quantity: Count
    unit_price: Money
    discount: Decimal = Field(default=Decimal(0), ge=0, le=1)


class LogActivity(WriteOf):
    """Record a contact with the customer."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.LOG_ACTIVITY] = Operation.LOG_ACTIVITY
    form: ActivityForm
    subject: ShortText
    text: LongText = ""
    at: AwareDatetime
    opportunity_id: str | None = None


class CreateTask(WriteOf):
    """Give somebody something to do."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.CREATE_TASK] = Operation.CREATE_TASK
    subject: ShortText
    due_on: date
    assignee: str | None = None
    opportunity_id: str | None = None


class CreateOpportunity(WriteOf):
    """Open a deal."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.CREATE_OPPORTUNITY] = Operation.CREATE_OPPORTUNITY
    name: ShortText
    stage: PipelineStage = PipelineStage.PROSPECTING
    amount: Money | None = None
    close_on: date | None = None
    owner: str | None = None
    product_id: str | None = None
    quantity: Count | None = None


class UpdateOpportunity(WriteOf):
    """Change fields of a deal that still holds what was `expected` of those fields."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.UPDATE_OPPORTUNITY] = Operation.UPDATE_OPPORTUNITY
    opportunity_id: str
    expected: OpportunityFields
    changes: OpportunityFields


class SetNextStep(WriteOf):
    """Say what comes next in a deal whose next step still is the `expected` one."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.SET_NEXT_STEP] = Operation.SET_NEXT_STEP
    opportunity_id: str
    expected: str | None
    next_step: ShortText


class CreateContact(WriteOf):
    """Add a person to an account."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.CREATE_CONTACT] = Operation.CREATE_CONTACT
    name: ShortText
    title: str | None = None
    department: str | None = None
    email: str | None = None
    phone: str | None = None


class UpdateContact(WriteOf):
    """Change fields of a person that still holds what was `expected` of those fields."""

    system: ClassVar[System] = System.CRM
    operation: Literal[Operation.UPDATE_CONTACT] = Operation.UPDATE_CONTACT
    contact_id: str
    expected: ContactFields
    changes: ContactFields


class ReserveStock(WriteOf):
    """Hold pieces of a product in a warehouse until the end of a day."""

    system: ClassVar[System] = System.ERP
    operation: Literal[Operation.RESERVE_STOCK] = Operation.RESERVE_STOCK
    product_id: str
    warehouse: str
    quantity: Count
    until: date
    opportunity_id: str | None = None


class RequestSample(WriteOf):
    """Ask for a sample or a demo unit for the customer."""

    system: ClassVar[System] = System.ERP
    operation: Literal[Operation.REQUEST_SAMPLE] = Operation.REQUEST_SAMPLE
    form: SampleForm
    product_id: str
    quantity: Count = 1
    needed_on: date
    opportunity_id: str | None = None


class DraftQuote(WriteOf):
    """Draft a quote; the currency is the same in all lines."""

    system: ClassVar[System] = System.ERP
    operation: Literal[Operation.DRAFT_QUOTE] = Operation.DRAFT_QUOTE
    lines: tuple[QuoteLine, ...] = Field(min_length=1, max_length=200)
    valid_until: date
    opportunity_id: str | None = None


class OpenReview(WriteOf):
    """Ask a department to review a contract, or a question when there is no contract yet."""

    system: ClassVar[System] = System.CONTRACTS
    operation: Literal[Operation.OPEN_REVIEW] = Operation.OPEN_REVIEW
    department: Department
    subject: ShortText
    question: LongText
    contract_id: str | None = None
    due_on: date


class RequestAmendment(WriteOf):
    """Ask for a clause of a contract to be changed."""

    system: ClassVar[System] = System.CONTRACTS
    operation: Literal[Operation.REQUEST_AMENDMENT] = Operation.REQUEST_AMENDMENT
    contract_id: str
    clause: ClauseKind
    wording: LongText = Field(min_length=1)
    reason: ShortText


class ScheduleSignature(WriteOf):
    """Plan the signing of a contract; `signatories` are names as they will be written."""

    system: ClassVar[System] = System.CONTRACTS
    operation: Literal[Operation.SCHEDULE_SIGNATURE] = Operation.SCHEDULE_SIGNATURE
    contract_id: str
    on: date
    signatories: tuple[ShortText, ...] = Field(min_length=1, max_length=20)


Payload: TypeAlias = Annotated[
    LogActivity
    | CreateTask
    | CreateOpportunity
    | UpdateOpportunity
    | SetNextStep
    | CreateContact
    | UpdateContact
    | ReserveStock
    | RequestSample
    | DraftQuote
    | OpenReview
    | RequestAmendment
    | ScheduleSignature,
    Field(discriminator="operation"),
]

PAYLOAD: TypeAdapter[Payload] = TypeAdapter(Payload)
PAYLOADS: Mapping[Operation, type[WriteOf]] = {
    Operation.LOG_ACTIVITY: LogActivity,
    Operation.CREATE_TASK: CreateTask,
    Operation.CREATE_OPPORTUNITY: CreateOpportunity,
    Operation.UPDATE_OPPORTUNITY: UpdateOpportunity,
    Operation.SET_NEXT_STEP: SetNextStep,
    Operation.CREATE_CONTACT: CreateContact,
    Operation.UPDATE_CONTACT: UpdateContact,
    Operation.RESERVE_STOCK: ReserveStock,
    Operation.REQUEST_SAMPLE: RequestSample,
    Operation.DRAFT_QUOTE: DraftQuote,
    Operation.OPEN_REVIEW: OpenReview,
    Operation.REQUEST_AMENDMENT: RequestAmendment,
    Operation.SCHEDULE_SIGNATURE: ScheduleSignature,
}
