"""The risk agent: each rule fires on its case and stays silent on the near miss; what cannot be checked is named."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.analysis.risk.registry import RULES
from agents.risk import RiskInput, run
from core.domain.accounts import Account
from core.domain.contracts import Department
from core.domain.views.people import BuyingRole
from core.domain.views.risks import Severity
from core.domain.views.stage import SignalKind
from core.language import Lang
from prompts.loader import load_phrases
from tests.unit.agents.risk_cases import FIRES, NEAR_MISSES, SHORT, asked, contract, cover
from tests.unit.agents.risk_world import (
    CONTRACT,
    COVER,
    DEAL,
    HEALTHY,
    QUOTE,
    TODAY,
    Change,
    after,
    both,
    having,
    mail,
    person,
    signal,
)

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "risk-rules.md"


def found(change: Change, lang: Lang = Lang.EN) -> dict[str, Severity]:
    return {risk.code: risk.severity for risk in run(change(HEALTHY).input(lang)).view.risks}


def named(value: object) -> str:
    """A test id that is the same in every process: a function's address would not be."""
    return "" if callable(value) and not isinstance(value, str) else str(value)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize(("code", "case", "change", "severity"), FIRES, ids=named)
def test_a_rule_fires(code: str, case: str, change: Change, severity: Severity, lang: Lang) -> None:
    assert found(change, lang).get(code) is severity, case


@pytest.mark.parametrize(("code", "case", "change"), NEAR_MISSES, ids=named)
def test_a_near_miss_is_silent(code: str, case: str, change: Change) -> None:
    assert code not in found(change), case


def test_a_healthy_account_has_no_risks_and_everything_was_checked() -> None:
    view = run(HEALTHY.input()).view
    assert (view.risks, view.not_checked, set(view.checked)) == ((), (), set(RULES))


def test_every_rule_has_a_case_and_a_near_miss() -> None:
    assert {case[0] for case in FIRES} == set(RULES) == {case[0] for case in NEAR_MISSES}


def test_without_any_source_nothing_is_checked() -> None:
    output = run(RiskInput(today=TODAY, account=Account(id="a1", name="x")))
    assert (output.view.checked, output.claims, set(output.view.not_checked)) == ((), (), set(RULES))


def test_stock_that_could_not_be_read_is_not_taken_for_enough() -> None:
    view = run(having(covers=(), quotes=())(HEALTHY).input()).view
    assert {"stock_short", "delivery_after_close", "discount_beyond_policy"} <= set(view.not_checked)


def test_a_warning_names_figures_dates_evidence_and_department() -> None:
    output = run(cover(**{**SHORT, "ready_on": after(80)})(HEALTHY).input())
    risk = next(one for one in output.view.risks if one.code == "stock_short")
    claim = next(one for one in output.claims if one.id == risk.claim)
    assert (
        risk.text
        == claim.text
        == (
            "CP-80 pump: the open deals need 10, 2 are in stock, 8 short; all of it can be there by 8 August 2026."
            " Deals: Pumps for unit 4."
        )
    )
    assert risk.evidence == ("erp:stock:s1", "crm:opportunity:o1")
    assert claim.departments == {Department.SUPPLY_CHAIN}


def test_a_warning_reads_like_chinese_when_chinese_is_asked_for() -> None:
    (risk,) = run(contract(20)(HEALTHY).input(Lang.ZH)).view.risks
    assert risk.text == "《Frame agreement》（FA-17）2026年6月9日到期，还剩 20 天，系统里没有接续的合同。"
    assert risk.clears_when == "在2026年6月9日前签妥续约，或客户书面确认沿用原条款。"


def test_the_gravest_come_first_and_no_rule_fills_the_list() -> None:
    covers = tuple(COVER.model_copy(update={**SHORT, "product_id": f"P{i}", "product": f"P{i}"}) for i in range(9))
    deals = tuple(
        DEAL.model_copy(update={"product_id": f"P{i}", "opportunity_id": f"o{i}", "next_step": None}) for i in range(9)
    )
    change = both(having(covers=covers, deals=deals), asked("0.5"), contract(10))
    risks = run(change(HEALTHY).input()).view.risks
    order = list(Severity)
    assert [order.index(risk.severity) for risk in risks] == sorted(order.index(risk.severity) for risk in risks)
    assert sum(risk.code == "stock_short" for risk in risks) == 3
    assert len(risks) <= 12


def test_the_reference_lists_exactly_the_registered_rules() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == list(RULES)


def test_every_rule_has_a_warning_and_a_way_out_and_no_phrase_is_left_over() -> None:
    kinds = load_phrases("risk").kinds
    ours = {f"{code}{end}" for code in RULES for end in ("", "_clears")}
    assert ours <= kinds
    assert all(kind.startswith(("stage_", "buying_", "objection_")) for kind in kinds - ours)


texts = st.text(max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(texts, min_size=4, max_size=4),
    number=st.integers() | st.sampled_from([-1, 0, 10**30]),
    discount=st.decimals(allow_nan=False, allow_infinity=False),
    day=st.none() | st.dates(),
    lang=st.sampled_from(Lang),
)
def test_absurd_input_is_survived(
    words: list[str], number: int, discount: Decimal, day: date | None, lang: Lang
) -> None:
    name, product, text, title = words
    change = both(
        having(
            covers=(
                COVER.model_copy(update={"product": product, "needed": number, "short_by": number, "ready_on": day}),
            ),
            quotes=(QUOTE.model_copy(update={"asked_discount": discount, "product": product}),),
            contracts=(CONTRACT.model_copy(update={"title": title, "days_left": 10, "ends_on": day}),),
            people=(person(name, 40, champion=0.9), person(text, 50, active=False, champion=0.9)),
            missing=tuple(BuyingRole),
            mails=tuple(mail(day_ago, name or "x", text) for day_ago in (40, 50, 60)),
            active=((name, "market:note:n1"),),
            objections=(signal(SignalKind.OBJECTION, "price", 40, text),) * 2,
        ),
    )
    world = change(HEALTHY)
    deals = tuple(one.model_copy(update={"name": title, "close_on": day, "quantity": number}) for one in world.deals)
    given_today = having(deals=deals)(world).input(lang).model_copy(update={"today": day or TODAY})
    output = run(given_today)
    assert all(risk.text and risk.clears_when and risk.evidence for risk in output.view.risks)
