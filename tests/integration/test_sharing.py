"""Links to packages, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.people import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Role
from hub.auditing import list_records, verify_log
from hub.installation import Platform
from hub.people import deactivate_user, save_user
from hub.sharing import list_shares, open_shared, revoke_share, share_package
from tests.reviewing import MovedClock, make_package, person, reviewing_company


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def platform(store_url: str, tmp_path: Path, clock: MovedClock) -> Iterator[Platform]:
    with reviewing_company(tmp_path / "home", store_url, clock) as opened:
        for id_, regions in (("near", None), ("far", frozenset({"South"}))):
            user = User(id=id_, name=id_, roles=frozenset({Role.COACH}), regions=regions)
            save_user(opened, opened.owner(), user)
        make_package(opened)
        yield opened


def test_the_person_named_reads_the_package_and_every_opening_is_on_record(platform: Platform) -> None:
    rep, near = person(platform, "rep"), person(platform, "near")
    share = share_package(platform, rep, "run", with_user="near", days=3)
    opened, package = open_shared(platform, near, share.id)
    assert (opened, package.run_id) == (share, "run")
    open_shared(platform, rep, share.id)
    told = [(each.actor, each.action) for each in list_records(platform, "default", subject=share.id)]
    assert told == [("near", "share.opened"), ("rep", "share.created")]
    assert verify_log(platform, "default").whole


def test_a_link_opens_for_nobody_else(platform: Platform) -> None:
    share = share_package(platform, person(platform, "rep"), "run", with_user="near")
    with pytest.raises(ForbiddenError, match="somebody else"):
        open_shared(platform, person(platform, "legal"), share.id)
    with pytest.raises(ForbiddenError, match="somebody else"):
        open_shared(platform, platform.owner(), share.id)
    with pytest.raises(NotFoundError):
        open_shared(platform, person(platform, "near"), share.id[:-1])
    with pytest.raises(NotFoundError):
        open_shared(platform, person(platform, "near").model_copy(update={"tenant": "other"}), share.id)


def test_a_link_for_a_role_gives_no_region(platform: Platform) -> None:
    share = share_package(platform, person(platform, "rep"), "run", with_role=Role.COACH)
    assert open_shared(platform, person(platform, "near"), share.id)[1].run_id == "run"
    with pytest.raises(ForbiddenError, match="region"):
        open_shared(platform, person(platform, "far"), share.id)


def test_a_link_ends_on_its_day_and_when_it_is_revoked(platform: Platform, clock: MovedClock) -> None:
    rep, near = person(platform, "rep"), person(platform, "near")
    short, long = (share_package(platform, rep, "run", with_user="near", days=days) for days in (1, 9))
    with pytest.raises(ForbiddenError, match="only who made"):
        revoke_share(platform, near, long.id)
    clock.move(timedelta(days=1))
    with pytest.raises(ForbiddenError, match="ended"):
        open_shared(platform, near, short.id)
    assert open_shared(platform, near, long.id)
    assert revoke_share(platform, rep, long.id).revoked_by == "rep"
    assert revoke_share(platform, platform.owner(), long.id).revoked_by == "rep"
    with pytest.raises(ForbiddenError, match="ended"):
        open_shared(platform, near, long.id)
    assert {share.id for share in list_shares(platform, rep, "run")} == {short.id, long.id}


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ({}, "with"),
        ({"with_user": "near", "with_role": Role.COACH}, "with"),
        ({"with_user": "near", "days": 0}, "days"),
        ({"with_user": "near", "days": 91}, "days"),
        ({"with_user": "far"}, "with_user"),
        ({"with_user": "legal"}, "with_user"),
        ({"with_role": Role.LEGAL}, "with_role"),
    ],
)
def test_a_link_that_would_not_open_is_not_made(platform: Platform, named: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        share_package(platform, person(platform, "rep"), "run", **named)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_whoever_may_not_read_the_package_neither_shares_it_nor_sees_its_links(platform: Platform) -> None:
    share = share_package(platform, person(platform, "rep"), "run", with_user="near")
    for stranger, refused in (("far", NotFoundError), ("legal", ForbiddenError)):
        caller = person(platform, stranger)
        with pytest.raises(refused):
            share_package(platform, caller, "run", with_user="near")
        with pytest.raises(refused):
            list_shares(platform, caller, "run")
        with pytest.raises(refused):
            revoke_share(platform, caller, share.id)


def test_nobody_who_left_is_sent_a_link(platform: Platform) -> None:
    deactivate_user(platform, platform.owner(), "near")
    with pytest.raises(InvalidInputError):
        share_package(platform, person(platform, "rep"), "run", with_user="near")
