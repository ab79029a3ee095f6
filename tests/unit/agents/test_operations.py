"""Operations: figures from records, prices inside policy, an approval path, and honest gaps."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.operations import SPEC, OperationsInput, run
from agents.spec import AgentOutput
from core.domain.claims import ClaimState
from core.domain.contracts import Clause, ClauseKind, Department
from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import Money
from core.domain.products import PricingRule, StockLine
from core.domain.views.operations import OperationsView, PriceBasis
from core.language import Lang
from tests.unit.agents.business import (
    ACCOUNT,
    APPROVALS,
    CONTRACT,
    DEAL,
    PRICES,
    PUMP,
    RULES,
    STOCK,
    TODAY,
    approval,
    cny,
    operations_input,
)

SOURCES = [name for name in OperationsInput.model_fields if name not in ("lang", "today", "as_of", "account")]


def texts(output: AgentOutput[OperationsView], kind: str) -> list[str]:
    return [claim.text for claim in output.claims if claim.kind == f"operations.{kind}"]


def readers(output: AgentOutput[OperationsView]) -> set[Department]:
    return {department for claim in output.claims for department in claim.departments}


def deal(**changes: Any) -> Opportunity:
    return DEAL.model_copy(update=changes)


def test_the_view_has_the_figures_of_the_records() -> None:
    view = run(operations_input()).view
    assert [each.opportunity_id for each in view.deals] == ["o-1", "o-2"]
    assert (view.won, view.lost, view.orders, view.last_order_on) == (0, 1, 1, date(2025, 9, 1))
    pump, valve = view.covers
    assert (pump.needed, pump.available, pump.incoming, pump.short_by) == (40, 10, 50, 30)
    assert (pump.ready_on, pump.incoming_on, pump.lead_time_days) == (date(2026, 3, 20), date(2026, 3, 20), 60)
    assert (valve.needed, valve.available, valve.short_by, valve.ready_on) == (10, 500, 0, TODAY)


def test_the_price_is_the_valid_entry_for_the_quantity_and_floors_follow_the_rules() -> None:
    pump, valve = run(operations_input()).view.quotes
    assert (pump.unit_price, pump.quantity, pump.basis) == (cny("24000"), 40, PriceBasis.PRICE_LIST)
    assert (pump.floor_rep, pump.floor_approved) == (cny("22800"), cny("21600"))
    assert (valve.unit_price, valve.basis, valve.expired_on) == (cny("900"), PriceBasis.CATALOGUE, date(2025, 12, 31))
    assert (valve.max_discount_rep, valve.floor_approved) == (Decimal(0), cny("900"))


def test_the_approval_path_is_ordered_and_gives_reasons_in_the_language_asked_for() -> None:
    view = run(operations_input(lang=Lang.ZH)).view
    assert [(step.order, step.approver, step.reason) for step in view.approval_path] == [
        (1, "Tom Hale", "适用 sales"),
        (2, "Ines Kost", "适用 money"),
        (2, "Ruo Bai", "适用 clauses"),
    ]


@pytest.mark.parametrize("lang", Lang)
def test_each_department_gets_its_part(lang: Lang) -> None:
    output = run(operations_input(lang=lang))
    assert readers(output) >= {Department.LEGAL, Department.FINANCE, Department.SUPPLY_CHAIN}
    assert all(claim.state is not ClaimState.UNSUPPORTED for claim in output.claims)


def test_good_news_reaches_supply_chain_too() -> None:
    plenty = (StockLine(id="s", product_id="P-100", warehouse="SH", on_hand=99),)
    output = run(operations_input(opportunities=(DEAL,), stock=plenty))
    assert texts(output, "stock_enough") == ["Stock covers Pulse pump P-100: the open deals need 40, 99 are free."]
    assert Department.SUPPLY_CHAIN in readers(output)


def test_a_discount_beyond_policy_is_forbidden_and_has_no_price() -> None:
    output = run(operations_input(opportunities=(deal(discount=Decimal("0.35")),)))
    assert "nobody may approve more than 10%" in texts(output, "discount_asked_forbidden")[0]
    assert "is forbidden: 35% off" in texts(output, "path_forbidden")[0]
    assert "15,600" not in " ".join(claim.text for claim in output.claims)
    assert output.view.approval_path


def test_the_path_of_a_forbidden_discount_is_worked_out_for_the_price_that_is_left() -> None:
    asked = deal(discount=Decimal("0.45"), amount=cny("528000"))
    rules = (approval("from-800k", 1, Department.FINANCE, "Ines Kost", min_amount=Decimal(800_000)),)
    output = run(operations_input(opportunities=(asked,), approval_rules=rules))
    assert [step.rule for step in output.view.approval_path] == ["from-800k"]
    assert "about CNY 864,000, 10% off" in texts(output, "path_overview")[0]


def test_a_discount_that_needs_approval_without_an_approver_is_pointed_out() -> None:
    output = run(operations_input(approval_rules=(APPROVALS[3],)))
    assert "names nobody for it" in texts(output, "path_unapproved")[0]


def test_without_tables_of_the_company_the_default_ones_apply_and_are_named_as_such() -> None:
    output = run(operations_input(approval_rules=(), pricing_rules=(), lang=Lang.ZH))
    assert texts(output, "path_default")
    assert texts(output, "discount_default")
    assert {step.approver for step in output.view.approval_path} >= {"大区销售总监", "财务总监", "法务顾问"}
    assert not any("default" in cited for claim in output.claims for cited in claim.evidence)


def test_rules_that_cannot_be_applied_leave_the_list_price() -> None:
    wrong = (PricingRule(id="PR-9", max_discount_rep=Decimal(15), max_discount_approved=Decimal(20)),)
    output = run(operations_input(pricing_rules=wrong))
    assert "PR-9" in texts(output, "pricing_unusable")[0]
    assert all(quote.floor_approved == quote.unit_price for quote in output.view.quotes)


@pytest.mark.parametrize("gone", ["pricing_rules", "products"])
def test_unknown_limits_mean_no_discount_and_no_verdict_on_the_one_asked_for(gone: str) -> None:
    output = run(operations_input(**{gone: None}))
    (pump, *_) = output.view.quotes
    assert (pump.limits_known, pump.asked_discount, pump.floor_approved) == (False, None, pump.unit_price)
    assert texts(output, "discount_unread")
    assert not texts(output, "path_forbidden")
    assert [step.rule for step in output.view.approval_path] == ["sales", "money", "clauses"]


def test_an_unknown_value_counts_in_all_approvals_that_depend_on_it() -> None:
    output = run(operations_input(opportunities=(deal(amount=Money(amount=Decimal(5), currency="XYZ")),)))
    assert "big" in {step.rule for step in output.view.approval_path}
    assert texts(output, "path_amount_unknown")


def test_a_missing_quantity_is_estimated_from_the_amount_and_said_so() -> None:
    output = run(operations_input(opportunities=(deal(quantity=None),), prices=()))
    assert output.view.covers[0].needed == 38
    assert output.view.covers[0].estimated
    assert "about 38" in texts(output, "stock_short_dated")[0]


def test_no_date_is_named_when_nobody_knows_one() -> None:
    bare = (
        StockLine(id="s", product_id="P-100", warehouse="SH", on_hand=1, incoming=99, incoming_on=date(2026, 1, 1)),
    )
    output = run(operations_input(opportunities=(DEAL,), stock=bare))
    assert output.view.covers[0].ready_on is None
    assert "Promise no delivery date" in texts(output, "stock_short_undated")[0]


def test_prices_in_the_currency_of_the_country_come_before_others_and_are_never_converted() -> None:
    euro = PRICES[0].model_copy(update={"id": "e", "unit_price": Money(amount=Decimal(3000), currency="EUR")})
    account = ACCOUNT.model_copy(update={"country": "Germany"})
    output = run(operations_input(account=account, prices=(*PRICES, euro), opportunities=(deal(amount=None),)))
    assert output.view.quotes[0].unit_price == Money(amount=Decimal(3000), currency="EUR")


def test_expired_prices_without_a_catalogue_price_mean_no_price_at_all() -> None:
    bare = PUMP.model_copy(update={"list_price": None})
    expired = tuple(price.model_copy(update={"valid_to": date(2025, 1, 1)}) for price in PRICES)
    output = run(operations_input(opportunities=(DEAL,), products=(bare,), prices=expired))
    assert output.view.quotes == ()
    assert texts(output, "price_missing") == [
        (
            "There is no valid price for Pulse pump P-100: the last list price expired on 1 January 2025. "
            "Name no price on the visit."
        )
    ]


@pytest.mark.parametrize("gone", SOURCES)
def test_a_source_that_is_gone_takes_only_its_own_sentences_with_it(gone: str) -> None:
    full, less = run(operations_input()), run(operations_input(**{gone: None}))
    assert less.claims
    assert len({claim.kind for claim in less.claims} - {claim.kind for claim in full.claims}) <= 3
    assert all(claim.evidence for claim in less.claims)


def test_with_all_sources_gone_it_says_nothing() -> None:
    output = run(OperationsInput(today=TODAY, account=ACCOUNT))
    assert output.claims == ()
    assert output.view == OperationsView()


def test_a_contract_that_ends_shows_how_it_ends_first_and_no_clause_twice() -> None:
    kinds = [ClauseKind.PAYMENT, ClauseKind.DELIVERY, ClauseKind.LIABILITY, ClauseKind.PRICE, ClauseKind.TERMINATION]
    clauses = [Clause(kind=kind, heading=str(kind), text=f"What holds for {kind}.") for kind in kinds]
    notice = "It goes on for a year unless notice is given by 1 April."
    clauses += [Clause(kind=ClauseKind.RENEWAL, heading="Term", text=notice)]
    clauses[-2] = clauses[-2].model_copy(update={"text": notice})
    contract = CONTRACT.model_copy(update={"clauses": tuple(clauses)})
    shown = texts(run(operations_input(contracts=(contract,))), "clause")
    assert shown[0].endswith(f"on renewal: “{notice}”")
    assert sum(notice in text for text in shown) == 1
    assert len(shown) == 1 + 3


def test_goods_on_the_way_are_named_only_when_they_arrive_in_time_to_help() -> None:
    def short(incoming: int) -> str:
        line = StockLine(
            id="s", product_id="P-100", warehouse="SH", on_hand=1, lead_time_days=20,
            incoming=incoming, incoming_on=date(2026, 3, 20 if incoming > 30 else 30),
        )  # fmt: skip
        return texts(run(operations_input(opportunities=(DEAL,), stock=(line,))), "stock_short_dated")[0]

    assert "1 is free. All of it can be there by 20 March 2026; 50 are on the way" in short(50)
    assert "on the way" not in short(3)


AMOUNTS = st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False), st.just(Decimal("1e60")))
COUNTS = st.one_of(st.none(), st.sampled_from([0, -1, 1, 10**9, 10**30]), st.integers())
DAYS = st.one_of(st.none(), st.dates())


@settings(max_examples=150, deadline=None)
@given(data=st.data(), lang=st.sampled_from(list(Lang)))
def test_absurd_values_never_break_it_nor_lead_below_the_floor(data: st.DataObject, lang: Lang) -> None:
    draw = data.draw
    money = [Money(amount=draw(AMOUNTS) or Decimal(0), currency=draw(st.sampled_from(["CNY", "", "??"])))] * 2
    odd = deal(
        amount=draw(st.sampled_from([None, money[0]])),
        quantity=draw(COUNTS),
        discount=draw(AMOUNTS),
        close_on=draw(DAYS),
        stage=draw(st.sampled_from(list(PipelineStage))),
        name=draw(st.text(max_size=20)),
    )
    line = STOCK[0].model_copy(
        update={
            "on_hand": draw(st.integers()),
            "incoming": draw(st.integers()),
            "incoming_on": draw(DAYS),
            "lead_time_days": draw(COUNTS),
        }
    )
    price = PRICES[0].model_copy(update={"unit_price": money[1], "valid_from": draw(DAYS), "valid_to": draw(DAYS)})
    output = run(operations_input(lang=lang, opportunities=(odd,), stock=(line,), prices=(price,), pricing_rules=RULES))
    for quote in output.view.quotes:
        assert quote.floor_approved.amount >= quote.unit_price.amount * Decimal("0.9")
    assert all(claim.evidence for claim in output.claims)


def test_its_name_and_models_are_those_of_the_registry() -> None:
    assert (SPEC.name, SPEC.input_model) == ("operations", OperationsInput)
