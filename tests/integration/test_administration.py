"""What administrators are told and do: sign-in, regions, models, systems, work; and what is refused to others."""

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.domain.base import System
from core.domain.health import BudgetSpan, Health
from core.domain.people import User
from core.domain.spending import Spend
from core.errors import ForbiddenError, NotFoundError, TooManyError
from core.identity import Caller, Role, local_owner
from core.model_settings import EndpointSettings, ModelRole, RoleSettings
from core.settings import Settings
from hub.access.invites import set_password
from hub.access.signing_in import SignInError, sign_in
from hub.access.standing import list_standings, list_user_records, unlock_user
from hub.health import check_systems, work_state
from hub.installation import Platform
from hub.model_roles import list_budgets, list_models
from hub.people import save_user
from hub.platform import open_platform
from hub.regions import list_regions
from hub.spending import record_spending
from tests.databases import migrated_home
from tests.effect_company import NOW, SetClock, open_company, person

OWNER = local_owner("t")
PASSWORD = "a quiet harbour 7"
EAST = User(id="east", name="East", roles=frozenset({Role.REP}), regions=frozenset({"East"}))
TEAM = User(id="team", name="Team", roles=frozenset({Role.REP}), regions=frozenset({"East/Key accounts"}))
EVERYWHERE = User(id="all", name="All", roles=frozenset({Role.REP}))
REP = EVERYWHERE.caller("t")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[tuple[Platform, SetClock]]:
    with open_company(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path) as opened:
        yield opened


def test_who_is_locked_out_is_listed_and_let_in_again(company: tuple[Platform, SetClock]) -> None:
    platform, clock = company
    save_user(platform, OWNER, EAST)
    set_password(platform, OWNER, "east", PASSWORD)
    for _ in range(5):
        with pytest.raises(SignInError):
            sign_in(platform, "t", "east", "wrong")
    with pytest.raises(TooManyError):
        sign_in(platform, "t", "east", PASSWORD)
    (standing,) = list_standings(platform, OWNER)
    assert standing.has_password
    assert standing.locked_until is not None
    assert standing.locked_until > clock.now()
    unlock_user(platform, OWNER, "east")
    sign_in(platform, "t", "east", PASSWORD)
    (standing,) = list_standings(platform, OWNER)
    assert (standing.locked_until, standing.seen_at) == (None, clock.now())
    done = [record.action for record in list_user_records(platform, OWNER, "east")]
    assert done[:2] == ["session.opened", "user.unlocked"]


def test_a_lock_that_is_over_and_a_session_that_has_ended_are_not_shown(company: tuple[Platform, SetClock]) -> None:
    platform, clock = company
    save_user(platform, OWNER, EAST)
    set_password(platform, OWNER, "east", PASSWORD)
    sign_in(platform, "t", "east", PASSWORD)
    for _ in range(5):
        with pytest.raises(SignInError):
            sign_in(platform, "t", "east", "wrong")
    clock.advance(days=8)
    (standing,) = list_standings(platform, OWNER)
    assert (standing.locked_until, standing.seen_at) == (None, None)


def test_nobody_who_does_not_exist_is_unlocked(company: tuple[Platform, SetClock]) -> None:
    with pytest.raises(NotFoundError):
        unlock_user(company[0], OWNER, "nobody")


def test_an_administrator_of_some_regions_unlocks_nobody_outside_them(company: tuple[Platform, SetClock]) -> None:
    platform, _clock = company
    save_user(platform, OWNER, EVERYWHERE)
    with pytest.raises(ForbiddenError, match="regions"):
        unlock_user(platform, person("admin", Role.ADMIN, regions=frozenset({"East"})), EVERYWHERE.id)


