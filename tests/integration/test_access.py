"""Getting in: passwords, sessions, keys, locks; and giving rights, which nobody does who has them not."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import build_api
from core.domain.access import Scope
from core.domain.people import User
from core.errors import ForbiddenError, InvalidInputError, NotFoundError, TooManyError
from core.identity import Role, local_owner
from db.store import open_store
from hub.access.entering import enter, is_still_in
from hub.access.invites import accept_invite, invite_user, set_password
from hub.access.keys import add_key, find_key, revoke_key
from hub.access.sessions import Origin, find_session, sign_out, sign_out_everywhere
from hub.access.signing_in import SignInError, sign_in
from hub.installation import Platform
from hub.people import deactivate_user, save_user
from tests.effect_company import SetClock, open_company

OWNER = local_owner("t")
PASSWORD, OTHER = "a quiet harbour 7", "another quiet harbour 8"
REP = User(id="rep", name="Rep", roles=frozenset({Role.REP}), regions=frozenset({"north"}))
EVERYWHERE = User(id="all", name="All", roles=frozenset({Role.MANAGER}))
NORTH_ADMIN = User(id="boss", name="Boss", roles=frozenset({Role.ADMIN}), regions=frozenset({"north"}))
Company = tuple[Platform, SetClock]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with open_company(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path) as (platform, clock):
        for user in (REP, EVERYWHERE, NORTH_ADMIN):
            save_user(platform, OWNER, user)
        set_password(platform, OWNER, "rep", PASSWORD)
        yield platform, clock


def fail(platform: Platform, times: int, address: str = "198.51.100.7", user: str = "rep") -> None:
    for _ in range(times):
        with pytest.raises(SignInError):
            sign_in(platform, "t", user, "wrong", origin=Origin(address))


def test_a_wrong_name_and_a_wrong_password_are_refused_in_the_same_words_and_locked_alike(company: Company) -> None:
    platform, _clock = company
    told = set()
    for user in ("rep", "nobody"):
        for _ in range(5):
            with pytest.raises(SignInError) as refused:
                sign_in(platform, "t", user, "wrong")
            told.add(str(refused.value))
        with pytest.raises(TooManyError) as locked:
            sign_in(platform, "t", user, "wrong")
        told.add(str(locked.value))
    assert len(told) == 2


def test_failing_on_purpose_locks_others_and_not_a_browser_that_was_signed_in_before(company: Company) -> None:
    platform, _clock = company
    device = sign_in(platform, "t", "rep", PASSWORD).device
    assert device is not None
    fail(platform, 5)
    for held in (None, "made.up", device.replace(".", ".0"), device + "0"):
        with pytest.raises(TooManyError):
            sign_in(platform, "t", "rep", PASSWORD, device=held)
    assert sign_in(platform, "t", "rep", PASSWORD, device=device).session.user == "rep"
    # What others tried stays counted.
    with pytest.raises(TooManyError):
        sign_in(platform, "t", "rep", PASSWORD)


def test_a_known_browser_is_locked_by_its_own_failures_and_forgotten_with_the_password(company: Company) -> None:
    platform, _clock = company
    device = sign_in(platform, "t", "rep", PASSWORD).device
    for _ in range(5):
        with pytest.raises(SignInError):
            sign_in(platform, "t", "rep", "wrong", device=device)
    with pytest.raises(TooManyError):
        sign_in(platform, "t", "rep", PASSWORD, device=device)
    set_password(platform, OWNER, "rep", OTHER)
    fail(platform, 5, "198.51.100.8")
    with pytest.raises(TooManyError):
        sign_in(platform, "t", "rep", OTHER, device=device)


def test_a_lock_is_never_for_good(company: Company) -> None:
    platform, clock = company
    for _ in range(12):
        with pytest.raises((SignInError, TooManyError)):
            sign_in(platform, "t", "rep", "wrong")
        clock.advance(minutes=15, seconds=1)
    assert sign_in(platform, "t", "rep", PASSWORD).session.user == "rep"


def test_an_address_that_tries_many_names_is_locked_for_all(company: Company) -> None:
    platform, _clock = company
    for number in range(50):
        fail(platform, 1, user=f"name-{number}")
    with pytest.raises(TooManyError):
        sign_in(platform, "t", "rep", PASSWORD, origin=Origin("198.51.100.7"))
    assert sign_in(platform, "t", "rep", PASSWORD, origin=Origin("198.51.100.9"))


def test_a_sign_in_gives_a_fresh_session_and_ends_the_one_it_replaces(company: Company) -> None:
    platform, _clock = company
    first = sign_in(platform, "t", "rep", PASSWORD)
    second = sign_in(platform, "t", "rep", PASSWORD, replaces=first.token)
    assert first.token != second.token
    assert find_session(platform, first.token) is None
    assert find_session(platform, second.token) is not None
    sign_out(platform, second.token)
    assert find_session(platform, second.token) is None


def test_an_invitation_works_once_and_ends_the_session_of_the_browser(company: Company) -> None:
    platform, clock = company
    held = sign_in(platform, "t", "rep", PASSWORD)
    _invite, token = invite_user(platform, OWNER, "all")
    with pytest.raises(InvalidInputError):
        accept_invite(platform, token, "short")
    opened = accept_invite(platform, token, OTHER, replaces=held.token)
    assert (opened.session.user, find_session(platform, held.token)) == ("all", None)
    with pytest.raises(NotFoundError):
        accept_invite(platform, token, OTHER)
    _invite, late = invite_user(platform, OWNER, "all")
    clock.advance(days=3)
    with pytest.raises(NotFoundError):
        accept_invite(platform, late, OTHER)


def test_sessions_end_everywhere_when_asked_when_idle_and_when_rights_change(company: Company) -> None:
    platform, clock = company

    def opened() -> list[str]:
        return [sign_in(platform, "t", "rep", PASSWORD).token for _ in range(2)]

    tokens = opened()
    assert sign_out_everywhere(platform, REP.caller("t")) == 2
    tokens += opened()
    save_user(platform, OWNER, REP.model_copy(update={"regions": frozenset({"south"})}))
    tokens += opened()
    deactivate_user(platform, OWNER, "rep")
    assert [find_session(platform, token) for token in tokens] == [None] * 6
    save_user(platform, OWNER, REP)
    token = opened()[0]
    clock.advance(hours=8)
    assert find_session(platform, token) is None


def test_only_hashes_of_secrets_are_kept(company: Company, tmp_path: Path) -> None:
    platform, _clock = company
    opened = sign_in(platform, "t", "rep", PASSWORD)
    _key, text = add_key(platform, OWNER, "rep", [Scope.CHAT])
    _invite, invited = invite_user(platform, OWNER, "all")
    with open_store(platform.settings.records_url):
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("records.sqlite*"))
    for secret in (PASSWORD, opened.token, text.partition("_")[2], invited):
        assert secret.encode() not in kept
    assert b"$argon2id$" in kept


def test_a_key_ends_when_revoked_when_late_and_with_its_user(company: Company) -> None:
    platform, clock = company
    keys = [add_key(platform, OWNER, "rep", [Scope.CHAT]) for _ in range(2)]
    late = add_key(platform, OWNER, "rep", [Scope.CHAT], expires_at=clock.now().replace(year=2099))
    assert all(find_key(platform, text) for _key, text in (*keys, late))
    assert find_key(platform, keys[0][1] + "x") is None
    assert find_key(platform, f"{keys[0][0].id}_{keys[1][1].partition('_')[2]}") is None
    revoke_key(platform, OWNER, keys[0][0].id)
    assert find_key(platform, keys[0][1]) is None
    clock.time = clock.now().replace(year=2100)
    assert find_key(platform, late[1]) is None
    deactivate_user(platform, OWNER, "rep")
    assert find_key(platform, keys[1][1]) is None


def test_an_administrator_of_some_regions_ends_no_key_of_people_outside_them(company: Company) -> None:
    platform, _clock = company
    theirs, text = add_key(platform, OWNER, "all", [Scope.CHAT])
    boss = NORTH_ADMIN.caller("t")
    with pytest.raises(ForbiddenError, match="regions"):
        revoke_key(platform, boss, theirs.id)
    assert find_key(platform, text) is not None
    own, ended = add_key(platform, boss, "rep", [Scope.CHAT])
    revoke_key(platform, boss, own.id)
    assert find_key(platform, ended) is None


def test_what_is_open_for_long_ends_when_rights_change(company: Company) -> None:
    platform, _clock = company
    _key, text = add_key(platform, OWNER, "rep", [Scope.CHAT])
    entry = enter(platform, authorization=f"Bearer {text}", cookie=None, tenant=None)
    assert entry is not None
    assert is_still_in(platform, entry, seen=False)
    save_user(platform, OWNER, REP.model_copy(update={"roles": frozenset({Role.LEGAL})}))
    assert not is_still_in(platform, entry, seen=False)


def test_an_administrator_gives_no_rights_beyond_their_regions(company: Company) -> None:
    platform, _clock = company
    boss = NORTH_ADMIN.caller("t")
    save_user(platform, boss, REP.model_copy(update={"regions": frozenset({"north/key"})}))
    for user in (
        NORTH_ADMIN.model_copy(update={"regions": None}),
        REP.model_copy(update={"regions": frozenset({"north", "south"})}),
        EVERYWHERE.model_copy(update={"regions": frozenset({"north"})}),
    ):
        with pytest.raises(ForbiddenError):
            save_user(platform, boss, user)
    with pytest.raises(ForbiddenError):
        deactivate_user(platform, boss, "all")
    with pytest.raises(ForbiddenError):
        set_password(platform, boss, "all", OTHER)
    with pytest.raises(ForbiddenError):
        invite_user(platform, boss, "all")
    with pytest.raises(ForbiddenError):
        add_key(platform, boss, "all", [Scope.CHAT])
    add_key(platform, boss, "rep", [Scope.CHAT])


def browser(platform: Platform) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(build_api(platform))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"})


async def test_cookies_are_for_us_alone_and_a_session_changes_things_from_our_pages_only(company: Company) -> None:
    platform, _clock = company
    async with browser(platform) as client:
        answer = await client.post("/v1/session", json={"user": "rep", "password": PASSWORD})
        assert answer.status_code == 201
        cookies = answer.headers.get_list("set-cookie")
        assert {cookie.partition("=")[0] for cookie in cookies} == {"saleshub_session", "saleshub_device"}
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
        assert (await client.get("/v1/session")).json()["user"] == "rep"
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await client.delete("/v1/session", headers=headers)).status_code == 403
        assert (await client.delete("/v1/session")).status_code == 204
        assert (await client.get("/v1/session")).status_code == 401


async def test_over_https_cookies_go_over_nothing_else(company: Company) -> None:
    platform, _clock = company
    platform.settings.public_url = "https://hub.example"
    async with browser(platform) as client:
        answer = await client.post("/v1/session", json={"user": "rep", "password": PASSWORD})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert answer.headers["Strict-Transport-Security"]


async def test_a_key_is_for_its_scopes_and_a_method_nobody_takes_is_said_to_be_none(company: Company) -> None:
    platform, _clock = company
    _key, text = add_key(platform, OWNER, "rep", [Scope.ACCOUNTS_READ])
    async with browser(platform) as client:
        client.headers["Authorization"] = f"Bearer {text}"
        assert (await client.get("/v1/accounts")).status_code == 200
        assert (await client.get("/v1/effects")).status_code == 403
        assert (await client.get("/v1/boards")).status_code == 403
        answer = await client.request("TRACE", "/v1/accounts")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
