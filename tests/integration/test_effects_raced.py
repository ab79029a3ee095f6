"""Many at once: one decision wins, and what several workers send is written once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.domain.effects import Effect, EffectStatus
from core.errors import HubError
from core.identity import Role
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.ledger import get_effect
from hub.installation import Platform
from tests.effect_company import (
    FINANCE,
    FINANCE_TOO,
    MANAGER,
    REP,
    SetClock,
    log_activity,
    open_company,
    person,
    propose,
    propose_quote,
    reserve,
    written,
)
from tests.effect_processes import decide_once, dispatch_all
from tests.processes import in_processes

Company = tuple[Platform, SetClock]


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


def at_once(platform: Platform, effect: Effect, clicks: list[tuple[str, Role, bool]]) -> list[str]:
    """Who got through, of people who click at the same time."""

    def click(told: tuple[str, Role, bool]) -> str | None:
        user, role, approve = told
        try:
            decide_effect(platform, person(user, role), effect.id, approve=approve, reason="so")
        except HubError:
            return None
        return user

    with ThreadPoolExecutor(len(clicks)) as pool:
        return [user for user in pool.map(click, clicks) if user]


def test_of_many_who_approve_at_once_one_does(company: Company) -> None:
    platform, _clock = company
    for round_ in range(3):
        effect = propose(platform, reserve(), f"k{round_}")
        clicks = [(f"supply-{number}", Role.SUPPLY_CHAIN, True) for number in range(8)]
        [winner] = at_once(platform, effect, clicks)
        detail = get_effect(platform, REP, effect.id)
        assert ([seat.decided_by for seat in detail.seats], len(detail.deliveries)) == ([winner], 1)


def test_a_double_click_is_one_decision(company: Company) -> None:
    platform, _clock = company
    effect = propose_quote(platform)
    for caller in (MANAGER, FINANCE, FINANCE_TOO):
        [role] = caller.roles
        assert at_once(platform, effect, [(caller.user, role, True)] * 6) == [caller.user]
    assert len(get_effect(platform, REP, effect.id).deliveries) == 1


def test_of_approval_and_rejection_at_once_one_counts(company: Company) -> None:
    platform, _clock = company
    for round_ in range(3):
        effect = propose(platform, reserve(), f"k{round_}")
        clicks = [(f"supply-{number}", Role.SUPPLY_CHAIN, number % 2 == 0) for number in range(6)]
        [winner] = at_once(platform, effect, clicks)
        approved = int(winner.removeprefix("supply-")) % 2 == 0
        detail = get_effect(platform, REP, effect.id)
        assert detail.effect.status is (EffectStatus.APPROVED if approved else EffectStatus.REJECTED)
        assert len(detail.deliveries) == approved


def test_a_group_goes_on_however_its_approval_meets_the_step_before_it(company: Company) -> None:
    platform, _clock = company
    for round_ in range(6):
        group = f"g{round_}"
        first = propose(platform, log_activity(), f"{group}-1", group=group)
        second = propose(platform, reserve(), f"{group}-2", group=group, position=1)
        with ThreadPoolExecutor(2) as pool:
            sending = pool.submit(dispatch_due, platform, "w1")
            approving = pool.submit(at_once, platform, second, [("supply", Role.SUPPLY_CHAIN, True)])
            assert (sending.result(), approving.result()) == (1, ["supply"])
        dispatch_due(platform, "w1")
        found = [get_effect(platform, REP, one.id).effect.status for one in (first, second)]
        assert found == [EffectStatus.CONFIRMED, EffectStatus.CONFIRMED]


def test_of_many_processes_that_approve_at_once_one_does(company: Company, store_url: str) -> None:
    platform, _clock = company
    effect = propose(platform, reserve())
    taken = in_processes(decide_once, [(store_url, effect.id, f"supply-{number}") for number in range(4)])
    assert sum(taken) == 1
    assert len(get_effect(platform, REP, effect.id).deliveries) == 1


def test_many_workers_send_each_effect_once(company: Company, store_url: str) -> None:
    platform, _clock = company
    effects = [propose(platform, log_activity(str(number)), str(number)) for number in range(24)]
    sent = in_processes(dispatch_all, [(store_url, f"w{number}") for number in range(3)])
    assert sum(sent) == len(effects)
    assert written(platform) == {effect.key: 1 for effect in effects}
    assert {get_effect(platform, REP, one.id).effect.status for one in effects} == {EffectStatus.CONFIRMED}
