"""Sending an effect: looked for, written, read back, once; faults are waited out, and what cannot be is given up."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.base import System
from core.domain.deals import Opportunity
from core.domain.effects import DeliveryStatus, Effect, EffectStatus, Receipt
from core.domain.payloads import Payload
from core.domain.written import Activity, Reservation
from core.errors import ConflictError, ForbiddenError
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due, release_leases
from hub.effects.endings import retry_effect
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


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


@contextmanager
def faulty(tmp_path: Path, **fault: Any) -> Iterator[Company]:
    """The company with something wrong in its CRM and ERP."""
    with open_company(f"sqlite:///{tmp_path / 'faulty.sqlite'}", tmp_path, crm=fault, erp=fault) as opened:
        yield opened


def dispatch(company: Company, rounds: int = 1, *, every: timedelta = timedelta(minutes=10)) -> int:
    """Rounds of the dispatcher, with time enough between them for anything to be due again."""
    done = 0
    for number in range(rounds):
        if number:
            company[1].time += every
        done += dispatch_due(company[0], "w1")
    return done


def state(platform: Platform, effect: Effect) -> tuple[EffectStatus, DeliveryStatus, str | None]:
    detail = get_effect(platform, REP, effect.id)
    delivery = detail.deliveries[-1]
    return detail.effect.status, delivery.status, delivery.error


DONE = (EffectStatus.CONFIRMED, DeliveryStatus.CONFIRMED, None)


def test_it_is_written_once_and_confirmed(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, log_activity())
    assert (dispatch(company), dispatch(company)) == (1, 0)
    assert state(platform, effect) == DONE
    with platform.store.read() as unit:
        [activity] = unit.records.find(ADMIN, Activity)
        told = [record.action for record in unit.audit.records("t", subject=effect.id)]
    assert (activity.effect_key, activity.subject, activity.region) == (effect.key, "Called", "north")
    assert told == ["effect.confirmed", "effect.proposed"]
    assert get_effect(platform, REP, effect.id).effect.ended_at == clock.now()


def test_what_is_not_approved_stays_where_it_is(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, reserve())
    assert dispatch(company, 2) == 0
    decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
    assert (dispatch(company), stock(platform)) == (1, 3)
    with platform.store.read() as unit:
        assert [one.stock_id for one in unit.records.find(ADMIN, Reservation)] == ["s1"]
    assert state(platform, effect) == DONE


def test_an_old_approval_is_not_used(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, log_activity())
    clock.advance(days=7)
    dispatch(company)
    assert state(platform, effect) == (EffectStatus.EXPIRED, DeliveryStatus.CANCELLED, "expired")
    assert written(platform) == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"down": True},
        {"malformed": True},
        {"forbidden": True},
        {"throttled": True},
        {"lost_reply": True},
        {"slow": 5},
    ],
    ids=str,
)
def test_a_fault_is_waited_out_and_it_is_written_once(tmp_path: Path, fault: dict[str, Any]) -> None:
    with faulty(tmp_path, **fault, first=2) as company:
        platform, _clock = company
        platform.settings.effect_timeout_s = 1
        effect = propose(platform, log_activity())
        dispatch(company)
        assert state(platform, effect)[:2] in (
            (EffectStatus.APPROVED, DeliveryStatus.WAITING),
            (EffectStatus.SENT, DeliveryStatus.WAITING),
        )
        dispatch(company, 4)
        assert state(platform, effect) == DONE
        assert written(platform) == {effect.key: 1}


def test_what_keeps_failing_is_a_dead_letter_until_a_manager_tries_again(tmp_path: Path) -> None:
    with faulty(tmp_path, down=True, first=4) as company:
        platform, _clock = company
        effect = propose(platform, log_activity())
        dispatch(company, 6)
        assert state(platform, effect) == (EffectStatus.DEAD, DeliveryStatus.DEAD, "down")
        [letter] = list_dead_letters(platform, REP)
        assert (letter.effect.id, letter.delivery.attempts) == (effect.id, 4)
        with pytest.raises(ForbiddenError, match="wrong-role"):
            retry_effect(platform, REP, effect.id)
        assert retry_effect(platform, MANAGER, effect.id).status is EffectStatus.APPROVED
        with pytest.raises(ConflictError, match="not-dead"):
            retry_effect(platform, MANAGER, effect.id)
        dispatch(company)
        assert (state(platform, effect), list_dead_letters(platform, REP)) == (DONE, [])


def test_what_is_refused_is_a_dead_letter_at_once(company: Company) -> None:
    platform, _clock = company
    asked = {
        "short": propose(platform, reserve(8), "1"),
        "changed": propose(platform, next_step("Send", expected="Wait"), "2"),
        "unknown": propose(platform, log_activity(account_id="a1").model_copy(update={"opportunity_id": "o9"}), "3"),
    }
    decide_effect(platform, SUPPLY, asked["short"].id, approve=True, reason="")
    dispatch(company)
    for reason, effect in asked.items():
        assert state(platform, effect) == (EffectStatus.DEAD, DeliveryStatus.DEAD, reason)
        assert get_effect(platform, REP, effect.id).effect.reason == reason
    assert (written(platform), stock(platform)) == ({}, 2)


def test_a_record_that_reads_otherwise_is_not_confirmed(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, next_step("Send"))
    target = platform.targets[System.CRM]

    class Forgetful:
        """Takes what it is told, then somebody changes it."""

        find, read_back, undo = target.find, target.read_back, target.undo

        async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
            receipt = await target.apply(tenant, key, payload)
            with platform.store.write() as unit:
                [deal] = unit.records.find(ADMIN, Opportunity)
                unit.records.upsert("t", [deal.model_copy(update={"next_step": "Nothing"})], {}, at=company[1].now())
            return receipt

    platform.targets = {**platform.targets, System.CRM: Forgetful()}
    dispatch(company)
    assert state(platform, effect) == (EffectStatus.SENT, DeliveryStatus.WAITING, "mismatch")
    dispatch(company, 6)
    assert state(platform, effect) == (EffectStatus.DEAD, DeliveryStatus.DEAD, "mismatch")
    [letter] = list_dead_letters(platform, REP)
    assert letter.delivery.error_detail == "next_step: Nothing instead of Send"


def test_a_system_that_keeps_failing_is_left_alone_and_the_others_are_not(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path, crm={"down": True}) as company:
        platform, clock = company
        for number in range(8):
            propose(platform, log_activity(), str(number))
        asked = propose(platform, reserve(), "erp")
        decide_effect(platform, SUPPLY, asked.id, approve=True, reason="")
        assert dispatch(company) == 9
        clock.advance(seconds=20)
        assert (dispatch(company), state(platform, asked)) == (0, DONE)
        clock.advance(seconds=20)
        assert (dispatch(company), dispatch(company)) == (1, 0)


def test_a_lease_ends_and_what_its_holder_brings_later_is_not_taken(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, log_activity())
    target = platform.targets[System.CRM]

    class Sleepy:
        """Its worker falls asleep before the write, until its lease is over and, perhaps, another has done the work."""

        find, read_back, undo = target.find, target.read_back, target.undo

        def __init__(self, *, meanwhile: bool) -> None:
            self.meanwhile = meanwhile

        async def apply(self, tenant: str, key: str, payload: Payload) -> Receipt:
            clock.advance(seconds=platform.settings.effect_timeout_s * 5)
            if self.meanwhile:
                assert await asyncio.to_thread(dispatch_due, awake, "w2") == 1
            return await target.apply(tenant, key, payload)

    awake = replace(platform)
    platform.targets = {**platform.targets, System.CRM: Sleepy(meanwhile=False)}
    dispatch(company)
    assert state(platform, effect) == (EffectStatus.APPROVED, DeliveryStatus.WAITING, None)
    assert (dispatch_due(awake, "w2"), state(platform, effect), written(platform)) == (1, DONE, {effect.key: 1})
    platform.targets = {**platform.targets, System.CRM: Sleepy(meanwhile=True)}
    another = propose(platform, log_activity("Another"), "k2")
    dispatch(company)
    assert (state(platform, another), written(platform)) == (DONE, {effect.key: 1, another.key: 1})


def test_only_the_newest_lease_counts_and_only_while_it_lasts(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, log_activity())
    hour = timedelta(hours=1)
    with platform.store.write() as unit:
        [first] = unit.outbox.claim(System.CRM, "w1", now=clock.now(), until=clock.now() + hour, limit=5)
    clock.time += hour
    with platform.store.write() as unit:
        assert not unit.outbox.settle(first, DeliveryStatus.DEAD, now=clock.now())
        [second] = unit.outbox.claim(System.CRM, "w2", now=clock.now(), until=clock.now() + hour, limit=5)
        assert not unit.outbox.settle(first, DeliveryStatus.DEAD, now=clock.now())
        assert unit.outbox.settle(second, DeliveryStatus.SENT, now=clock.now())
    assert state(platform, effect)[1] is DeliveryStatus.SENT


def test_a_successor_frees_what_a_dead_worker_held(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, log_activity())
    with platform.store.write() as unit:
        later = clock.now() + timedelta(hours=1)
        [lease] = unit.outbox.claim(System.CRM, "w1", now=clock.now(), until=later, limit=5)
        assert unit.outbox.claim(System.CRM, "w2", now=clock.now(), until=later, limit=5) == []
    assert (dispatch(company), release_leases(platform, "w2"), release_leases(platform, "w1")) == (0, 0, 1)
    assert dispatch(company) == 1
    with platform.store.write() as unit:
        assert not unit.outbox.settle(lease, DeliveryStatus.DEAD, now=clock.now(), error="late")
    assert state(platform, effect) == DONE
