"""What cannot be resolved to exactly one sensible write is refused, with the field, the remedy and near names."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.domain.payloads import Operation
from core.errors import HubError, InvalidInputError, NotFoundError
from tests.unit.tools.world import CASES, resolve

PUMP = {"product": "P-100", "quantity": 1}
REFUSED: list[tuple[Operation, dict[str, Any], str, str]] = [
    (Operation.LOG_ACTIVITY, {"account": "Nordlihct"}, "account", "Nordlicht Papier"),
    (Operation.LOG_ACTIVITY, {"account": "Westfalen Guss"}, "account", "no account"),
    (Operation.LOG_ACTIVITY, {"at": "2026-03-02T09:31:00Z"}, "at", "create_task"),
    (Operation.LOG_ACTIVITY, {"deal": "三号线"}, "deal", "Name a deal of Nordlicht"),
    (Operation.CREATE_TASK, {"due_on": "2026-03-01"}, "due_on", "in the past"),
    (Operation.CREATE_TASK, {"due_on": "2036-03-01"}, "due_on", "too far"),
    (Operation.CREATE_TASK, {"assignee": "Nobody"}, "assignee", "no sales person"),
    (Operation.CREATE_OPPORTUNITY, {"name": "pump  LINE"}, "name", "o1"),
    (Operation.CREATE_OPPORTUNITY, {"stage": "won"}, "stage", "cannot be won"),
    (Operation.CREATE_OPPORTUNITY, {"product": "Pump 9000"}, "product", "Pulse pump P-100"),
    (Operation.UPDATE_OPPORTUNITY, {"deal": "Old line"}, "deal", "closed (lost)"),
    (Operation.UPDATE_OPPORTUNITY, {"deal": None}, "deal", "2 open deals"),
    (Operation.UPDATE_OPPORTUNITY, {"amount": "40000.00", "stage": None}, "amount", "nothing of"),
    (Operation.UPDATE_OPPORTUNITY, {"amount": None, "stage": None}, "changes", "nothing of"),
    (Operation.UPDATE_OPPORTUNITY, {"close_on": "2020-01-01"}, "close_on", "in the past"),
    (Operation.SET_NEXT_STEP, {"next_step": " Send offer "}, "next_step", "nothing of"),
    (Operation.CREATE_CONTACT, {"name": "ada frost"}, "name", "update_contact"),
    (Operation.CREATE_CONTACT, {"email": "ADA@nlp.example"}, "email", "update_contact"),
    (Operation.UPDATE_CONTACT, {"contact": "Frost"}, "contact", "Ada Frost (c1), Ben Frost (c2)"),
    (Operation.UPDATE_CONTACT, {"title": "Buyer"}, "title", "nothing of"),
    (Operation.RESERVE_STOCK, {"quantity": 7}, "quantity", "only 6"),
    (Operation.RESERVE_STOCK, {"quantity": 1, "warehouse": "South"}, "quantity", "6 in North"),
    (Operation.RESERVE_STOCK, {"warehouse": "Nroth"}, "warehouse", "North"),
    (Operation.RESERVE_STOCK, {"product": "V-7"}, "product", "no warehouse"),
    (Operation.RESERVE_STOCK, {"until": "2026-03-01"}, "until", "in the past"),
    (Operation.REQUEST_SAMPLE, {"product": "Nothing"}, "product", "no product"),
    (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "unit_price": "849.99"}]}, "lines.0", "EUR 850.00"),
    (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "discount": "0.151"}]}, "lines.0", "15%"),
    (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "product": "V-7", "discount": "0.01"}]}, "lines.0", "EUR 90"),
    (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "product": "X-1"}]}, "lines.0.product", "no list price"),
    (Operation.DRAFT_QUOTE, {"currency": "CNY"}, "lines.0.product", "one currency"),
    (Operation.DRAFT_QUOTE, {"valid_until": "2026-03-01"}, "valid_until", "in the past"),
    (Operation.OPEN_REVIEW, {"contract": "k3"}, "contract", "no contract"),
    (Operation.OPEN_REVIEW, {"contract": "agreement"}, "contract", "fits 2 contracts"),
    (Operation.REQUEST_AMENDMENT, {"contract": "k2"}, "contract", "ends on 2025-12-31"),
    (Operation.REQUEST_AMENDMENT, {"contract": "华锦框架协议"}, "contract", "other accounts"),
    (Operation.REQUEST_AMENDMENT, {"wording": "Payable  within 30 days."}, "wording", "nothing of"),
    (Operation.SCHEDULE_SIGNATURE, {"on": "2027-01-01"}, "on", "ends on 2026-12-31"),
    (Operation.SCHEDULE_SIGNATURE, {"signatories": ["Cem"]}, "signatories", "has left"),
    (Operation.SCHEDULE_SIGNATURE, {"signatories": ["Mallory"]}, "signatories", "no signatory"),
]


@pytest.mark.parametrize(("operation", "wrong", "field", "said"), REFUSED)
def test_it_is_refused(operation: Operation, wrong: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(HubError) as refused:
        resolve(operation, **{**CASES[operation], **wrong})
    error = refused.value
    assert isinstance(error, InvalidInputError | NotFoundError)
    assert error.field == field
    assert error.remedy
    assert said in str(error)


@pytest.mark.parametrize(
    ("operation", "wrong"),
    [
        (Operation.LOG_ACTIVITY, {"subject": "  "}),
        (Operation.LOG_ACTIVITY, {"recipient": "mallory@evil.example"}),
        (Operation.CREATE_CONTACT, {"email": "no address"}),
        (Operation.UPDATE_OPPORTUNITY, {"amount": -1}),
        (Operation.UPDATE_OPPORTUNITY, {"currency": "euro"}),
        (Operation.RESERVE_STOCK, {"quantity": 0}),
        (Operation.DRAFT_QUOTE, {"lines": []}),
        (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "unit_price": 1, "discount": 0}]}),
        (Operation.DRAFT_QUOTE, {"lines": [{**PUMP, "discount": "1.1"}]}),
        (Operation.SCHEDULE_SIGNATURE, {"signatories": []}),
    ],
)
def test_arguments_that_make_no_sense_are_refused_before_anything_is_read(
    operation: Operation, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        resolve(operation, **{**CASES[operation], **wrong})


def test_a_currency_that_nobody_knows_is_asked_for() -> None:
    from tests.unit.tools.world import RECORDS  # noqa: PLC0415

    unplaced = [each.model_copy(update={"country": None}) if each.id == "a1" else each for each in RECORDS]
    with pytest.raises(InvalidInputError, match=r"^currency: .*EUR"):
        resolve(Operation.CREATE_OPPORTUNITY, records=unplaced, name="New", amount=5)


def test_lines_listed_in_different_currencies_do_not_make_one_quote() -> None:
    lines = [{"product": "P-100", "quantity": 1}, {"product": "Gasket", "quantity": 1}]
    with pytest.raises(InvalidInputError, match=r"lines\.1\.product: .* one currency"):
        resolve(Operation.DRAFT_QUOTE, account="华锦", lines=lines)
