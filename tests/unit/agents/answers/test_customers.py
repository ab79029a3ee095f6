"""A customer in one look, who has gone quiet, what was said, and where they stand."""

from datetime import date
from typing import Any

from core.domain.accounts import Account
from core.domain.interactions import InteractionKind
from core.identity import Caller, Role
from core.language import Lang
from tests.unit.agents.answers.company import BEN, MANAGER, RECORDS, mail, texts, without


def test_a_customer_is_told_by_owner_open_deals_and_last_contact() -> None:
    assert texts("find_account", account_id="a1") == [
        "Mia Sand owns Nordlicht Papier: class A customer, Paper, Germany, region East; 1,200 employees.",
        (
            "2 deals are open, CNY 1,009,000 in all; the largest is “Pump line”, CNY 1,000,000, in negotiation, due to "
            "close on 30 April 2026."
        ),
        "Last contact: 20 February 2026 (meeting), 10 days ago.",
    ]
    assert texts("find_account", Lang.ZH, account_id="a1") == [
        "Nordlicht Papier是 A 类客户，由Mia Sand负责；行业：Paper；德国；区域：East；员工 1,200 人。",
        (
            "在跟商机 2 个，合计 1,009,000 元，最大的是“Pump line”，1,000,000 元，处于商务谈判阶段，"
            "预计2026年4月30日成交。"
        ),
        "最近一次联系是2026年2月20日（会议），距今 10 天。",
    ]


def test_a_customer_of_whom_little_is_known_is_told_with_what_is_missing() -> None:
    bare = Account(id="a4", name="Newcomer", region="East")
    records = [*RECORDS, bare]
    assert texts("find_account", records=records, account_id="a4") == [
        "The CRM names no owner of Newcomer: class C customer, region East.",
        "No deal is open with them.",
        "No exchange with them is on record.",
    ]
    assert texts("find_account", Lang.ZH, records=records, account_id="a4") == [
        "Newcomer是 C 类客户，CRM 里没有登记负责人；区域：East。",
        "目前没有在跟商机。",
        "还没有往来记录。",
    ]


def test_customers_are_counted_and_named_within_the_region_of_who_asks() -> None:
    assert texts("list_accounts") == ["There are 2 customers: Nordlicht Papier, 华锦精密."]
    assert texts("list_accounts", Lang.ZH) == ["共有客户 2 家：Nordlicht Papier、华锦精密。"]
    assert texts("list_accounts", caller=MANAGER)[0].startswith("There are 3 customers: ")


def test_my_customers_are_those_that_the_seller_who_asks_owns() -> None:
    assert texts("list_accounts", mine=True) == ["You own one customer: Nordlicht Papier."]
    tom = Caller(tenant="t", user="tom", roles=frozenset({Role.REP}), regions=frozenset({"West"}))
    assert texts("list_accounts", caller=tom, mine=True) == ["The CRM names you as owner of no customer."]
    assert texts("list_accounts", Lang.ZH, caller=tom, mine=True) == ["没有登记在您名下的客户。"]


def test_a_region_holds_those_below_it_and_an_unknown_one_holds_none() -> None:
    assert texts("list_accounts", region="east") == ["There are 2 customers in east: Nordlicht Papier, 华锦精密."]
    assert texts("list_accounts", region="East/Key") == ["There is one customer in East/Key: 华锦精密."]
    assert texts("list_accounts", region="North") == ["There is no customer that you may see in North."]


def test_who_has_gone_quiet_comes_with_the_quietest_first() -> None:
    quiet = texts("list_accounts", quiet_for_days=5)
    assert quiet == [
        "2 of 2 customers have been quiet for 5 days or more:",
        "Nordlicht Papier: last contact on 20 February 2026, 10 days ago; owner: Mia Sand.",
        "华锦精密: no exchange on record; owner: Tom Reed.",
    ]
    assert texts("list_accounts", Lang.ZH, quiet_for_days=5) == [
        "2 家客户里，有 2 家已 5 天以上没有联系：",
        "Nordlicht Papier：最近一次联系是2026年2月20日，已 10 天；负责人Mia Sand。",
        "华锦精密：没有往来记录；负责人Tom Reed。",
    ]


def test_nobody_quiet_is_said_plainly() -> None:
    records = without("a2")
    assert texts("list_accounts", records=records, quiet_for_days=60) == [
        "None of 1 customers has been quiet for 60 days."
    ]
    assert texts("list_accounts", Lang.ZH, records=records, mine=True, quiet_for_days=60) == [
        "您负责的 1 家客户在 60 天内都有联系。"
    ]


def test_a_long_list_of_customers_says_how_many_more_there_are() -> None:
    many = [Account(id=f"x{n}", name=f"Mill {n:02}", region="East") for n in range(20)]
    (said,) = texts("list_accounts", records=[*RECORDS, *many])
    assert said.startswith("There are 22 customers: Mill 00, ")
    assert said.endswith(" and 10 more.")
    quiet = texts("list_accounts", records=[*RECORDS, *many], quiet_for_days=5)
    assert quiet[0].endswith("; the 5 quietest:")
    assert len(quiet) == 6


