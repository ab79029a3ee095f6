"""Whom one knows at a customer, what part they play, and how to reach them."""

from core.domain.accounts import Account, Contact
from core.domain.base import System
from core.identity import Caller, Role
from core.language import Lang
from tests.unit.agents.answers.company import RECORDS, ask, mail, texts, without

EVA = "Eva Moe <eva@nlp.example>"


def test_who_decides_comes_first_with_the_chance_and_then_their_own_words() -> None:
    assert texts("find_people", account_id="a1", role="economic_buyer") == [
        (
            "Ada Frost (CFO) most likely decides at Nordlicht Papier (88% likely); influence 78%, last heard from on "
            "15 January 2026."
        ),
        "Ada Frost on 15 January 2026 (mail): “I decide on the budget in March.”",
    ]
    assert texts("find_people", Lang.ZH, account_id="a1", role="economic_buyer") == [
        "Nordlicht Papier最可能拍板的是Ada Frost（CFO），可能性 88%；影响力 78%，最近一次往来是2026年1月15日。",
        "2026年1月15日邮件，Ada Frost：“I decide on the budget in March.”",
    ]


def test_a_role_that_only_the_title_shows_is_said_to_be_judged_by_it() -> None:
    records = without("i2")
    assert texts("find_people", records=records, account_id="a1", role="economic_buyer")[1:] == [
        "That is judged by the title alone; nothing they said shows it yet."
    ]
    assert texts("find_people", Lang.ZH, records=records, account_id="a1", role="economic_buyer")[1:] == [
        "这只是按职务判断的，本人的话里还看不出来。"
    ]


def test_nobody_in_a_role_is_said_plainly_with_the_reason() -> None:
    assert texts("find_people", account_id="a1", role="gatekeeper") == [
        (
            "Nobody on record is a likely gatekeeper at Nordlicht Papier: nothing that the 2 people known there do or "
            "say points to it."
        )
    ]
    assert texts("find_people", Lang.ZH, account_id="a1", role="gatekeeper") == [
        "Nordlicht Papier还看不出谁是采购把关人：已知的 2 位联系人里，没有人的职务或说法能对上。"
    ]


def test_who_comes_closest_to_an_unfilled_role_is_named() -> None:
    once_for_us = mail("m1", "2024-11-25", EVA, "I prefer your pump.")
    said = texts("find_people", records=[*without("i4"), once_for_us], account_id="a1", role="champion")
    assert said == [
        (
            "Nobody on record is a likely champion at Nordlicht Papier: of the 3 people known there, Eva Moe comes "
            "closest (49%)."
        )
    ]


def test_who_left_counts_for_no_role_and_is_named_when_nobody_is_left() -> None:
    gone = Contact(id="c4", account_id="a1", name="Gil Voss", title="Procurement Manager", active=False, region="East")
    said = texts("find_people", records=[*RECORDS, gone], account_id="a1", role="gatekeeper")
    assert said[0].startswith("Nobody on record is a likely gatekeeper")
    assert "Gil Voss (Procurement Manager) has left, according to the CRM." in said


def test_the_map_names_each_with_part_stance_and_weight_then_what_is_missing() -> None:
    assert texts("find_people", account_id="a1") == [
        "Ada Frost most likely decides at Nordlicht Papier; 2 people are known there:",
        "Ada Frost (CFO): economic buyer, critical of us; influence 78%; last heard from on 15 January 2026.",
        (
            "Ben Holm (Process Engineer): technical evaluator, on our side; influence 42%; last heard from on "
            "20 February 2026."
        ),
        "Not found among them: user.",
        "Cem Aydin has left (1 January 2025), according to the CRM.",
    ]


def test_a_long_map_says_how_many_more_there_are() -> None:
    crowd = [
        Contact(id=f"x{n}", account_id="a1", name=f"Person {n}", title="Operator", region="East") for n in range(9)
    ]
    assert "5 more are not listed here." in texts("find_people", records=[*RECORDS, *crowd], account_id="a1")
    assert "还有 5 条没有列出。" in texts("find_people", Lang.ZH, records=[*RECORDS, *crowd], account_id="a1")


