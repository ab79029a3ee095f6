"""The administration as an administrator uses it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.identity import Role
from core.settings import Settings
from evals.bench.server import Server, serving
from hub.people import save_user
from hub.platform import open_platform
from tests.e2e.browser.company import RUN, user_of
from tests.e2e.browser.looking import require_sound
from tests.e2e.browser.signing_in import Desk
from tests.e2e.browser.windows import Profiles

pytestmark = pytest.mark.browser

NEW_PASSWORD = "twelve lamps by the quay"


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def add_person(page: Page, url: str, user: str, name: str) -> None:
    page.goto(f"{url}/admin/new-person")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Name", exact=True).fill(name)
    choose(page, "Roles", "Sales")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(f"/admin/people/{user}$"))


def test_a_person_is_added_invited_and_signs_in_with_their_own_password(desk: Desk) -> None:
    visit = desk.as_user("admin", "/admin/new-person")
    page = visit.page
    page.get_by_label("User name").fill("Not An Id")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Use up to 64 small letters")).to_be_visible()
    expect(page.get_by_text("Write the name")).to_be_visible()
    expect(page.get_by_text("Choose at least one role.")).to_be_visible()
    add_person(page, desk.url, "west.rep", "West desk")
    expect(page.get_by_text("Has no password yet")).to_be_visible()
    page.get_by_role("button", name="Make an invitation link").click()
    link = page.get_by_label("Invitation link").input_value()
    guest = desk.as_nobody(link.removeprefix(desk.url)).page
    expect(guest.get_by_text("For the user west.rep.")).to_be_visible()
    guest.get_by_label("Password").fill(NEW_PASSWORD)
    guest.get_by_role("button", name="Save and sign in").click()
    expect(guest.get_by_label("Signed in as West desk")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Signs in with a password.")).to_be_visible()
    expect(page.locator(".records")).to_contain_text("Invited admin desk")
    require_sound(visit, "admin-person")


def test_a_user_name_that_is_taken_changes_nobody(desk: Desk) -> None:
    page = desk.as_user("admin", "/admin/new-person").page
    page.get_by_label("User name").fill("legal")
    page.get_by_label("Name", exact=True).fill("Somebody else")
    choose(page, "Roles", "Administrator")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody has this user name already.")).to_be_visible()
    page.goto(f"{desk.url}/admin/people/legal")
    expect(page.get_by_label("Name", exact=True)).to_have_value("legal desk")


def test_rights_are_narrowed_to_a_region_then_taken_away_and_given_back(desk: Desk) -> None:
    page = desk.as_user("admin", "/admin/people").page
    add_person(page, desk.url, "north", "North desk")
    page.get_by_role("checkbox", name="Works in every region").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Name at least one region")).to_be_visible()
    page.get_by_role("button", name="+ EMEA").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{desk.url}/admin/people")
    page.get_by_role("searchbox").fill("emea")
    expect(page.locator("tr.person:visible")).to_have_count(1)
    page.get_by_role("link", name="North desk").click()
    page.get_by_role("button", name="Take the rights away").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel").click()
    # Until it is gone, its own button has the same name.
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Give the rights back")).to_have_count(0)
    page.get_by_role("button", name="Take the rights away").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Take the rights away").click()
    page.get_by_role("button", name="Give the rights back").click()
    expect(page.get_by_role("button", name="Make an invitation link")).to_be_visible()


def test_nobody_takes_their_own_rights_away(desk: Desk) -> None:
    page = desk.as_user("admin", "/admin/people/admin").page
    expect(page.get_by_text("somebody else takes your rights away")).to_be_visible()
    expect(page.get_by_role("button", name="Take the rights away")).to_have_count(0)


def test_a_key_is_shown_once_works_for_its_scopes_and_ends_when_revoked(desk: Desk) -> None:
    visit = desk.as_user("admin", "/admin/keys")
    page = visit.page
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Choose a person.")).to_be_visible()
    expect(page.get_by_text("Choose at least one scope.")).to_be_visible()
    choose(page, "Acts as", "rep desk")
    choose(page, "Scopes", "accounts:read")
    page.get_by_label("What it is for").fill("Price list export")
    page.get_by_role("button", name="Make the key").click()
    key = page.get_by_label("API keys").last.input_value()
    require_sound(visit, "admin-keys")

    def status(path: str) -> int:
        answer = httpx.get(f"{desk.url}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=60)
        return answer.status_code

    assert (status("/v1/accounts"), status("/v1/effects")) == (200, 403)
    page.reload()
    line = page.get_by_role("row", name=re.compile("Price list export"))
    expect(line).to_contain_text("accounts:read")
    expect(line).not_to_contain_text("never")
    assert key not in page.content()
    line.get_by_role("button", name="Revoke").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(line.get_by_text("revoked")).to_be_visible()
    assert status("/v1/accounts") == 401


def test_a_system_that_is_down_is_told_apart_from_those_that_answer(desk: Desk) -> None:
    visit = desk.as_user("analyst", "/admin/systems")
    page = visit.page
    expect(page.locator(".system.ok")).to_have_count(5)
    expect(page.locator(".system.down")).to_contain_text("It does not answer.")
    expect(page.locator(".system.down h2")).to_have_text("ERP")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".system")).to_have_count(6)
    require_sound(visit, "admin-systems")


def test_spending_is_shown_by_day_person_model_and_role(desk: Desk) -> None:
    visit = desk.as_user("manager", "/admin/models")
    page = visit.page
    expect(page.get_by_role("heading", name="By person")).to_be_visible()
    for heading in ("rep desk", "m-1", "Puts into words"):
        expect(page.get_by_role("row", name=re.compile(f"{heading} 1 900 120 0.0042"))).to_be_visible()
    expect(page.locator(".weeks svg")).to_be_visible()
    page.get_by_role("link", name="Last 7 days").click()
    expect(page.locator("[aria-current=true]")).to_have_text("Last 7 days")
    require_sound(visit, "admin-models")


def test_workers_and_jobs_are_shown(desk: Desk) -> None:
    page = desk.as_user("analyst", "/admin/work").page
    expect(page.get_by_text("Workers at work")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("at work"))).to_have_count(1)
    expect(page.get_by_text("Nothing was given up.")).to_be_visible()


def test_a_package_is_shared_with_one_reader_and_the_link_ends(desk: Desk) -> None:
    page = desk.as_user("rep", f"/visits/{RUN}").page
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("Choose a person or a role.")).to_be_visible()
    page.get_by_role("combobox", name="With whom").fill("coach")
    page.get_by_role("option", name="coach desk").click()
    page.get_by_role("button", name="Make the link").click()
    path = page.get_by_label("Link", exact=True).first.input_value().removeprefix(desk.url)
    reader = desk.as_user("coach", path, profile="other").page
    expect(reader.get_by_text("Shared with you by rep desk")).to_be_visible()
    expect(reader.locator("#risks h2")).to_have_text("Risks")
    stranger = desk.as_user("manager", path, profile="third")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("This link does not open for you")
    require_sound(stranger, "shared-refused")
    page.get_by_role("button", name="End it").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End it").click()
    expect(page.locator(".drawer").get_by_text("ended", exact=True)).to_be_visible()
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("This link does not open for you")


def test_a_reviewer_finds_edits_and_decides_by_key(desk: Desk) -> None:
    visit = desk.as_user("supply-chain", "/reviews?show=mine")
    page = visit.page
    expect(page.locator("a.run .clock")).to_contain_text("left")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/reviews/{RUN}-supply_chain"))
    page.locator(".reviewed").first.get_by_role("button", name="Edit").click()
    field = page.get_by_label("Edit")
    field.fill(field.input_value() + " Checked today.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".diff ins")).to_contain_text("Checked today")
    page.keyboard.press("r")
    expect(page.get_by_text("a rejection needs a reason")).to_be_visible()
    page.get_by_label("Reason, question or answer").fill("The dates do not hold.")
    page.locator("h1").click()
    require_sound(visit, "review-edited")
    page.keyboard.press("r")
    expect(page.locator("main.sheet .panel").first).to_contain_text("rejected")


def test_a_package_comes_as_a_pdf(desk: Desk) -> None:
    page = desk.as_user("rep", f"/visits/{RUN}").page
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").click()
    assert started.value.suggested_filename == f"visit-{RUN}.pdf"
    assert started.value.path().read_bytes().startswith(b"%PDF-")


@pytest.fixture
def fresh(imported_home: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of its own, for what cannot be taken back: the first password."""
    shutil.copytree(imported_home, tmp_path / "home")
    with open_platform(Settings(home=tmp_path / "home")) as platform:
        save_user(platform, platform.owner(), user_of(Role.MANAGER))
    with serving(tmp_path / "home") as found:
        yield found


def test_before_anybody_has_a_password_a_key_is_not_made_and_the_first_password_leads_to_sign_in(
    profiles: Profiles, fresh: Server
) -> None:
    profiles.forget("first")
    page = profiles.of("first", "en-GB").new_page()
    page.goto(f"{fresh.url}/admin/keys")
    expect(page.get_by_text("A key would start sign-in for all")).to_be_visible()
    expect(page.get_by_role("button", name="Make the key")).to_have_count(0)
    page.goto(f"{fresh.url}/admin/people/manager")
    expect(page.get_by_text("Nobody has to sign in yet")).to_be_visible()
    page.get_by_label("Or a password").fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Too short, or one of those")).to_be_visible()
    page.get_by_label("Or a password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.close()