def test_the_last_contact_is_said_before_the_exchanges() -> None:
    assert texts("find_interactions", account_id="a1", limit=2) == [
        (
            "The last contact with Nordlicht Papier was on 20 February 2026, 10 days ago (meeting). The latest 2 of "
            "4 on record since 3 November 2025:"
        ),
        "20 February 2026, meeting on “Review”, Ben Holm: “I will recommend you to the board.”",
        "10 February 2026, mail on “Pump line”, Ben Holm: “We need the pumps by May, it is urgent.”",
    ]
    assert texts("find_interactions", Lang.ZH, account_id="a1", limit=2) == [
        "与Nordlicht Papier最近一次联系是2026年2月20日（会议），距今 10 天。2025年11月3日以来共 4 次，最近 2 次：",
        "2026年2月20日会议《Review》，Ben Holm：“I will recommend you to the board.”",
        "2026年2月10日邮件《Pump line》，Ben Holm：“We need the pumps by May, it is urgent.”",
    ]


def test_exchanges_can_be_those_with_one_person_in_one_form_since_a_day() -> None:
    said = texts("find_interactions", account_id="a1", person_id="c1", kind="mail", since="2026-01-01")
    assert said[0] == (
        "The last mail with Ada Frost (Nordlicht Papier) was on 15 January 2026, 46 days ago. "
        "It is the only one on record since 1 January 2026:"
    )
    assert len(said) == 2


def test_no_such_exchange_is_said_with_the_last_one_there_was() -> None:
    asked: dict[str, Any] = {"account_id": "a1", "kind": "call", "since": "2026-01-01"}
    assert texts("find_interactions", **asked) == [
        (
            "No call with Nordlicht Papier since 1 January 2026 is on record; the last contact with Nordlicht Papier "
            "was on 20 February 2026 (meeting)."
        )
    ]
    assert texts("find_interactions", Lang.ZH, **asked) == [
        ("2026年1月1日以来没有与Nordlicht Papier的电话记录；与Nordlicht Papier最近一次联系是2026年2月20日（会议）。")
    ]
    assert texts("find_interactions", account_id="a2") == ["No exchange with 华锦精密 is on record."]


def test_a_note_of_our_own_is_no_contact_with_the_customer() -> None:
    note = mail("i7", "2026-03-01", "Mia Sand", "Call them.", form=InteractionKind.NOTE, recipients=())
    assert "on 20 February 2026" in texts("find_interactions", records=[*RECORDS, note], account_id="a1")[0]


def test_an_exchange_dated_after_today_has_not_happened_yet() -> None:
    planned = mail("i7", "2026-03-20", BEN, "See you.")
    assert texts("find_account", records=[*RECORDS, planned], account_id="a1")[2].startswith(
        "Last contact: 20 February 2026"
    )


def test_what_was_said_on_a_topic_is_quoted_with_day_and_speaker() -> None:
    assert texts("recall_history", account_id="a1", query="price") == [
        "One exchange with Nordlicht Papier, of 15 January 2026, comes closest to “price”:",
        "15 January 2026, mail on “Pump line”, Ada Frost: “Your price is too high.”",
    ]
    assert texts("recall_history", Lang.ZH, account_id="a1", query="price") == [
        "关于“price”，与Nordlicht Papier的往来里最相关的有 1 次（2026年1月15日）：",
        "2026年1月15日邮件《Pump line》，Ada Frost：“Your price is too high.”",
    ]


def test_a_topic_that_never_came_up_is_said_with_how_much_was_searched() -> None:
    assert texts("recall_history", account_id="a1", query="warranty") == [
        "Nothing on record with Nordlicht Papier touches “warranty”; 4 exchanges were searched."
    ]
    assert texts("recall_history", Lang.ZH, account_id="a1", query="warranty") == [
        "与Nordlicht Papier的 4 次往来里没有提到“warranty”。"
    ]


def test_the_stage_comes_with_its_share_what_showed_it_and_what_the_crm_says() -> None:
    said = texts("find_stage", account_id="a1")
    assert said[0].startswith("Nordlicht Papier is most likely in the decision stage (")
    assert said[-1] == "The CRM has their largest open deal, “Pump line”, in negotiation."
    assert texts("find_stage", Lang.ZH, account_id="a1")[-1] == "CRM 里最大的在跟商机“Pump line”处于商务谈判阶段。"


def test_without_a_word_of_the_customer_the_stage_is_not_guessed() -> None:
    (said,) = texts("find_stage", account_id="a2")
    assert said == "Nothing on record shows in 华锦精密's own words where they stand; ask about it first."


def test_signals_are_summed_up_and_then_quoted() -> None:
    said = texts("list_signals", account_id="a1", kind="objection")
    assert said == [
        "Nordlicht Papier objects to price.",
        "They object to price: “Your price is too high.” (Ada Frost, 15 January 2026)",
    ]
    assert texts("list_signals", Lang.ZH, account_id="a1", kind="objection")[0] == "Nordlicht Papier对价格有顾虑。"


def test_signals_that_are_not_there_are_said_not_to_be() -> None:
    assert texts("list_signals", account_id="a2", kind="competitor") == [
        "Nothing on record shows that 华锦精密 named a competitor."
    ]
    assert texts("list_signals", Lang.ZH, account_id="a2") == [
        "往来记录里没有看到华锦精密提过需求、异议、竞争对手或时间要求。"
    ]


def test_days_are_counted_from_the_day_of_the_question() -> None:
    today = mail("i7", date(2026, 3, 2).isoformat(), BEN, "Hello again.")
    assert (
        texts("find_account", records=[*RECORDS, today], account_id="a1")[2]
        == "Last contact: 2 March 2026 (mail), today."
    )
