"""The company's own people: added, changed, and no longer acting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.people import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.identity import Caller, Role, local_owner
from core.settings import Settings
from hub.auditing import list_records, verify_log
from hub.installation import Platform
from hub.people import acting_as, deactivate_user, get_user, list_users, save_user
from hub.platform import open_platform
from tests.databases import migrated_home

OWNER = local_owner("t")
LEGAL = User(id="legal-east", name="Legal desk", roles=frozenset({Role.LEGAL}), regions=frozenset({"East"}))
CHIEF = User(id="chief", name="Chief", roles=frozenset({Role.MANAGER, Role.ADMIN}))


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    with open_platform(Settings(home=migrated_home(tmp_path), embedding_model="none")) as opened:
        yield opened


def test_a_user_acts_with_their_own_rights_and_the_owner_without_one(platform: Platform) -> None:
    save_user(platform, OWNER, LEGAL)
    assert acting_as(platform, OWNER, None) == OWNER
    assert acting_as(platform, OWNER, "legal-east") == Caller(
        tenant="t", user="legal-east", roles=frozenset({Role.LEGAL}), regions=frozenset({"East"})
    )


def test_people_are_changed_by_adding_them_again_and_belong_to_one_tenant(platform: Platform) -> None:
    save_user(platform, OWNER, CHIEF)
    save_user(platform, OWNER, LEGAL)
    changed = LEGAL.model_copy(update={"manager": "chief", "delegate": "chief", "regions": None})
    save_user(platform, OWNER, changed)
    assert list_users(platform, "t") == [CHIEF, changed]
    assert list_users(platform, "other") == []
    with pytest.raises(NotFoundError):
        get_user(platform, "other", "chief")


def test_an_unknown_user_is_named_with_the_nearest(platform: Platform) -> None:
    save_user(platform, OWNER, LEGAL)
    with pytest.raises(NotFoundError) as caught:
        get_user(platform, "t", "legal-esat")
    assert caught.value.nearest == ("legal-east",)
    with pytest.raises(NotFoundError, match="manager"):
        save_user(platform, OWNER, LEGAL.model_copy(update={"manager": "nobody"}))


def test_who_was_removed_does_not_act_but_stays_known(platform: Platform) -> None:
    save_user(platform, OWNER, LEGAL)
    deactivate_user(platform, OWNER, "legal-east")
    assert not get_user(platform, "t", "legal-east").active
    with pytest.raises(ForbiddenError, match="not active"):
        acting_as(platform, OWNER, "legal-east")


def test_only_administrators_change_people(platform: Platform) -> None:
    with pytest.raises(ForbiddenError):
        save_user(platform, LEGAL.caller("t"), CHIEF)
    assert list_users(platform, "t") == []


def test_nobody_gets_the_name_under_which_the_hub_acts(platform: Platform) -> None:
    with pytest.raises(InvalidInputError) as caught:
        save_user(platform, OWNER, CHIEF.model_copy(update={"id": "hub"}))
    assert caught.value.field == "user"


def test_each_change_of_people_is_on_record(platform: Platform) -> None:
    save_user(platform, OWNER, LEGAL)
    deactivate_user(platform, OWNER, "legal-east")
    actions = [(record.actor, record.action) for record in list_records(platform, "t", subject="legal-east")]
    assert actions == [("owner", "user.deactivated"), ("owner", "user.saved")]
    assert verify_log(platform, "t").whole
