"""A preview shows what a write sets, field by field: no more, no less."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.contracts import ClauseKind
from core.domain.deals import PipelineStage
from core.domain.money import Money
from core.domain.payloads import (
    ContactFields,
    CreateContact,
    DraftQuote,
    OpportunityFields,
    Payload,
    QuoteLine,
    RequestAmendment,
    ReserveStock,
    SetNextStep,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.previews import preview_of
from core.domain.products import StockLine

WORDS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20)
MONEY = st.builds(Money, amount=st.decimals(1, 10**9, places=2), currency=st.sampled_from(["CNY", "EUR"]))
FIELDS = {
    "name": WORDS,
    "stage": st.sampled_from(PipelineStage),
    "amount": MONEY,
    "close_on": st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    "owner": WORDS,
}
SOME_FIELDS = st.fixed_dictionaries({}, optional=FIELDS)
CONTACT_FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(ContactFields.model_fields, WORDS))


@given(SOME_FIELDS, SOME_FIELDS)
def test_an_update_of_a_deal_shows_exactly_the_fields_that_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    payload = UpdateOpportunity(
        account_id="a", opportunity_id="o", expected=OpportunityFields(**old), changes=OpportunityFields(**new)
    )
    preview = preview_of(payload)
    assert sorted(change.field for change in preview) == sorted(new)
    assert all(change.new is not None for change in preview)
    assert {change.field for change in preview if change.old is None} == new.keys() - old.keys()


@given(CONTACT_FIELDS, CONTACT_FIELDS)
def test_an_update_of_a_person_shows_exactly_the_fields_that_change(old: dict[str, str], new: dict[str, str]) -> None:
    payload = UpdateContact(account_id="a", contact_id="c", expected=ContactFields(**old), changes=ContactFields(**new))
    shown = {change.field: (change.old, change.new) for change in preview_of(payload)}
    assert shown == {field: (old.get(field), value) for field, value in new.items()}


@given(st.fixed_dictionaries({"name": WORDS}, optional={"title": WORDS, "email": WORDS, "phone": WORDS}))
def test_a_new_record_shows_all_that_it_has_and_nothing_old(fields: dict[str, str]) -> None:
    preview = preview_of(CreateContact(account_id="a", **fields))
    assert {change.field: change.new for change in preview} == fields
    assert {change.old for change in preview} == {None}


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_reservation_shows_what_is_reserved_and_free_before_and_after(on_hand: int, held: int, wanted: int) -> None:
    payload = ReserveStock(account_id="a", product_id="p", warehouse="W", quantity=wanted, until=date(2026, 6, 1))
    line = StockLine(id="s", product_id="p", warehouse="W", on_hand=on_hand, reserved=held)
    shown = {change.field: change for change in preview_of(payload, stock=line)}
    assert (shown["reserved"].old, shown["reserved"].new) == (str(held), str(held + wanted))
    assert shown["available"].old == str(max(0, on_hand - held))
    assert shown["available"].new == str(max(0, on_hand - held - wanted))
    assert not {"reserved", "available"} & {change.field for change in preview_of(payload)}


def test_a_stored_payload_previews_as_the_resolved_one_does() -> None:
    payload: Payload = SetNextStep(account_id="a", opportunity_id="o", expected=None, next_step="Call")
    again = SetNextStep.model_validate_json(payload.model_dump_json())
    assert preview_of(again) == preview_of(payload)
    assert [(change.old, change.new) for change in preview_of(payload)] == [(None, "Call")]


def test_an_amendment_shows_the_present_wording_beside_the_wanted_one() -> None:
    payload = RequestAmendment(
        account_id="a", contract_id="k", clause=ClauseKind.PAYMENT, wording="60 days", reason="Asked"
    )
    shown = {change.field: (change.old, change.new) for change in preview_of(payload, clause="30 days")}
    assert shown["wording"] == ("30 days", "60 days")
    assert shown["contract_id"] == (None, "k")


def test_a_quote_shows_its_lines_with_names_prices_and_discounts_and_the_total() -> None:
    price = Money(amount=Decimal("95.50"), currency="EUR")
    line = QuoteLine(product_id="p", quantity=4, unit_price=price, discount=Decimal("0.045"))
    payload = DraftQuote(account_id="a", lines=(line,), valid_until=date(2026, 6, 1), opportunity_id="p")
    names = {("product_id", "p"): "Pump", ("opportunity_id", "p"): "Line 3"}
    shown = {change.field: change.new for change in preview_of(payload, names=names)}
    assert shown == {
        "line_1": "4 × Pump (p) @ EUR 95.50 (-4.5%)",
        "total": "EUR 382.00",
        "valid_until": "2026-06-01",
        "opportunity_id": "Line 3 (p)",
    }


def test_nothing_in_a_value_hides_or_turns_what_whoever_decides_sees() -> None:
    payload = SetNextStep(account_id="a", opportunity_id="o", expected="Send\r", next_step="Pay \x1b[8m9\u202e1\nNow")
    [change] = preview_of(payload)
    assert (change.old, change.new) == ("Send\\u000d", "Pay \\u001b[8m9\\u202e1\nNow")
