"""Stock, prices and approvals: figures of the ERP and of the company's tables, never guessed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answers.check_stock import build_shelf
from core.domain.contracts import ApprovalRule, ClauseKind, Department
from core.domain.products import Price, PricingRule, StockLine
from core.errors import NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from tests.unit.agents.answers.company import RECORDS, ask, cny, texts, without

TODAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many pieces by which day, and what is said."""

    quantity: int | None
    by: str | None
    english: str
    chinese: str


@pytest.mark.parametrize(
    "case",
    [
        Wanted(
            None,
            None,
            "Pulse pump: 10 free (North 6 and South 4); 50 more due, the first on 20 March 2026; lead time for more is "
            "60 days.",
            "脉冲泵现有可用 10 件（North 6、South 4）；还有 50 件在途，最早2026年3月20日到货；补货周期 60 天。",
        ),
        Wanted(
            8,
            None,
            "Yes, there are enough Pulse pump: 8 wanted, 10 free (North 6 and South 4).",
            "够。脉冲泵要 8 件，现有可用 10 件（North 6、South 4）。",
        ),
        Wanted(
            40,
            "2026-03-31",
            "Yes, 40 Pulse pump can be there by 31 March 2026: 10 free now and 50 due by then, 60 in all.",
            "2026年3月31日前够。脉冲泵要 40 件，现有可用 10 件，到时还会到货 50 件，合计 60 件。",
        ),
        Wanted(
            40,
            "2026-03-10",
            "No, 30 short: 40 Pulse pump wanted by 10 March 2026, 10 free (North 6 and South 4). All of it can be "
            "there on 20 March 2026, 10 days late.",
            "不够，缺 30 件。脉冲泵要 40 件（2026年3月10日前），现有可用 10 件（North 6、South 4），"
            "最早2026年3月20日备齐，晚 10 天。",
        ),
        Wanted(
            100,
            "2026-06-30",
            "Yes, 100 Pulse pump can be there by 30 June 2026 if the missing 90 are ordered today: 10 are free now, "
            "lead time is 60 days, so complete on 1 May 2026.",
            "今天就下补货单的话，2026年6月30日前来得及。脉冲泵要 100 件，现有可用 10 件，缺 90 件，补货周期 60 天，"
            "最早2026年5月1日备齐。",
        ),
    ],
    ids=lambda case: f"{case.quantity}-{case.by}",
)
def test_stock_says_first_whether_it_is_enough(case: Wanted) -> None:
    asked: dict[str, Any] = {"product_ids": ["P-100"], "quantity": case.quantity, "by": case.by}
    assert texts("check_stock", **asked) == [case.english]
    assert texts("check_stock", Lang.ZH, **asked) == [case.chinese]


def test_a_product_without_a_stock_line_is_not_told_as_zero() -> None:
    answer = ask("check_stock", product_ids=["V-7"])
    assert [claim.text for claim in answer.claims] == [
        "The ERP keeps no stock line for Valve: ask supply chain before you name a date."
    ]
    assert answer.view.facts["products"][0]["free"] is None
    assert texts("check_stock", Lang.ZH, product_ids=["V-7"]) == ["ERP 里没有阀门的库存记录，谈交期前先问供应链。"]


def test_goods_that_should_be_there_already_are_told_and_not_counted() -> None:
    late = StockLine(id="w3", product_id="P-100", warehouse="Port", on_hand=0, incoming=7, incoming_on=date(2026, 2, 1))
    said = texts("check_stock", records=[*RECORDS, late], product_ids=["P-100"])
    assert said[0].startswith("Pulse pump: 10 free")
    assert said[1] == "7 Pulse pump were due before today and are not booked in, so they do not count here."


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(-30, 90)), max_size=4),
    st.integers(1, 200),
    st.integers(0, 90),
)
def test_stock_that_is_called_ready_by_a_day_is_there_by_that_day(
    shelves: list[tuple[int, int, int]], quantity: int, days: int
) -> None:
    lines = tuple(
        StockLine(
            id=str(n),
            product_id="P",
            warehouse=str(n),
            on_hand=free,
            incoming=coming,
            incoming_on=TODAY + timedelta(days=due),
        )
        for n, (free, coming, due) in enumerate(shelves)
    )
    shelf = build_shelf("P", lines, quantity, TODAY + timedelta(days=days), TODAY)
    free = sum(line.on_hand for line in lines)
    assert shelf.free == free
    assert shelf.short_by == max(0, quantity - free)
    if shelf.ready_on is not None and shelf.short_by:
        there = free + sum(line.incoming for line in lines if TODAY <= (line.incoming_on or TODAY) <= shelf.ready_on)
        assert there >= quantity


def test_a_price_comes_with_its_room_and_its_next_step() -> None:
    assert texts("find_price", product_id="P-100", quantity=10, account_id="a1") == [
        "List price of Pulse pump for 10: CNY 25,000 each, CNY 250,000 in all; valid until 31 December 2026.",
        (
            "For Nordlicht Papier a rep may give up to 5% alone (down to CNY 23,750); with approval up to 15% (down to "
            "CNY 21,250)."
        ),
        "From 50 pieces on, the list price is CNY 24,000 each.",
    ]
    assert texts("find_price", Lang.ZH, product_id="P-100", quantity=10, account_id="a1") == [
        "脉冲泵买 10 件的目录单价是 25,000 元，合计 250,000 元，有效期至2026年12月31日。",
        "对Nordlicht Papier，销售可以自己让 5%（最低 23,750 元），经审批最多让 15%（最低 21,250 元）。",
        "满 50 件，目录单价降到 24,000 元。",
    ]


