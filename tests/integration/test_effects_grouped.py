"""Effects of a group run one after the other; when one ends otherwise than confirmed, those before it are undone."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.domain.base import System
from core.domain.deals import Opportunity
from core.domain.effects import Effect, EffectStatus, Receipt
from core.domain.payloads import Payload
from core.errors import ConflictError, RefusedError, SourceError
from core.ports.effects import EffectTarget
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import expire_effects, retry_effect, withdraw_effect
from hub.effects.ledger import get_effect, list_dead_letters
from hub.installation import Platform
from tests.effect_company import (
    ADMIN,
    MANAGER,
    REP,
    SUPPLY,
    SetClock,
    log_activity,
    next_step,
    open_company,
    propose,
    reserve,
    stock,
    written,
)

Company = tuple[Platform, SetClock]
CONFIRMED, COMPENSATED = EffectStatus.CONFIRMED, EffectStatus.COMPENSATED


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


def propose_group(platform: Platform, *payloads: Payload) -> list[Effect]:
    return [
        propose(platform, payload, f"k{position}", group="g", position=position)
        for position, payload in enumerate(payloads)
    ]


def approve(platform: Platform, effect: Effect) -> None:
    decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")


def dispatch(company: Company, rounds: int = 6) -> None:
    for _ in range(rounds):
        dispatch_due(company[0], "w1")
        company[1].advance(minutes=10)


def statuses(platform: Platform, effects: list[Effect]) -> list[EffectStatus]:
    return [get_effect(platform, REP, effect.id).effect.status for effect in effects]


def deal(platform: Platform) -> Opportunity:
    with platform.store.read() as unit:
        return unit.records.find(ADMIN, Opportunity, ids=["o1"])[0]


def test_each_waits_until_the_one_before_it_is_confirmed(company: Company) -> None:
    platform, _clock = company
    group = propose_group(platform, reserve(), log_activity(), next_step("Send"))
    dispatch(company)
    assert (statuses(platform, group), written(platform)) == (["proposed", "approved", "approved"], {})
    approve(platform, group[0])
    for done in (1, 2, 3):
        assert dispatch_due(platform, "w1") == 1
        assert statuses(platform, group) == [CONFIRMED] * done + [EffectStatus.APPROVED] * (3 - done)


def test_an_approval_that_comes_after_the_turn_sends_it(company: Company) -> None:
    platform, _clock = company
    group = propose_group(platform, log_activity(), reserve())
    dispatch(company)
    approve(platform, group[1])
    dispatch(company)
    assert statuses(platform, group) == [CONFIRMED, CONFIRMED]


def test_a_rejection_undoes_what_was_done_and_stops_the_rest(company: Company) -> None:
    platform, _clock = company
    group = propose_group(platform, next_step("Send"), log_activity(), reserve(), log_activity("After"))
    dispatch(company)
    assert (deal(platform).next_step, written(platform).total()) == ("Send", 2)
    decide_effect(platform, SUPPLY, group[2].id, approve=False, reason="none to spare")
    assert dispatch_due(platform, "w1") == 1
    assert statuses(platform, group) == [CONFIRMED, COMPENSATED, EffectStatus.REJECTED, EffectStatus.WITHDRAWN]
    dispatch(company)
    assert statuses(platform, group)[0] is COMPENSATED
    assert (deal(platform).next_step, stock(platform)) == ("Call", 2)
    assert group[1].key not in written(platform)


def test_changes_of_one_record_are_taken_back_in_the_opposite_order(company: Company) -> None:
    platform, _clock = company
    group = propose_group(platform, next_step("Send"), next_step("Sign", expected="Send"), reserve())
    dispatch(company)
    assert deal(platform).next_step == "Sign"
    decide_effect(platform, SUPPLY, group[2].id, approve=False, reason="no")
    dispatch(company)
    assert (deal(platform).next_step, statuses(platform, group)[:2]) == ("Call", [COMPENSATED, COMPENSATED])


@pytest.mark.parametrize("end", ["expires", "is withdrawn", "is refused by its system"])
def test_however_a_later_one_ends_the_earlier_is_undone(company: Company, end: str) -> None:
    platform, clock = company
    group = propose_group(platform, log_activity(), reserve(8))
    dispatch(company)
    if end == "expires":
        clock.advance(days=8)
        assert expire_effects(platform) == 1
    elif end == "is withdrawn":
        withdraw_effect(platform, REP, group[1].id)
    else:
        approve(platform, group[1])
    dispatch(company)
    assert (statuses(platform, group)[0], written(platform), stock(platform)) == (COMPENSATED, {}, 2)


def test_one_on_its_way_when_its_group_fails_is_undone_when_it_arrives(company: Company) -> None:
    platform, clock = company
    group = propose_group(platform, log_activity(), reserve())
    with platform.store.write() as unit:
        until = clock.now().replace(hour=10)
        unit.outbox.claim(group[0].system, "w9", now=clock.now(), until=until, limit=1)
    decide_effect(platform, SUPPLY, group[1].id, approve=False, reason="no")
    assert statuses(platform, group) == [EffectStatus.APPROVED, EffectStatus.REJECTED]
    dispatch(company, 12)
    assert (statuses(platform, group)[0], written(platform)) == (COMPENSATED, {})


def test_what_may_have_been_written_before_it_was_given_up_is_undone(store_url: str, tmp_path: Path) -> None:
    with open_company(store_url, tmp_path, erp={"lost_reply": True, "first": 1}) as company:
        platform, _clock = company
        [effect] = propose_group(platform, reserve())
        approve(platform, effect)
        platform.settings.effect_attempts = 1
        dispatch(company, 1)
        assert (statuses(platform, [effect]), stock(platform)) == ([EffectStatus.DEAD], 3)
        with pytest.raises(ConflictError, match="group-ended"):
            retry_effect(platform, MANAGER, effect.id)
        dispatch(company)
        assert (statuses(platform, [effect]), stock(platform)) == ([COMPENSATED], 2)


@dataclass
class LateTarget:
    """A system where the first write hangs on its way, and whose stock is short for the next one."""

    inner: EffectTarget
    late: list[Callable[[], Coroutine[Any, Any, Receipt]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
        """Nothing arrives the first time."""
        self.late.append(lambda: self.inner.apply(tenant, key, payload))
        if len(self.late) == 1:
            raise SourceError(System.ERP, "timeout")
        raise RefusedError(System.ERP, "short", "none is there")


def test_what_arrives_after_its_group_was_given_up_is_not_written(company: Company) -> None:
    platform, _clock = company
    slow = LateTarget(platform.targets[System.ERP])
    platform.targets = {**platform.targets, System.ERP: slow}
    group = propose_group(platform, log_activity(), reserve())
    approve(platform, group[1])
    dispatch(company)
    assert statuses(platform, group) == [COMPENSATED, COMPENSATED]
    with pytest.raises(RefusedError, match="taken back"):
        asyncio.run(slow.late[0]())
    assert (written(platform), stock(platform)) == ({}, 2)


def test_an_undoing_that_is_refused_waits_for_a_person(company: Company) -> None:
    platform, clock = company
    group = propose_group(platform, log_activity(), next_step("Send"), reserve())
    dispatch(company)
    change(platform, clock, "Somebody else’s")
    decide_effect(platform, SUPPLY, group[2].id, approve=False, reason="no")
    dispatch(company)
    [letter] = list_dead_letters(platform, REP)
    assert (letter.effect.id, letter.delivery.undo, letter.delivery.error) == (group[1].id, True, "changed")
    assert statuses(platform, group)[:2] == [CONFIRMED, CONFIRMED]
    change(platform, clock, "Send")
    retry_effect(platform, MANAGER, group[1].id)
    dispatch(company)
    assert (statuses(platform, group)[:2], deal(platform).next_step) == ([COMPENSATED, COMPENSATED], "Call")


def change(platform: Platform, clock: SetClock, step: str) -> None:
    with platform.store.write() as unit:
        unit.records.upsert("t", [deal(platform).model_copy(update={"next_step": step})], {}, at=clock.now())


def test_a_group_is_proposed_in_order_and_takes_nothing_once_it_failed(company: Company) -> None:
    platform, _clock = company
    with pytest.raises(ConflictError, match="group-gap"):
        propose(platform, log_activity(), "k1", group="g", position=1)
    [first] = propose_group(platform, reserve())
    decide_effect(platform, SUPPLY, first.id, approve=False, reason="no")
    with pytest.raises(ConflictError, match="group-ended"):
        propose(platform, log_activity(), "k1", group="g", position=1)
    with platform.store.read() as unit:
        assert [one.id for one in unit.effects.list(REP)] == [first.id]
