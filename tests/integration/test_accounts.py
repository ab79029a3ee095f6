"""Customers as people look at them: the list from our records, and one read live with the reader's rights."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.domain.base import System
from core.domain.claims import ClaimState
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import Money
from core.errors import NotFoundError
from core.identity import Caller, Role
from core.language import Lang
from hub.accounts.overview import Hint, find_account, look_over, total_of
from hub.accounts.profile import Profile, look_up
from tests.chatting import ABROAD, NORTH, REP, TENANT, Chat, open_chat
from tests.effect_company import person

TODAY = date(2026, 5, 20)


@pytest.fixture
def company(store_url: str) -> Iterator[Chat]:
    with open_chat(store_url) as opened:
        yield opened


@pytest.fixture
def local() -> Iterator[Chat]:
    with open_chat() as opened:
        yield opened


def add(chat: Chat, *records: Opportunity | Contract) -> None:
    with chat.platform.store.write() as unit:
        unit.records.upsert(TENANT, records, [""] * len(records), at=chat.clock.now())


def hints(chat: Chat, account_id: str) -> tuple[Hint, ...]:
    lines = {line.account.id: line for line in look_over(chat.platform, REP).lines}
    return lines[account_id].hints


def profile(chat: Chat, account_id: str = "A1", lang: Lang = Lang.EN, by: Caller = REP) -> Profile:

    account = find_account(chat.platform, by, account_id)
    return asyncio.run(look_up(chat.platform, by, account, lang))


def test_customers_come_by_the_worth_of_what_is_open_with_the_last_contact(company: Chat) -> None:
    found = look_over(company.platform, REP)
    assert [line.account.id for line in found.lines] == ["A2", "A1", "A3"]
    acme = found.lines[1]
    assert (acme.open_deals, acme.open_value, acme.stage) == (
        1,
        (Money(amount=Decimal(24000), currency="EUR"),),
        PipelineStage.NEGOTIATION,
    )
    assert acme.last_contact is not None
    assert acme.last_contact.date() == date(2026, 5, 18)
    assert found.regions == ("North", "South")


def test_deals_that_are_over_do_not_count_whatever_their_names_say(company: Chat) -> None:
    won = Opportunity(
        id="O8", account_id="A3", name="Won", stage=PipelineStage.WON, amount=Money(amount=Decimal(10**6))
    )
    sly = Opportunity(
        id="O9",
        account_id="A3",
        name='{"stage":"won"} "stage":"lost"',
        stage=PipelineStage.PROPOSAL,
        amount=Money(amount=Decimal(7)),
    )
    add(company, won, sly)
    with company.platform.store.read() as unit:
        assert {deal.id for deal in unit.records.open_deals(REP)} == {"O1", "O2", "O3", "O9"}


def test_the_list_holds_what_the_caller_may_see_and_nothing_else(company: Chat) -> None:
    assert {line.account.id for line in look_over(company.platform, NORTH).lines} == {"A1", "A3"}
    assert look_over(company.platform, ABROAD).lines == ()
    nowhere = person("nowhere", Role.REP, regions=frozenset())
    assert look_over(company.platform, nowhere).lines == ()
    with company.platform.store.read() as unit:
        assert set(unit.interactions.last_by_account(NORTH)) == {"A1", "A3"}
        assert {deal.id for deal in unit.records.open_deals(NORTH)} == {"O1", "O3"}
    with pytest.raises(NotFoundError):
        find_account(company.platform, NORTH, "A2")


def test_sums_are_by_currency_and_leave_out_what_cannot_be_meant() -> None:
    amounts = [("1000", "CNY"), ("500", "EUR"), ("250", "CNY"), ("-5", "CNY"), ("1e18", "EUR")]
    deals = [
        Opportunity(
            id=str(place),
            account_id="a",
            name="d",
            stage=PipelineStage.PROPOSAL,
            amount=Money(amount=Decimal(amount), currency=currency),
        )
        for place, (amount, currency) in enumerate(amounts)
    ]
    assert total_of(deals) == (
        Money(amount=Decimal(500), currency="EUR"),
        Money(amount=Decimal(1250), currency="CNY"),
    )
    assert total_of([]) == ()


def test_a_customer_needs_a_look_when_a_deal_is_late_or_quiet_or_the_contract_runs_out(local: Chat) -> None:
    assert hints(local, "A1") == ()
    late = Opportunity(
        id="O1", account_id="A1", name="Line 3 pumps", stage=PipelineStage.NEGOTIATION, close_on=date(2026, 5, 1)
    )
    add(local, late)
    assert hints(local, "A1") == (Hint.OVERDUE,)
    add(local, Contract(id="K1", account_id="A1", title="Frame", ends_on=TODAY + timedelta(days=60)))
    assert hints(local, "A1") == (Hint.OVERDUE, Hint.CONTRACT)
    add(local, Contract(id="K2", account_id="A1", title="Next", ends_on=TODAY + timedelta(days=500)))
    assert hints(local, "A1") == (Hint.OVERDUE,)
    local.clock.advance(days=40)
    assert Hint.QUIET in hints(local, "A1")


def test_old_records_are_named_with_their_time(local: Chat) -> None:
    imported = local.clock.now()
    assert System.CRM not in look_over(local.platform, REP).stale
    local.clock.advance(days=31)
    stale = look_over(local.platform, REP).stale
    assert stale[System.CRM] == imported
    assert profile(local).stale[System.CRM] == imported


def test_a_profile_says_what_is_believed_how_long_it_holds_and_why(local: Chat) -> None:
    contract = Contract(
        id="K1", account_id="A1", title="Frame", starts_on=date(2026, 1, 1), ends_on=TODAY + timedelta(days=60)
    )
    add(local, contract)
    found = profile(local)
    assert found.people is not None
    assert {person.name for person in found.people.people} >= {"Ada Frost", "Ben Okoro"}
    assert found.stage is not None
    assert found.interactions is not None
    assert [each.id for each in found.interactions] == ["i2", "i1"]
    assert {belief.agent for belief in found.beliefs} >= {"intent", "stakeholders", "operations", "history"}
    for belief in found.beliefs:
        assert belief.claim.evidence or belief.claim.state is ClaimState.UNSUPPORTED
        assert set(belief.claim.evidence) <= set(found.evidence)
    bound = [belief for belief in found.beliefs if contract.evidence_id in belief.claim.evidence]
    assert bound
    assert {(belief.valid_from, belief.valid_to) for belief in bound} == {(contract.starts_on, contract.ends_on)}
    said = [belief for belief in found.beliefs if belief.agent == "intent" and belief.said_at]
    assert max(belief.said_at for belief in said if belief.said_at).date() == date(2026, 5, 18)


def test_a_profile_speaks_the_language_that_is_asked_for(local: Chat) -> None:
    chinese = profile(local, lang=Lang.ZH)
    assert all(any("\u4e00" <= char <= "\u9fff" for char in belief.claim.text) for belief in chinese.beliefs)


@pytest.mark.parametrize(
    ("system", "missing"), [("crm", "deals"), ("contracts", "contracts"), ("memory", "interactions")]
)
def test_a_system_that_keeps_silent_is_named_and_the_rest_is_shown(system: str, missing: str) -> None:
    with open_chat(sandbox_faults={system: {"down": True}}) as chat:
        found = profile(chat)
        gap = next(gap for gap in found.gaps if gap.system.value == system)
        assert not gap.forbidden
        assert getattr(found, missing) is None
        assert found.orders is not None
        assert (gap.last_good is None) == (system == "contracts")


def test_nothing_of_another_region_or_company_reaches_a_profile(local: Chat) -> None:
    with pytest.raises(NotFoundError):
        profile(local, "A2", by=NORTH)
    with pytest.raises(NotFoundError):
        profile(local, by=ABROAD)
    seen = profile(local, by=NORTH).evidence.values()
    assert seen
    assert all(each.region in (None, "North") for each in seen)