def test_a_quantity_sets_the_price_step() -> None:
    assert texts("find_price", product_id="P-100", quantity=60)[0].startswith(
        "List price of Pulse pump for 60: CNY 24,000 each, CNY 1,440,000 in all"
    )


def test_an_expired_price_list_entry_is_said_beside_the_catalogue_price() -> None:
    old = Price(id="p1", product_id="P-100", unit_price=cny("25000"), valid_to=date(2025, 12, 31))
    records = [*without("p1", "p2"), old]
    assert texts("find_price", records=records, product_id="P-100")[0] == (
        "Catalogue price of Pulse pump: CNY 26,000 each. Its price list entry ended on 31 December 2025: have finance "
        "confirm before you quote."
    )
    assert texts("find_price", Lang.ZH, records=records, product_id="P-100")[0] == (
        "脉冲泵产品目录价是 26,000 元。价目已于2025年12月31日到期，报价前请财务确认。"
    )


def test_a_product_without_any_price_gets_none() -> None:
    answer = ask("find_price", product_id="V-7")
    assert [claim.text for claim in answer.claims] == [
        "There is no valid price for Valve. Ask finance before you quote."
    ]
    assert answer.view.facts["unit_price"] is None
    assert texts("find_price", Lang.ZH, product_id="V-7") == ["阀门目前没有有效价格，报价前请先问财务。"]


def test_without_a_customer_the_room_that_hangs_on_its_class_is_not_told() -> None:
    only_a = PricingRule(
        id="R1",
        family="Pumps",
        customer_class="A",
        max_discount_rep=Decimal("0.05"),
        max_discount_approved=Decimal("0.15"),
    )
    records = [*without("R1"), only_a]
    assert texts("find_price", records=records, product_id="P-100")[1] == (
        "How far the price may go down depends on the customer's class: name the customer to see it."
    )
    assert texts("find_price", records=records, product_id="P-100", account_id="a2")[1] == (
        "No pricing rule allows a discount on it for 华锦精密."
    )


def test_a_product_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no product with the id “XQ”"):
        ask("find_price", product_id="XQ")


def test_who_must_approve_comes_first_in_order_and_then_why() -> None:
    assert texts("find_approval_path", account_id="a1", discount="0.12") == [
        (
            "Sales Director → Controller must approve “Pump line” with Nordlicht Papier (CNY 1,000,000, 12% off), "
            "in this order."
        ),
        "Sales Director (sales): Discounts from 5% are beyond a rep.",
        "Controller (finance): Large deals are checked by finance.",
    ]
    assert texts("find_approval_path", Lang.ZH, account_id="a1", discount="0.12") == [
        "Nordlicht Papier的“Pump line”（1,000,000 元，优惠 12%）依次由Sales Director → Controller审批。",
        "Sales Director（销售）：5% 以上超出销售权限。",
        "Controller（财务）：大额商机由财务审核。",
    ]


def test_what_nobody_must_approve_is_said_to_be_free() -> None:
    asked: dict[str, Any] = {"account_id": "a1", "discount": "0.01", "amount": {"amount": 5000, "currency": "CNY"}}
    assert texts("find_approval_path", **asked) == [
        (
            "Nobody needs to approve “Pump line” with Nordlicht Papier (CNY 5,000, 1% off): "
            "no row of the approval table applies."
        )
    ]
    assert texts("find_approval_path", Lang.ZH, **asked) == [
        "Nordlicht Papier的“Pump line”（5,000 元，优惠 1%）不用审批，审批表里没有适用的条目。"
    ]


def test_without_a_table_of_its_own_the_default_is_named_as_such() -> None:
    said = texts("find_approval_path", records=without("A1", "A2"), account_id="a1")
    assert said[-1] == "The company has no approval table of its own yet; this is the hub's default table."


def test_an_unknown_amount_counts_every_approval_in_and_says_so() -> None:
    said = texts("find_approval_path", account_id="a2", discount="0.1")
    assert said[0].startswith("Sales Director → Controller must approve a deal with 华锦精密 (10% off)")
    assert said[-1] == "The amount is not known, so every approval that depends on it is counted in."


def test_contracts_that_may_not_be_read_count_every_clause_in_and_the_path_says_so() -> None:
    of_clause = ApprovalRule(
        id="A3",
        order=3,
        department=Department.LEGAL,
        approver="Legal Counsel",
        clause=ClauseKind.LIABILITY,
        reason="Liability is read by legal",
    )
    analyst = Caller(tenant="t", user="ana", roles=frozenset({Role.ANALYST}))
    records = [*RECORDS, of_clause]
    assert "Legal Counsel" not in texts("find_approval_path", records=records, account_id="a1")[0]
    said = texts("find_approval_path", records=records, caller=analyst, account_id="a1")
    assert said[0].startswith("Sales Director → Controller → Legal Counsel must approve")
    assert said[-2:] == [
        "The contracts could not be read, so every approval that depends on a clause is counted in.",
        "Your role may not read contracts, so that is missing here.",
    ]
