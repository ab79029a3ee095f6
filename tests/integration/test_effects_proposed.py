"""Proposing an effect: policy decides its route, one key is one effect, and all of it is on record."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.domain.effects import DeliveryStatus, EffectStatus
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Role
from db.effect_tables import effects, outbox
from hub.effects.endings import expire_effects, withdraw_effect
from hub.effects.ledger import get_effect, list_effects, propose_effect
from hub.installation import Platform
from tests.effect_company import (
    MANAGER,
    NOW,
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

Company = tuple[Platform, SetClock]


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


def actions(platform: Platform, subject: str) -> list[str]:
    with platform.store.read() as unit:
        return [record.action for record in reversed(unit.audit.records("t", subject=subject))]


def test_what_policy_allows_is_on_its_way_at_once(company: Company) -> None:
    platform, _clock = company
    effect = propose(platform, log_activity())
    detail = get_effect(platform, REP, effect.id)
    assert (effect.status, detail.seats, detail.effect) == (EffectStatus.APPROVED, (), effect)
    assert [(one.status, one.due_at) for one in detail.deliveries] == [(DeliveryStatus.WAITING, NOW)]
    assert actions(platform, effect.id) == ["effect.proposed"]


def test_what_needs_approval_waits_with_a_seat_for_each_person(company: Company) -> None:
    platform, _clock = company
    detail = get_effect(platform, REP, propose_quote(platform).id)
    assert (detail.effect.status, detail.deliveries) == (EffectStatus.PROPOSED, ())
    assert [(seat.position, seat.role) for seat in detail.seats] == [
        (1, Role.MANAGER),
        (2, Role.FINANCE),
        (2, Role.FINANCE),
    ]
    assert detail.effect.expires_at == NOW + timedelta(days=7)


def test_what_policy_forbids_is_refused_by_its_rule_and_on_record(company: Company) -> None:
    platform, _clock = company
    with pytest.raises(ForbiddenError, match="forbidden by quote-beyond"):
        propose_effect(
            platform,
            REP,
            proposal(propose_quote(platform).payload, amount_cny=Decimal(10), discount=Decimal("0.3")),
            request_key="other",
            origin="test",
        )
    assert actions(platform, "a1") == ["effect.forbidden"]


def test_one_key_is_one_effect(company: Company) -> None:
    platform, _clock = company
    first = propose(platform, log_activity())
    assert propose(platform, log_activity()) == first
    with pytest.raises(ConflictError, match="request_key"):
        propose(platform, log_activity("Another"))
    with platform.store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(effects)) == 1
        assert connection.scalar(select(func.count()).select_from(outbox)) == 1


def test_an_account_that_the_caller_may_not_see_is_not_there(company: Company) -> None:
    platform, _clock = company
    south = person("south", Role.REP, Role.SUPPLY_CHAIN, regions=frozenset({"south"}))
    effect = propose(platform, reserve())
    for caller in (south, person("rep", Role.ADMIN, tenant="u")):
        with pytest.raises(NotFoundError, match="account_id"):
            propose(platform, log_activity(), by=caller)
        with pytest.raises(NotFoundError, match="effect_id"):
            get_effect(platform, caller, effect.id)
        assert list_effects(platform, caller) == []
    assert list_effects(platform, SUPPLY, status=EffectStatus.PROPOSED) == [effect]
    assert list_effects(platform, SUPPLY, account_id="a2") == []


def test_facts_about_another_operation_are_refused(company: Company) -> None:
    platform, _clock = company
    wrong = proposal(reserve()).model_copy(update={"facts": proposal(log_activity()).facts})
    with pytest.raises(InvalidInputError, match="operation"):
        propose_effect(platform, REP, wrong, request_key="k", origin="test")


def test_its_proposer_takes_it_back_while_nothing_was_sent(company: Company) -> None:
    platform, _clock = company
    asked, allowed = propose(platform, reserve(), "1"), propose(platform, log_activity(), "2")
    for effect in (asked, allowed):
        with pytest.raises(ForbiddenError, match="wrong-role"):
            withdraw_effect(platform, MANAGER, effect.id)
        assert withdraw_effect(platform, REP, effect.id).status is EffectStatus.WITHDRAWN
        with pytest.raises(ConflictError, match="already-sent"):
            withdraw_effect(platform, REP, effect.id)
        assert actions(platform, effect.id) == ["effect.proposed", "effect.withdrawn"]


def test_what_nobody_decides_expires_once(company: Company) -> None:
    platform, clock = company
    effect = propose(platform, reserve())
    assert expire_effects(platform) == 0
    clock.advance(days=7)
    assert (expire_effects(platform), expire_effects(platform)) == (1, 0)
    detail = get_effect(platform, REP, effect.id)
    assert (detail.effect.status, detail.effect.ended_at) == (EffectStatus.EXPIRED, clock.now())
    assert {seat.status for seat in detail.seats} == {"void"}
    assert actions(platform, effect.id) == ["effect.proposed", "effect.expired"]
