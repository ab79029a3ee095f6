"""What a person says becomes exactly one payload, with the old values that it is bound to."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.domain.effects import RiskClass
from core.domain.payloads import (
    CreateTask,
    DraftQuote,
    LogActivity,
    Operation,
    OpportunityFields,
    RequestAmendment,
    ReserveStock,
    ScheduleSignature,
    SetNextStep,
    UpdateContact,
    UpdateOpportunity,
)
from core.errors import SourceError
from tests.unit.tools.world import CASES, LINE, NOW, eur, resolve


@pytest.mark.parametrize("operation", list(Operation))
def test_every_tool_resolves_names_to_one_payload_with_its_facts(operation: Operation) -> None:
    proposal = resolve(operation, **CASES[operation])

    assert proposal.payload.operation is operation
    assert proposal.payload.account_id == "a1"
    assert proposal.facts.operation is operation
    assert (proposal.facts.region, proposal.facts.customer_class) == ("East", "A")
    assert proposal.preview


def test_the_values_are_those_that_were_meant() -> None:
    def of(operation: Operation) -> Any:
        return resolve(operation, **CASES[operation]).payload

    assert of(Operation.LOG_ACTIVITY) == LogActivity(
        account_id="a1", form="call", subject="Called Ada", at=NOW, opportunity_id="o1"
    )
    assert of(Operation.CREATE_TASK) == CreateTask(
        account_id="a1", subject="Call back", due_on=date(2026, 3, 5), assignee="Mia Sand"
    )
    assert of(Operation.SET_NEXT_STEP) == SetNextStep(
        account_id="a1", opportunity_id="o1", expected="Send offer", next_step="Agree on terms"
    )
    assert of(Operation.RESERVE_STOCK) == ReserveStock(
        account_id="a1",
        product_id="P-100",
        warehouse="North",
        quantity=6,
        until=date(2026, 3, 31),
        opportunity_id="o1",
    )
    amendment, signature = of(Operation.REQUEST_AMENDMENT), of(Operation.SCHEDULE_SIGNATURE)
    assert isinstance(amendment, RequestAmendment)
    assert amendment.contract_id == "k1"
    assert isinstance(signature, ScheduleSignature)
    assert signature.signatories == ("Ada Frost", "Mia Sand")


def test_an_open_deal_is_meant_rather_than_a_closed_one_of_a_similar_name() -> None:
    def deal_meant(name: str) -> str | None:
        payload = resolve(Operation.LOG_ACTIVITY, **{**CASES[Operation.LOG_ACTIVITY], "deal": name}).payload
        assert isinstance(payload, LogActivity)
        return payload.opportunity_id

    assert deal_meant("line") == "o1"
    assert deal_meant("old line") == "o3"


def test_an_update_is_bound_to_what_is_there_and_names_only_what_changes() -> None:
    deal = resolve(Operation.UPDATE_OPPORTUNITY, **CASES[Operation.UPDATE_OPPORTUNITY]).payload
    assert isinstance(deal, UpdateOpportunity)
    assert deal.expected == OpportunityFields(amount=eur("40000"))
    assert deal.changes == OpportunityFields(amount=eur("45000"))
    person = resolve(Operation.UPDATE_CONTACT, contact="c2", email="ben@nlp.example", name="Ben Frost").payload
    assert isinstance(person, UpdateContact)
    assert person.expected.model_dump(exclude_none=True) == {}
    assert person.changes.model_dump(exclude_none=True) == {"email": "ben@nlp.example"}


def test_a_large_deal_stays_large_for_policy_when_its_amount_is_lowered() -> None:
    lowered = resolve(Operation.UPDATE_OPPORTUNITY, deal="o1", amount=1)
    assert lowered.facts.amount_cny == eur("40000").in_cny()
    unknown = resolve(Operation.UPDATE_OPPORTUNITY, deal="o1", amount=1, currency="XTS")
    assert unknown.facts.amount_cny is None


def test_winning_a_deal_and_prices_beyond_a_reps_are_of_high_risk() -> None:
    assert resolve(Operation.UPDATE_OPPORTUNITY, deal="o1", stage="won").risk is RiskClass.HIGH
    assert resolve(Operation.DRAFT_QUOTE, lines=[{**LINE, "discount": "0.05"}]).risk is RiskClass.MEDIUM
    assert resolve(Operation.DRAFT_QUOTE, lines=[{**LINE, "discount": "0.06"}]).risk is RiskClass.HIGH


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "unit"),
    [
        (10, {"unit_price": "900"}, "0.1", "900"),
        (10, {"discount": "0.1"}, "0.1", "900"),
        (10, {}, "0", "1000"),
        (10, {"unit_price": "1100"}, "0", "1100"),
        (50, {"unit_price": "900"}, "0", "900"),
        (50, {"unit_price": "810"}, "0.1", "810"),
        (10, {"unit_price": "999.99"}, "0.00001", "999.99"),
    ],
)
def test_the_discount_of_a_quote_comes_from_the_list_price(
    quantity: int, price: dict[str, str], discount: str, unit: str
) -> None:
    proposal = resolve(Operation.DRAFT_QUOTE, lines=[{"product": "P-100", "quantity": quantity, **price}])
    payload = proposal.payload
    assert isinstance(payload, DraftQuote)
    assert payload.lines[0].discount == Decimal(discount)
    assert payload.lines[0].unit_price == eur(unit)
    assert proposal.facts.discount == Decimal(discount)
    assert proposal.facts.amount_cny == eur(unit).times(quantity).in_cny()


def test_a_quote_is_judged_by_its_deepest_discount_and_its_whole_amount() -> None:
    lines = [{"product": "P-100", "quantity": 1, "discount": "0.1"}, {"product": "V-7", "quantity": 100}]
    proposal = resolve(Operation.DRAFT_QUOTE, lines=lines, currency="EUR")
    assert proposal.facts.discount == Decimal("0.1")
    assert proposal.facts.amount_cny == eur("9900").in_cny()


def test_a_system_that_must_be_read_and_is_down_is_told() -> None:
    with pytest.raises(SourceError, match="erp: down"):
        resolve(Operation.RESERVE_STOCK, faults={"erp": {"down": True}}, **CASES[Operation.RESERVE_STOCK])
