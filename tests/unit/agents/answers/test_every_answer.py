"""What holds for every question: sources, both languages, rights, and systems that do not answer."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agents.answers.registry import ANSWERS
from core.domain.accounts import Account, Contact
from core.domain.base import Record, System
from core.domain.claims import ClaimState
from core.domain.contracts import ApprovalRule, Clause, ClauseKind, Contract, Department
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.market import MarketNote, MoveKind
from core.domain.products import PricingRule, StockLine
from core.domain.resources import Expert, ReferenceCase, Shareable
from core.errors import NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from tests.unit.agents.answers.company import RECORDS, REP, ask, cny, mail

CASES: dict[str, dict[str, Any]] = {
    "check_stock": {"product_ids": ["P-100"], "quantity": 20, "by": "2026-03-31"},
    "find_account": {"account_id": "a1"},
    "find_approval_path": {"account_id": "a1"},
    "find_contact": {"contact_id": "c2"},
    "find_experts": {"account_id": "a1", "on": "2026-03-10"},
    "find_interactions": {"account_id": "a1"},
    "find_market_moves": {"account_id": "a1"},
    "find_opportunity": {"opportunity_id": "o1"},
    "find_people": {"account_id": "a1"},
    "find_price": {"product_id": "P-100", "quantity": 10, "account_id": "a1"},
    "find_references": {"account_id": "a1"},
    "find_stage": {"account_id": "a1"},
    "list_accounts": {"quiet_for_days": 5},
    "list_contracts": {"account_id": "a1"},
    "list_opportunities": {"account_id": "a1"},
    "list_orders": {"account_id": "a1"},
    "list_risks": {"account_id": "a1"},
    "list_signals": {"account_id": "a1"},
    "recall_history": {"account_id": "a1", "query": "delivery"},
    "suggest_proposal": {"account_id": "a1"},
}
# The systems without which an answer says that something is missing from it.
NEEDED: dict[str, set[System]] = {
    "check_stock": {System.ERP},
    "find_account": {System.CRM, System.MEMORY},
    "find_approval_path": {System.CRM, System.CONTRACTS},
    "find_contact": {System.CRM, System.MEMORY},
    "find_experts": {System.CRM, System.MEMORY, System.RESOURCES},
    "find_interactions": {System.CRM, System.MEMORY},
    "find_market_moves": {System.CRM, System.MEMORY, System.MARKET},
    "find_opportunity": {System.CRM},
    "find_people": {System.CRM, System.MEMORY},
    "find_price": {System.CRM, System.ERP},
    "find_references": {System.CRM, System.MEMORY, System.RESOURCES},
    "find_stage": {System.CRM, System.MEMORY},
    "list_accounts": {System.CRM, System.MEMORY},
    "list_contracts": {System.CRM, System.CONTRACTS},
    "list_opportunities": {System.CRM},
    "list_orders": {System.CRM, System.ERP},
    "list_risks": {System.CRM, System.MEMORY, System.ERP, System.CONTRACTS, System.MARKET},
    "list_signals": {System.CRM, System.MEMORY},
    "recall_history": {System.CRM, System.MEMORY},
    "suggest_proposal": set(System),
}
SILENT = {Lang.EN: "No answer from {} right now", Lang.ZH: "{}暂时没有响应"}
SYSTEMS = {
    Lang.EN: {
        System.CRM: "the CRM",
        System.ERP: "the ERP",
        System.CONTRACTS: "contract management",
        System.MARKET: "the market news",
        System.RESOURCES: "the directory of experts and references",
        System.MEMORY: "the record of exchanges",
    },
    Lang.ZH: {
        System.CRM: "CRM 系统",
        System.ERP: "ERP 系统",
        System.CONTRACTS: "合同系统",
        System.MARKET: "市场情报库",
        System.RESOURCES: "专家与案例库",
        System.MEMORY: "往来记录",
    },
}
FINANCE_ONLY = {"region": "East", "audience": frozenset({Role.FINANCE})}
FINANCE = Caller(tenant="t", user="fin", roles=frozenset({Role.FINANCE, Role.REP}), regions=frozenset({"East"}))
MARK = "Zirkon"
HIDDEN: tuple[Record, ...] = (
    Contact(id="c5", account_id="a1", name=f"{MARK} Person", title="CEO", **FINANCE_ONLY),
    Opportunity(
        id="o5",
        account_id="a1",
        name=f"{MARK} deal",
        stage=PipelineStage.NEGOTIATION,
        amount=cny("9000000"),
        close_on=date(2026, 3, 10),
        competitor="Kestrel",
        **FINANCE_ONLY,
    ),
    Order(id=f"{MARK}-7", account_id="a1", ordered_on=date(2026, 3, 1), **FINANCE_ONLY),
    Contract(
        id="k5",
        account_id="a1",
        title=f"{MARK} agreement",
        ends_on=date(2026, 4, 1),
        clauses=(Clause(kind=ClauseKind.PAYMENT, heading="P", text="At once."),),
        **FINANCE_ONLY,
    ),
    MarketNote(
        id="n5",
        competitor="Kestrel",
        title=f"{MARK} news",
        text="",
        move=MoveKind.PRICE,
        at=date(2026, 3, 1),
        account_id="a1",
        **FINANCE_ONLY,
    ),
    Expert(id="e5", name=f"{MARK} Expert", families=("Pumps",), languages=("German",), **FINANCE_ONLY),
    ReferenceCase(
        id="r5",
        customer=f"{MARK} Mill",
        family="Pumps",
        industry="Paper",
        country="Germany",
        summary="Pumps",
        shareable=Shareable.PUBLIC,
        **FINANCE_ONLY,
    ),
    StockLine(id="w5", product_id="P-100", warehouse=MARK, on_hand=500, **FINANCE_ONLY),
    PricingRule(
        id=f"{MARK}-rule",
        family="Pumps",
        max_discount_rep=Decimal("0.01"),
        max_discount_approved=Decimal("0.02"),
        **FINANCE_ONLY,
    ),
    ApprovalRule(
        id="A5", order=3, department=Department.FINANCE, approver=f"{MARK} Board", reason="Always", **FINANCE_ONLY
    ),
    mail(
        "i5",
        "2026-02-28",
        f"{MARK} Person <z@nlp.example>",
        f"{MARK}: we are worried about your delivery time, it is too late for us.",
        **FINANCE_ONLY,
    ),
)
# A customer of the region that the caller does not hold, with what belongs to it.
ELSEWHERE: dict[str, str] = {"account_id": "a3", "contact_id": "c9", "opportunity_id": "o9"}
ABOUT_A_CUSTOMER = [name for name, args in CASES.items() if ELSEWHERE.keys() & args.keys()]


def test_every_question_is_tried_here() -> None:
    assert set(CASES) == set(ANSWERS) == set(NEEDED)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("name", ANSWERS)
def test_every_sentence_rests_on_records_that_come_with_it(name: str, lang: Lang) -> None:
    answer = ask(name, lang, **CASES[name])
    shown = {one.id for one in answer.evidence}
    assert answer.claims
    for claim in answer.claims:
        assert claim.state is not ClaimState.UNSUPPORTED, claim.text
        assert claim.evidence
        assert set(claim.evidence) <= shown, claim.text


@pytest.mark.parametrize("name", ANSWERS)
def test_the_same_is_said_in_both_languages_with_the_same_sources(name: str) -> None:
    english, chinese = (ask(name, lang, **CASES[name]) for lang in Lang)
    assert [claim.evidence for claim in english.claims] == [claim.evidence for claim in chinese.claims]
    assert [claim.kind for claim in english.claims] == [claim.kind for claim in chinese.claims]
    for claim in chinese.claims:
        assert re.search(r"[\u4e00-\u9fff]", claim.text), claim.text
        assert claim.text[-1] in "。：”）", claim.text
    for claim in english.claims:
        assert not re.search(r"[\u3000-\u303f\uff00-\uffef]", claim.text), claim.text
        assert claim.text[-1] in ".:”)", claim.text


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_told_to_programs_is_plain_json(name: str) -> None:
    facts = ask(name, **CASES[name]).view.facts
    assert json.loads(json.dumps(facts)) == facts
    assert "silent" not in facts


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_short(name: str) -> None:
    assert len(ask(name, **CASES[name]).claims) <= 8


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("name", ANSWERS)
def test_a_system_that_is_down_is_named_where_it_is_needed_and_only_there(
    name: str, lang: Lang, system: System
) -> None:
    answer = ask(name, lang, down=[system], **CASES[name])
    said = [claim for claim in answer.claims if claim.text.startswith(SILENT[lang].format(SYSTEMS[lang][system]))]
    assert bool(said) is (system in NEEDED[name])
    assert [claim.state for claim in said] == [ClaimState.UNSUPPORTED] * len(said)
    assert set(answer.view.facts.get("silent", ())) == ({system.value} if said else set())
    assert answer.claims


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_concluded_when_every_system_is_down(name: str) -> None:
    answer = ask(name, down=System, **CASES[name])
    assert answer.claims
    assert all(
        claim.state is ClaimState.UNSUPPORTED and claim.text.endswith("so I cannot tell.") for claim in answer.claims
    )
    assert not answer.evidence


@pytest.mark.parametrize("name", ABOUT_A_CUSTOMER)
def test_a_customer_of_another_region_does_not_exist_for_the_caller(name: str) -> None:
    elsewhere = {field: ELSEWHERE.get(field, value) for field, value in CASES[name].items()}
    with pytest.raises(NotFoundError):
        ask(name, **elsewhere)


@pytest.mark.parametrize("name", ANSWERS)
def test_records_for_others_leave_no_trace_in_an_answer(name: str) -> None:
    answer = ask(name, caller=REP, records=(*RECORDS, *HIDDEN), **CASES[name])
    assert MARK not in answer.model_dump_json()
    assert answer == ask(name, caller=REP, **CASES[name])


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"list_accounts", "find_opportunity", "find_contact"}))
def test_the_same_records_are_told_to_those_who_may_see_them(name: str) -> None:
    answer = ask(name, caller=FINANCE, records=(*RECORDS, *HIDDEN), **CASES[name])
    assert MARK in answer.model_dump_json()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("list_opportunities", {}),
        ("list_accounts", {"quiet_for_days": 5}),
        ("find_opportunity", {"opportunity_id": "o1"}),
        ("find_contact", {"contact_id": "c1"}),
    ],
)
def test_a_question_about_all_customers_reads_no_more_often_for_many_of_them(name: str, args: dict[str, Any]) -> None:
    asked: tuple[list[str], list[str]] = ([], [])
    many = [Account(id=f"x{number}", name=f"Extra {number}", region="East") for number in range(40)]
    for records, reads in zip((RECORDS, (*RECORDS, *many)), asked, strict=True):
        ask(name, records=records, reads=reads, **args)
    assert sorted(asked[0]) == sorted(asked[1])


@pytest.mark.parametrize(("name", "id_"), [("find_opportunity", "o5"), ("find_contact", "c5")])
def test_a_hidden_record_asked_for_by_its_id_is_unknown_to_the_caller(name: str, id_: str) -> None:
    asked: dict[str, Any] = dict.fromkeys(CASES[name], id_)
    with pytest.raises(NotFoundError) as refused:
        ask(name, caller=REP, records=(*RECORDS, *HIDDEN), **asked)
    assert MARK not in str(refused.value)
    assert MARK in ask(name, caller=FINANCE, records=(*RECORDS, *HIDDEN), **asked).claims[0].text


@pytest.mark.parametrize("lang", Lang)
def test_what_the_role_may_not_read_is_named_as_such(lang: Lang) -> None:
    analyst = Caller(tenant="t", user="ana", roles=frozenset({Role.ANALYST}))
    price = ask("find_price", lang, caller=analyst, **CASES["find_price"])
    assert (
        price.claims[-1].text
        == {
            Lang.EN: "Your role may not read the limits of discounts, so that is missing here.",
            Lang.ZH: "您的角色无权查看折扣权限，以上不含这部分。",
        }[lang]
    )
    assert price.claims[0].text.startswith(("List price", "脉冲泵"))
    contracts = ask("list_contracts", lang, caller=analyst, **CASES["list_contracts"])
    assert [claim.text for claim in contracts.claims] == [
        {
            Lang.EN: "Your role may not read contracts, so I cannot tell.",
            Lang.ZH: "您的角色无权查看合同，这个问题答不了。",
        }[lang]
    ]
    assert contracts.view.facts["forbidden"] == ["read_contracts"]
    path = ask("find_approval_path", lang, caller=analyst, **CASES["find_approval_path"])
    assert path.claims[-1].text.startswith(("Your role may not read contracts", "您的角色无权查看合同"))