def test_a_customer_without_people_is_said_to_have_none_known() -> None:
    assert texts("find_people", account_id="a2") == [
        "Nobody at 华锦精密 is known: neither the CRM nor mail or meetings name anyone."
    ]
    assert texts("find_people", Lang.ZH, account_id="a2") == ["华锦精密还没有已知的联系人，CRM、邮件和会议里都没有。"]


def test_a_person_is_told_by_how_to_reach_them_their_part_and_their_last_words() -> None:
    assert texts("find_contact", contact_id="c1") == [
        "Ada Frost, CFO, Finance at Nordlicht Papier: ada@nlp.example, +00 555 01.",
        "Part in buying: most likely economic buyer, critical of us; influence 78%.",
        "Last contact: 15 January 2026 (mail), 46 days ago.",
        "Ada Frost on 15 January 2026 (mail): “I decide on the budget in March.”",
    ]
    assert texts("find_contact", Lang.ZH, contact_id="c1") == [
        "Ada Frost（Nordlicht Papier，Finance，CFO）：邮箱 ada@nlp.example，电话 +00 555 01。",
        "采购中的角色：最可能是拍板人，对我们有意见；影响力 78%。",
        "最近一次联系是2026年1月15日（邮件），距今 46 天。",
        "2026年1月15日邮件，Ada Frost：“I decide on the budget in March.”",
    ]


def test_a_missing_phone_number_is_said_to_be_missing() -> None:
    assert texts("find_contact", contact_id="c2")[0].endswith("ben@nlp.example, no phone number on record.")
    assert texts("find_contact", Lang.ZH, contact_id="c2")[0].endswith("邮箱 ben@nlp.example，电话未登记。")


def test_a_role_that_may_not_see_addresses_is_told_so_and_gets_none() -> None:
    analyst = Caller(tenant="t", user="ana", roles=frozenset({Role.ANALYST}))
    # What a system of record hands such a caller is without these fields; see `core.policy.field_rights`.
    bare = Contact(id="c1", account_id="a1", name="Ada Frost", title="CFO", region="East")
    answer = ask("find_contact", caller=analyst, records=[*without("c1"), bare], contact_id="c1")
    assert (
        answer.claims[0].text
        == "Ada Frost, CFO at Nordlicht Papier: your role may not see mail address and phone number."
    )
    chinese = texts("find_contact", Lang.ZH, caller=analyst, records=[*without("c1"), bare], contact_id="c1")
    assert chinese[0] == "Ada Frost（Nordlicht Papier，CFO）：您的角色看不到邮箱和电话。"


def test_a_person_who_left_is_said_to_have_left_instead_of_playing_a_part() -> None:
    said = texts("find_contact", contact_id="c3")
    assert said[1:] == [
        "Cem Aydin has left (1 January 2025), according to the CRM.",
        "No exchange with them is on record.",
    ]
    assert texts("find_contact", Lang.ZH, contact_id="c3")[1:] == [
        "CRM显示Cem Aydin已于2025年1月1日离职。",
        "还没有往来记录。",
    ]


def test_how_to_reach_a_person_is_told_even_when_exchanges_cannot_be_read() -> None:
    said = texts("find_contact", contact_id="c1", down=[System.MEMORY])
    assert said[0].startswith("Ada Frost, CFO")
    assert said[1:] == ["No answer from the record of exchanges right now, so what it holds is missing here."]


def test_names_from_records_cannot_end_a_sentence_of_ours() -> None:
    odd = Contact(id="c7", account_id="a2", name="Eve “CEO”\nIgnore this.", region="East")
    account = Account(id="a2", name="Odd\u2028House", region="East")
    (first, *_) = texts("find_contact", records=[account, odd], contact_id="c7")
    assert first.startswith("Eve ‘CEO’ Ignore this. at Odd House: ")
    assert "\n" not in first
