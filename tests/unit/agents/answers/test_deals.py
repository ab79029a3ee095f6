"""Deals, orders and contracts: how many, how much, when, and what else is said in them."""

from datetime import date

import pytest

from core.domain.contracts import Contract
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.money import Money
from core.errors import NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from tests.unit.agents.answers.company import MANAGER, RECORDS, ask, texts


def test_open_deals_are_counted_added_up_and_told_the_next_to_close_first() -> None:
    assert texts("list_opportunities", account_id="a1") == [
        "Nordlicht Papier has 2 open deals, CNY 1,009,000 in all:",
        "“Spare valves”: CNY 9,000, proposal, closing on 1 February 2026.",
        "“Pump line”: CNY 1,000,000, negotiation, closing on 30 April 2026.",
        "Past the planned close: “Spare valves”.",
    ]
    assert texts("list_opportunities", Lang.ZH, account_id="a1") == [
        "Nordlicht Papier有 2 个在跟商机，合计 1,009,000 元：",
        "“Spare valves”：9,000 元，方案报价，预计2026年2月1日成交。",
        "“Pump line”：1,000,000 元，商务谈判，预计2026年4月30日成交。",
        "已过预计成交日的有“Spare valves”。",
    ]


def test_a_lost_deal_comes_with_its_reason() -> None:
    assert texts("list_opportunities", account_id="a1", status="lost") == [
        "Nordlicht Papier has one lost deal:",
        "“Old line”: lost, closed on 1 May 2025; reason: “Delivery too late”.",
    ]
    assert texts("list_opportunities", Lang.ZH, account_id="a1", status="lost")[1] == (
        "“Old line”：丢单，2025年5月1日关闭，原因：“Delivery too late”。"
    )


def test_no_such_deal_is_said_plainly() -> None:
    assert texts("list_opportunities", account_id="a1", status="won") == ["There is no won deal with Nordlicht Papier."]
    assert texts("list_opportunities", Lang.ZH, account_id="a1", status="won") == ["Nordlicht Papier没有已赢单的商机。"]
    assert texts("list_opportunities", mine=True, closing_by="2026-01-01") == [
        "You have no open deal closing by 1 January 2026."
    ]


def test_my_deals_are_those_whose_owner_is_the_seller_who_asks() -> None:
    said = texts("list_opportunities", mine=True)
    assert said[0] == "You have one open deal:"
    assert "Pump line" in said[1]
    assert "Nordlicht Papier" in said[1]
    whole_company = Caller(tenant="t", user="mia", roles=frozenset({Role.REP}))
    assert texts("list_opportunities", caller=whole_company, mine=True)[0].startswith("You have 2 open deals")


def test_who_is_no_seller_is_told_so_instead_of_getting_nothing() -> None:
    assert texts("list_opportunities", caller=MANAGER, mine=True) == [
        "I cannot tell which records are yours: the CRM has no seller “boss”."
    ]
    assert texts("list_opportunities", Lang.ZH, caller=MANAGER, mine=True) == [
        "CRM 里没有与账号“boss”对应的销售，没法判断哪些归您负责。"
    ]


def test_a_long_list_of_deals_says_how_many_more_there_are_and_counts_all_of_them() -> None:
    many = [
        Opportunity(
            id=f"m{n}",
            account_id="a2",
            name=f"Line {n}",
            stage=PipelineStage.PROPOSAL,
            amount=Money(amount=1000, currency="EUR"),
            close_on=date(2026, 5, n + 1),
            region="East",
        )
        for n in range(8)
    ]
    said = texts("list_opportunities", records=[*RECORDS, *many], account_id="a2")
    assert said[0] == "华锦精密 has 8 open deals, EUR 8,000 in all:"
    assert len(said) == 7
    assert said[-1] == "3 more are not listed here."


def test_amounts_in_several_currencies_are_added_up_at_planning_rates_and_say_so() -> None:
    euro = Opportunity(
        id="m1",
        account_id="a1",
        name="Line",
        stage=PipelineStage.PROPOSAL,
        amount=Money(amount=100, currency="EUR"),
        region="East",
    )
    assert texts("list_opportunities", records=[*RECORDS, euro], account_id="a1")[0].endswith("at planning rates:")
    assert "按计划汇率折算" in texts("list_opportunities", Lang.ZH, records=[*RECORDS, euro], account_id="a1")[0]


def test_one_deal_is_told_with_its_stage_wish_and_next_step() -> None:
    assert texts("find_opportunity", opportunity_id="o1") == [
        (
            "“Pump line” with Nordlicht Papier is in negotiation, CNY 1,000,000, due to close on 30 April 2026; "
            "owner: Mia Sand."
        ),
        "They want 40 × Pulse pump at 8% off; competitor: Kestrel.",
        "Next step: “Send the revised offer”.",
    ]
    assert texts("find_opportunity", Lang.ZH, opportunity_id="o1") == [
        "Nordlicht Papier的“Pump line”处于商务谈判阶段，1,000,000 元，预计2026年4月30日成交，由Mia Sand负责。",
        "客户要脉冲泵 40 件，希望优惠 8%；竞争对手：Kestrel。",
        "下一步：“Send the revised offer”。",
    ]


