"""Signing in by way of a provider of identities: only the person meant, once, from the browser that began it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from core.domain.people import User
from core.identity import Role, local_owner
from core.settings import Settings
from hub.access.links import unlink_user
from hub.access.oidc import begin_sign_in, finish_sign_in
from hub.access.oidc_provider import OidcError
from hub.access.sessions import Opened, find_session
from hub.installation import Platform
from hub.people import deactivate_user, save_user
from hub.platform import open_platform
from tests.databases import migrated_home
from tests.oidc_provider import CLIENT, Provider, running_provider

HERE = "http://127.0.0.1:8484/"
OWNER = local_owner("t")
USERS = (
    User(id="rep", name="Rep", roles=frozenset({Role.REP})),
    User(id="legal", name="Legal", roles=frozenset({Role.LEGAL})),
)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def at(tmp_path: Path, provider: Provider) -> Iterator[Any]:
    provider.claims, provider.algorithm = {}, "RS256"
    opened: list[Any] = []

    def open_with(**settings: Any) -> Platform:
        told = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "s", **settings}
        manager = open_platform(Settings(home=migrated_home(tmp_path), embedding_model="none", **told))
        opened.append(manager)
        platform = manager.__enter__()
        for user in USERS:
            save_user(platform, OWNER, user)
        return platform

    yield open_with
    for manager in opened:
        manager.__exit__(None, None, None)


def enter(platform: Platform, provider: Provider, **claims: Any) -> Opened:
    provider.claims = claims
    begun = begin_sign_in(platform, HERE, next="/reviews")
    opened, goal = finish_sign_in(platform, HERE, provider.visit(begun.address), holder=begun.holder)
    assert goal == "/reviews"
    return opened


def test_who_the_provider_names_is_signed_in_with_their_rights_here(at: Any, provider: Provider) -> None:
    platform = at()
    opened = enter(platform, provider)
    found = find_session(platform, opened.token)
    assert found is not None
    assert (found[1].user, found[1].roles) == ("rep", frozenset({Role.REP}))
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == f"{HERE}session/oidc/callback"
    assert provider.exchanged[-1]["redirect_uri"] == provider.asked["redirect_uri"]


def test_an_answer_is_taken_once_and_from_the_browser_that_began(at: Any, provider: Provider) -> None:
    platform = at()
    begun = begin_sign_in(platform, HERE, next="/")
    answer = provider.visit(begun.address)
    for wrong in (None, "another"):
        again = begin_sign_in(platform, HERE, next="/")
        with pytest.raises(OidcError):
            finish_sign_in(platform, HERE, provider.visit(again.address), holder=wrong)
    provider.visit(begun.address)
    finish_sign_in(platform, HERE, answer, holder=begun.holder)
    with pytest.raises(OidcError):
        finish_sign_in(platform, HERE, answer, holder=begun.holder)
    with pytest.raises(OidcError):
        finish_sign_in(platform, HERE, {"code": "the-code", "state": "made-up"}, holder=begun.holder)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"preferred_username": "nobody"},
        {"preferred_username": None},
        {"sub": ""},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(
    at: Any, provider: Provider, claims: dict[str, Any]
) -> None:
    with pytest.raises(OidcError):
        enter(at(), provider, **claims)


def test_a_token_signed_with_another_key_opens_nothing(at: Any, provider: Provider) -> None:
    platform = at()
    provider.algorithm = "another key"
    with pytest.raises(OidcError):
        enter(platform, provider)


def test_a_name_counts_once_then_the_person_does(at: Any, provider: Provider) -> None:
    platform = at()
    enter(platform, provider)
    with pytest.raises(OidcError):
        # Somebody else who was given the name.
        enter(platform, provider, sub="person-2")
    # The same person under a new name, even another user's.
    opened = enter(platform, provider, preferred_username="legal")
    found = find_session(platform, opened.token)
    assert found is not None
    assert found[1].user == "rep"
    unlink_user(platform, OWNER, "rep")
    assert find_session(platform, opened.token) is None
    enter(platform, provider, sub="person-2")


def test_who_was_removed_is_not_let_in_and_no_longer_linked(at: Any, provider: Provider) -> None:
    platform = at()
    opened = enter(platform, provider)
    deactivate_user(platform, OWNER, "rep")
    assert find_session(platform, opened.token) is None
    with pytest.raises(OidcError):
        enter(platform, provider)
    save_user(platform, OWNER, User(id="rep", name="New rep", roles=frozenset({Role.REP})))
    enter(platform, provider, sub="person-2")


def test_an_address_counts_only_when_it_was_verified(at: Any, provider: Provider) -> None:
    platform = at(oidc_claim="email")
    save_user(platform, OWNER, User(id="ann", name="Ann", roles=frozenset({Role.REP})))
    for verified in (None, False, "true"):
        with pytest.raises(OidcError):
            enter(platform, provider, email="ann", email_verified=verified)
    enter(platform, provider, email="Ann", email_verified=True)


def test_groups_give_roles_and_never_that_of_an_administrator(at: Any, provider: Provider) -> None:
    platform = at(oidc_group_roles={"reviewers": Role.LEGAL})
    first = enter(platform, provider, groups=["reviewers", "others"])
    found = find_session(platform, first.token)
    assert found is not None
    assert found[1].roles == {Role.LEGAL}
    with pytest.raises(OidcError):
        enter(platform, provider, groups=["others"])
    with pytest.raises(ValidationError, match="administrators"):
        Settings(oidc_group_roles={"x": Role.ADMIN})


def test_a_provider_is_asked_over_https_unless_it_is_here() -> None:
    with pytest.raises(ValidationError, match="https"):
        Settings(oidc_issuer="http://login.example")
    Settings(oidc_issuer="https://login.example")
