"""Deciding an effect: by whom, in which order, about what, until when; each refusal names its rule."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from core.domain.effects import Effect, EffectStatus
from core.errors import ConflictError, HubError, InvalidInputError, NotFoundError
from core.identity import Caller, Role, local_owner
from db.effect_tables import approvals, effects
from hub.effects.decisions import decide_effect
from hub.effects.endings import withdraw_effect
from hub.effects.ledger import get_effect, propose_effect
from hub.installation import Platform
from tests.effect_company import (
    ADMIN,
    FINANCE,
    FINANCE_TOO,
    LEGAL,
    MANAGER,
    REP,
    SUPPLY,
    SetClock,
    log_activity,
    open_company,
    person,
    proposal,
    propose,
    propose_quote,
    reserve,
)
from tests.samples import run

Company = tuple[Platform, SetClock]


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


def approve(platform: Platform, caller: Caller, effect: Effect, digest: str | None = None) -> Effect:
    return decide_effect(platform, caller, effect.id, approve=True, reason="fine", digest=digest)


def refused(platform: Platform, caller: Caller, effect: Effect, rule: str, digest: str | None = None) -> None:
    """Neither approved nor rejected, with nothing changed but the record of the attempt."""
    before = get_effect(platform, REP, effect.id)
    for verdict in (True, False):
        with pytest.raises(HubError, match=f"{rule}: "):
            decide_effect(platform, caller, effect.id, approve=verdict, reason="x", digest=digest)
    assert get_effect(platform, REP, effect.id) == before
    with platform.store.read() as unit:
        newest = unit.audit.records("t", subject=effect.id, limit=1)[0]
    assert (newest.action, newest.actor, newest.body["rule"]) == ("effect.decision_refused", caller.user, rule)


def test_the_last_approval_puts_it_in_the_outbox(company: Company) -> None:
    platform, clock = company
    effect = propose_quote(platform)
    for caller in (MANAGER, FINANCE):
        assert approve(platform, caller, effect, effect.digest).status is EffectStatus.PROPOSED
        assert get_effect(platform, REP, effect.id).deliveries == ()
    assert approve(platform, FINANCE_TOO, effect).status is EffectStatus.APPROVED
    detail = get_effect(platform, REP, effect.id)
    assert [seat.decided_by for seat in detail.seats] == ["manager", "finance", "finance-2"]
    assert [one.due_at for one in detail.deliveries] == [clock.now()]


def test_one_rejection_ends_it(company: Company) -> None:
    platform, _clock = company
    effect = propose_quote(platform)
    with pytest.raises(InvalidInputError, match="reason"):
        decide_effect(platform, MANAGER, effect.id, approve=False, reason=" ")
    rejected = decide_effect(platform, MANAGER, effect.id, approve=False, reason="too cheap")
    assert (rejected.status, rejected.reason) == (EffectStatus.REJECTED, "too cheap")
    detail = get_effect(platform, REP, effect.id)
    assert [seat.status for seat in detail.seats] == ["rejected", "void", "void"]
    assert detail.deliveries == ()
    refused(platform, FINANCE, effect, "already-decided")


def test_nobody_decides_what_they_or_the_hub_asked_for(company: Company) -> None:
    platform, _clock = company
    supply_asks = propose(platform, reserve(), by=SUPPLY)
    refused(platform, SUPPLY, supply_asks, "self-approval")
    refused(platform, person("hub", Role.ADMIN), supply_asks, "self-approval")
    owner = local_owner("t")
    refused(platform, owner, propose(platform, reserve(2), "2", by=owner), "self-approval")


def test_nobody_decides_what_comes_from_their_own_run(company: Company) -> None:
    platform, _clock = company
    with platform.store.write() as unit:
        unit.visits.create("t", run(requester=SUPPLY), "key", "digest")
    effect = propose_effect(platform, REP, proposal(reserve()), request_key="k", origin="visit", run_id="r1")
    refused(platform, SUPPLY, effect, "self-approval")
    assert approve(platform, person("other", Role.SUPPLY_CHAIN), effect).status is EffectStatus.APPROVED
    with pytest.raises(NotFoundError, match="run_id"):
        propose_effect(platform, REP, proposal(reserve()), request_key="x", origin="visit", run_id="r9")


def test_it_takes_the_role_and_the_turn(company: Company) -> None:
    platform, _clock = company
    effect = propose_quote(platform)
    refused(platform, LEGAL, effect, "wrong-role")
    refused(platform, FINANCE, effect, "not-your-turn")
    assert approve(platform, MANAGER, effect).status is EffectStatus.PROPOSED
    refused(platform, person("manager-2", Role.MANAGER), effect, "wrong-role")


def test_an_administrator_decides_for_nobody_and_who_stands_in_for_all_does(company: Company) -> None:
    platform, _clock = company
    effect = propose_quote(platform)
    refused(platform, ADMIN, effect, "wrong-role")
    assert local_owner("t").stands_in
    assert approve(platform, local_owner("t"), effect).status is EffectStatus.PROPOSED
    approve(platform, FINANCE, effect)
    refused(platform, ADMIN.model_copy(update={"user": "admin-2"}), effect, "wrong-role")


def test_nobody_sits_on_two_seats(company: Company) -> None:
    platform, _clock = company
    effect = propose_quote(platform)
    approve(platform, MANAGER, effect)
    approve(platform, FINANCE, effect)
    refused(platform, FINANCE, effect, "second-seat")
    refused(platform, person("manager", *Role), effect, "second-seat")


def test_a_late_decision_is_refused(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, reserve())
    clock.advance(days=7)
    refused(platform, SUPPLY, effect, "expired")


def test_what_is_over_cannot_be_decided(company: Company) -> None:
    platform, _clock = company
    allowed, taken_back = propose(platform, log_activity(), "1"), propose(platform, reserve(), "2")
    withdraw_effect(platform, REP, taken_back.id)
    refused(platform, ADMIN, allowed, "already-decided")
    refused(platform, SUPPLY, taken_back, "already-decided")


def test_another_payload_than_the_one_shown_is_not_approved(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, reserve(1))
    refused(platform, SUPPLY, effect, "other-payload", digest="0" * 64)
    with platform.store.engine.begin() as connection:
        connection.execute(update(effects).values(payload=reserve(9).model_dump_json()))
    refused(platform, SUPPLY, effect, "other-payload")
    refused(platform, SUPPLY, effect, "other-payload", digest=effect.digest)
    with platform.store.engine.begin() as connection:
        connection.execute(update(effects).values(payload='{"operation": "nothing"}'))
    with pytest.raises(ConflictError, match="other-payload"):
        approve(platform, SUPPLY, effect)


def test_an_approval_of_another_payload_is_not_filled(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, reserve(1))
    with platform.store.engine.begin() as connection:
        connection.execute(update(approvals).values(digest="0" * 64))
    with pytest.raises(ConflictError, match="other-payload"):
        approve(platform, SUPPLY, effect)
    assert get_effect(platform, REP, effect.id).effect.status is EffectStatus.PROPOSED


def test_who_may_not_see_the_account_cannot_decide(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, reserve())
    for caller in (
        person("supply", Role.SUPPLY_CHAIN, regions=frozenset({"south"})),
        person("supply", Role.SUPPLY_CHAIN, tenant="u"),
    ):
        with pytest.raises(NotFoundError, match="effect_id"):
            approve(platform, caller, effect)