def test_a_deal_without_next_step_and_past_its_close_says_both() -> None:
    assert texts("find_opportunity", opportunity_id="o2")[1:] == [
        "The CRM gives no next step.",
        "It was to close on 1 February 2026, 29 days ago: agree a new date.",
    ]
    assert texts("find_opportunity", Lang.ZH, opportunity_id="o2")[1:] == [
        "CRM 里没有填下一步。",
        "原定2026年2月1日成交，已超期 29 天，需要重新约定时间。",
    ]


def test_a_lost_deal_is_told_as_lost_without_a_next_step() -> None:
    assert texts("find_opportunity", opportunity_id="o3") == [
        "“Old line” with Nordlicht Papier was lost on 1 May 2025; reason: “Delivery too late”."
    ]
    assert texts("find_opportunity", Lang.ZH, opportunity_id="o3") == [
        "Nordlicht Papier的“Old line”于2025年5月1日丢单，原因：“Delivery too late”。"
    ]


def test_a_deal_that_does_not_exist_is_refused_by_its_id() -> None:
    with pytest.raises(NotFoundError, match="no deal with the id “o77”"):
        ask("find_opportunity", opportunity_id="o77")


def test_orders_say_what_arrives_next_and_list_the_latest() -> None:
    assert texts("list_orders", account_id="a1") == [
        "Nordlicht Papier has 2 orders on record, the latest of 10 January 2026; next delivery on 20 March 2026:",
        "SO-1, 10 January 2026: 4 × Pulse pump, CNY 100,000; delivery on 20 March 2026; confirmed.",
        "SO-0, 1 June 2025: Valve.",
    ]
    assert texts("list_orders", Lang.ZH, account_id="a1") == [
        "Nordlicht Papier有 2 笔订单，最近一笔是2026年1月10日，下一次交货是2026年3月20日：",
        "SO-1（2026年1月10日）：脉冲泵 4 件，100,000 元，2026年3月20日交货，状态：confirmed。",
        "SO-0（2025年6月1日）：阀门。",
    ]


def test_many_orders_say_how_many_more_there_are() -> None:
    many = [Order(id=f"SO-{n}", account_id="a2", ordered_on=date(2026, 1, n), region="East") for n in range(10, 17)]
    said = texts("list_orders", records=[*RECORDS, *many], account_id="a2")
    assert said[1].startswith("SO-16, 16 January 2026: product not named")
    assert said[-1] == "3 more are not listed here."


def test_a_customer_without_orders_has_not_ordered_yet() -> None:
    assert texts("list_orders", account_id="a2") == ["华锦精密 has not ordered anything yet."]
    assert texts("list_orders", Lang.ZH, account_id="a2") == ["华锦精密还没有下过订单。"]


def test_a_contract_says_how_long_it_binds_and_how_it_is_paid() -> None:
    assert texts("list_contracts", account_id="a1") == [
        (
            "“Frame agreement” (FA-1) runs until 31 December 2026, 304 days from now; value CNY 500,000. "
            "Payment: “Payable within 30 days”."
        ),
        "“Frame agreement” on delivery: “DAP the customer's site”.",
    ]
    assert texts("list_contracts", Lang.ZH, account_id="a1") == [
        (
            "“Frame agreement”（FA-1）有效期至2026年12月31日，还有 304 天，金额 500,000 元。"
            "付款：“Payable within 30 days”。"
        ),
        "“Frame agreement”的交付条款：“DAP the customer's site”。",
    ]


def test_without_a_contract_in_force_the_last_one_is_named() -> None:
    records = [record for record in RECORDS if record.id != "k1"]
    assert texts("list_contracts", records=records, account_id="a1") == [
        "No contract with Nordlicht Papier is in force; “Old agreement” ended on 31 December 2025."
    ]
    assert texts("list_contracts", Lang.ZH, records=records, account_id="a1") == [
        "与Nordlicht Papier目前没有在有效期内的合同，“Old agreement”已于2025年12月31日到期。"
    ]
    assert texts("list_contracts", account_id="a2") == ["No contract with 华锦精密 is in force."]


def test_many_contracts_are_counted_and_the_rest_is_not_passed_over() -> None:
    more = [Contract(id=f"q{n}", account_id="a2", title=f"Agreement {n}", region="East") for n in range(5)]
    said = texts("list_contracts", records=[*RECORDS, *more], account_id="a2")
    assert said[0] == "华锦精密 has 5 contracts in force:"
    assert said[1].endswith("states no end date; it says nothing on payment.")
    assert said[-1] == "2 more are not listed here."