def test_regions_are_those_of_customers_and_of_people_with_who_may_enter(company: tuple[Platform, SetClock]) -> None:
    platform, _clock = company
    for user in (EAST, TEAM, EVERYWHERE):
        save_user(platform, OWNER, user)
    found = {region.name: region for region in list_regions(platform, OWNER)}
    assert found["East"].people == ("all", "east")
    assert found["East/Key accounts"].people == ("all", "east", "team")
    assert list(found).index("East/Key accounts") == list(found).index("East") + 1
    assert sum(region.customers for region in found.values()) > 0
    assert all("all" in region.people for region in found.values())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"down": True}, "down"), ({"malformed": True}, "malformed"), ({"throttled": True}, "throttled")],
)
def test_a_system_in_trouble_is_down_and_the_others_are_not(tmp_path: Path, fault: dict[str, Any], reason: str) -> None:
    with open_company(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path, erp=fault) as (platform, _clock):
        found = {each.system: each for each in asyncio.run(check_systems(platform, OWNER))}
    assert set(found) == set(System)
    assert (found[System.ERP].health, found[System.ERP].reason, found[System.ERP].ms) == (Health.DOWN, reason, None)
    assert all(each.health is not Health.DOWN for system, each in found.items() if system is not System.ERP)


def test_a_system_whose_data_is_old_is_stale_and_one_that_held_nothing_is_empty(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path) as (platform, clock):
        with platform.store.write() as unit:
            unit.records.upsert("t", [], {}, at=NOW)
        before = {each.system: each.health for each in asyncio.run(check_systems(platform, OWNER))}
        clock.advance(days=31)
        after = {each.system: each.health for each in asyncio.run(check_systems(platform, OWNER))}
    assert Health.OK in before.values()
    assert {system for system, health in before.items() if health is Health.OK} == {
        system for system, health in after.items() if health is Health.STALE
    }
    assert before[System.MEMORY] is Health.EMPTY


def test_models_are_told_by_role_with_their_hosts_and_without_their_keys(tmp_path: Path) -> None:
    roles = {
        ModelRole.WRITER: RoleSettings(
            model="big",
            base_url="https://user:secret@models.example:8443/v1?key=secret",
            price_in=Decimal("0.5"),
            price_out=Decimal(2),
            calls=3,
            fallback=EndpointSettings(model="small", base_url="http://127.0.0.1:9/v1"),
        )
    }
    with open_platform(Settings(home=migrated_home(tmp_path), embedding_model="none", models=roles)) as platform:
        found = list_models(platform, OWNER)
    writers = [each for each in found if each.role is ModelRole.WRITER]
    assert [(each.name, each.host, each.is_fallback) for each in writers] == [
        ("big", "models.example:8443", False),
        ("small", "127.0.0.1:9", True),
    ]
    assert (writers[0].calls, writers[0].price_out) == (3, Decimal(2))
    assert "secret" not in str(found)


def test_budgets_count_what_was_spent_today_and_this_month(tmp_path: Path) -> None:
    settings = Settings(home=migrated_home(tmp_path), embedding_model="none", model_budget_day=Decimal(2))
    clock = SetClock()
    with open_platform(settings, clock=clock) as platform:
        spend = Spend(role=ModelRole.WRITER, model="m", input_tokens=1, output_tokens=1, micros=500_000)
        with platform.store.write() as unit:
            record_spending(unit, REP, "r", [spend], clock.now())
        day, month = list_budgets(platform, OWNER)
        assert list_models(platform, OWNER) == ()
    assert (day.span, day.spent, day.limit) == (BudgetSpan.DAY, Decimal("0.5"), Decimal(2))
    assert (month.span, month.spent, month.limit) == (BudgetSpan.MONTH, Decimal("0.5"), None)


def test_a_worker_that_is_at_work_is_told(tmp_path: Path) -> None:
    with open_platform(Settings(home=migrated_home(tmp_path), embedding_model="none"), work=True) as platform:
        state = work_state(platform, OWNER)
        assert state.alive == {platform.worker}
    assert (state.queued, state.running, state.outbox) == (0, 0, {})


USES: list[Callable[[Platform, Caller], object]] = [
    list_standings,
    list_regions,
    list_models,
    list_budgets,
    work_state,
    lambda platform, caller: unlock_user(platform, caller, "east"),
    lambda platform, caller: list_user_records(platform, caller, "east"),
    lambda platform, caller: asyncio.run(check_systems(platform, caller)),
]


@pytest.mark.parametrize("use", USES)
def test_a_rep_is_refused(company: tuple[Platform, SetClock], use: Callable[[Platform, Caller], object]) -> None:
    with pytest.raises(ForbiddenError):
        use(company[0], REP)
