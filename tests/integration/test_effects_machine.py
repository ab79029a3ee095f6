"""Whatever people decide and wherever the hub dies: nothing unapproved is written, nothing twice, nothing is lost."""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.domain.effects import EffectStatus
from core.domain.products import StockLine
from core.domain.written import Activity, Reservation, WrittenRecord
from core.errors import HubError
from core.identity import Role
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import expire_effects, withdraw_effect
from hub.effects.ledger import get_effect, propose_effect
from hub.installation import Platform
from tests.effect_company import (
    NOW,
    RECORDS,
    REP,
    SetClock,
    log_activity,
    open_company,
    person,
    proposal,
    propose,
    reserve,
    written,
)
from tests.effect_crashes import Point, dispatch_dying

Company = tuple[Platform, SetClock]
NUMBERS = itertools.count()
ROLES = {"rep": Role.REP, "supply-1": Role.SUPPLY_CHAIN, "supply-2": Role.SUPPLY_CHAIN, "legal": Role.LEGAL}
PEOPLE = st.sampled_from(sorted(ROLES))
WHICH = st.integers(0, 20)
NEVER = (EffectStatus.PROPOSED, EffectStatus.REJECTED, EffectStatus.WITHDRAWN, EffectStatus.EXPIRED)


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as (platform, clock):
        platform.settings.effect_attempts = 200
        yield platform, clock


def test_each_point_at_which_the_hub_may_die_leaves_it_written_once(company: Company) -> None:
    platform, clock = company
    for number, (point, at) in enumerate(itertools.product(Point, (1, 2, 3))):
        effect = propose(platform, log_activity(str(number)), f"k{number}")
        died = dispatch_dying(platform, "w1", point, at)
        assert died, (point, at)
        for _ in range(3):
            clock.advance(minutes=10)
            dispatch_due(platform, "w2")
        assert get_effect(platform, REP, effect.id).effect.status is EffectStatus.CONFIRMED, (point, at)
        assert written(platform)[effect.key] == 1, (point, at)


class EffectMachine(RuleBasedStateMachine):
    """One tenant with nine pieces in stock, two of them reserved; `approved` is what the rules say may be written."""

    def __init__(self, company: Company) -> None:
        super().__init__()
        self.platform, self.clock = company
        self.tenant = f"m{next(NUMBERS)}"
        self.people = {user: person(user, role, tenant=self.tenant) for user, role in ROLES.items()}
        self.effects: list[str] = []
        self.approved: set[str] = set()
        with self.platform.store.write() as unit:
            unit.records.upsert(self.tenant, RECORDS, {}, at=NOW)

    @rule(needs_approval=st.booleans(), pieces=st.integers(1, 4))
    def propose(self, needs_approval: bool, pieces: int) -> None:  # noqa: FBT001
        self.add(needs_approval, pieces, None, 0)

    @rule(first=st.booleans(), second=st.booleans(), pieces=st.integers(1, 4))
    def propose_group(self, first: bool, second: bool, pieces: int) -> None:  # noqa: FBT001
        group = f"g{next(NUMBERS)}"
        self.add(first, pieces, group, 0)
        self.add(second, pieces, group, 1)

    def add(self, needs_approval: bool, pieces: int, group: str | None, position: int) -> None:  # noqa: FBT001
        wanted = proposal(reserve(pieces) if needs_approval else log_activity())
        key = str(next(NUMBERS))
        for _ in range(2):
            effect = propose_effect(
                self.platform,
                self.people["rep"],
                wanted,
                request_key=key,
                origin="test",
                group=group,
                position=position,
            )
        self.effects.append(effect.id)
        if not needs_approval:
            self.approved.add(effect.id)

    @precondition(lambda self: self.effects)
    @rule(which=WHICH, user=PEOPLE, approve=st.booleans(), clicks=st.integers(1, 2))
    def decide(self, which: int, user: str, approve: bool, clicks: int) -> None:  # noqa: FBT001
        effect_id = self.effects[which % len(self.effects)]
        before = get_effect(self.platform, self.people["rep"], effect_id).effect
        open_still = before.status is EffectStatus.PROPOSED and self.clock.now() < before.expires_at
        for click in range(clicks):
            try:
                decide_effect(self.platform, self.people[user], effect_id, approve=approve, reason="so")
            except HubError:
                assert click > 0 or not open_still or ROLES[user] is not Role.SUPPLY_CHAIN
            else:
                assert click == 0
                assert open_still
                assert ROLES[user] is Role.SUPPLY_CHAIN
                self.approved |= {effect_id} if approve else set()

    @precondition(lambda self: self.effects)
    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        effect_id = self.effects[which % len(self.effects)]
        try:
            withdraw_effect(self.platform, self.people["rep"], effect_id)
        except HubError:
            assert self.status(effect_id) is not EffectStatus.PROPOSED

    @rule(minutes=st.sampled_from([1, 2, 20, 60 * 24 * 8]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def expire(self) -> None:
        expire_effects(self.platform)

    @rule()
    def dispatch(self) -> None:
        dispatch_due(self.platform, "w1")

    @rule(point=st.sampled_from(Point), at=st.integers(1, 5))
    def die(self, point: Point, at: int) -> None:
        dispatch_dying(self.platform, "w2", point, at)

    @invariant()
    def only_what_may_be_is_written_and_only_once(self) -> None:
        found, reserved = self.found()
        counted = Counter(one.effect_key for one in found)
        assert counted.total() == len(counted)
        assert counted.keys() <= self.approved
        with self.platform.store.read() as unit:
            status = {one.id: one.status for one in unit.effects.list(self.people["rep"], limit=500)}
        assert [effect_id for effect_id in counted if status[effect_id] in NEVER] == []
        held = [one for one in found if isinstance(one, Reservation) and not one.void]
        assert sum(one.quantity for one in held) == reserved - 2

    def teardown(self) -> None:
        idle = 0
        while idle < 2:
            self.clock.advance(minutes=10)
            idle = 0 if dispatch_due(self.platform, "w3") else idle + 1
        alive = {one.effect_key for one in self.found()[0] if not one.void}
        for effect_id in self.effects:
            detail = get_effect(self.platform, self.people["rep"], effect_id)
            assert all(delivery.status.is_over for delivery in detail.deliveries)
            assert (effect_id in alive) is (detail.effect.status is EffectStatus.CONFIRMED)
            if detail.effect.status is EffectStatus.DEAD:
                assert detail.effect.reason == "short"

    def found(self) -> tuple[list[WrittenRecord], int]:
        """What effects ever left in the systems, taken back or not, and how many pieces are reserved."""
        caller = self.people["supply-1"]
        with self.platform.store.read() as unit:
            found = [*unit.records.find(caller, Activity), *unit.records.find(caller, Reservation)]
            return found, unit.records.find(caller, StockLine)[0].reserved

    def status(self, effect_id: str) -> EffectStatus:
        return get_effect(self.platform, self.people["rep"], effect_id).effect.status


def test_whatever_is_decided_and_wherever_the_hub_dies_the_systems_hold_what_they_should(company: Company) -> None:
    class InThisCompany(EffectMachine):
        def __init__(self) -> None:
            super().__init__(company)

    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        InThisCompany,
        settings=settings(max_examples=10, stateful_step_count=15, deadline=None, suppress_health_check=checks),
    )
