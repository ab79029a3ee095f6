"""Writes that every target must be able to do, and some that it must refuse, and the company that they are for."""

from datetime import date
from decimal import Decimal

from core.domain.base import Record
from core.domain.contracts import ClauseKind, Department
from core.domain.deals import PipelineStage
from core.domain.money import Money
from core.domain.payloads import (
    ContactFields,
    CreateContact,
    CreateOpportunity,
    CreateTask,
    OpenReview,
    OpportunityFields,
    Payload,
    RequestAmendment,
    RequestSample,
    SampleForm,
    ScheduleSignature,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.products import Product
from tests.effect_company import RECORDS, log_activity, next_step, quote, reserve

HELD: tuple[Record, ...] = (*RECORDS, Product(id="p1", name="AX-90"))
DAY = date(2026, 6, 30)
HUNDRED = Money(amount=Decimal(100))
WRITES: list[Payload] = [
    log_activity().model_copy(update={"opportunity_id": "o1"}),
    CreateTask(account_id="a1", subject="回电 call back", due_on=DAY, assignee="Mia"),
    CreateOpportunity(account_id="a1", name="Line 4", amount=HUNDRED, close_on=DAY, product_id="p1", quantity=3),
    UpdateOpportunity(
        account_id="a1",
        opportunity_id="o1",
        expected=OpportunityFields(name="Line 3", stage=PipelineStage.PROPOSAL),
        changes=OpportunityFields(stage=PipelineStage.NEGOTIATION, amount=HUNDRED, owner="Mia"),
    ),
    next_step("Send"),
    CreateContact(account_id="a1", name="Ben Okoro", title="Engineer", email="ben@acme.example", phone="+49 30 1"),
    UpdateContact(
        account_id="a1",
        contact_id="c1",
        expected=ContactFields(title="Buyer"),
        changes=ContactFields(title="Head", phone="1", email="ada@acme.example"),
    ),
    reserve(3),
    RequestSample(account_id="a1", form=SampleForm.DEMO_UNIT, product_id="p1", quantity=2, needed_on=DAY),
    quote(),
    OpenReview(account_id="a1", department=Department.LEGAL, subject="Liability", question="?", due_on=DAY),
    RequestAmendment(account_id="a1", contract_id="k1", clause=ClauseKind.PAYMENT, wording="60 days", reason="asked"),
    ScheduleSignature(account_id="a1", contract_id="k1", on=DAY, signatories=("Ada", "Lin")),
]
REFUSED: dict[str, tuple[Payload, str]] = {
    "an account nobody knows": (log_activity(account_id="a9"), "unknown"),
    "a deal nobody knows": (log_activity().model_copy(update={"opportunity_id": "o9"}), "unknown"),
    "another account’s deal": (next_step("Send").model_copy(update={"account_id": "a2"}), "unknown"),
    "a changed deal": (next_step("Send", expected="Wait"), "changed"),
    "more than there is": (reserve(8), "short"),
    "a warehouse nobody knows": (reserve().model_copy(update={"warehouse": "Moon"}), "unknown"),
    "a contract nobody knows": (WRITES[-1].model_copy(update={"contract_id": "k9"}), "unknown"),
}
