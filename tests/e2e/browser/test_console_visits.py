"""The console as a manager uses it: ask for a package, read it, look up its sources."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evals.bench.server import Server
from tests.e2e.browser.conftest import HOSTILE, HOSTILE_RUN, Opener

pytestmark = pytest.mark.browser

PATIENT = 60_000


def account_name(served: Server) -> str:
    name: str = served.client.get("/v1/accounts").json()["accounts"][3]["name"]
    return name


def fill_form(page: Page, account: str, purpose: str) -> None:
    field = page.get_by_role("combobox", name="Customer")
    field.fill(account)
    page.get_by_role("option", name=account, exact=True).click()
    page.get_by_role("textbox", name="Purpose of the visit").fill(purpose)


def finished_run(served: Server, lang: str) -> str:
    """A run made through the API, once it is over."""
    request = {"account": account_name(served), "purpose": "Agree on the next step", "lang": lang}
    accepted = served.client.post("/v1/visit-requests", json=request, headers={"Idempotency-Key": f"console-{lang}"})
    run: str = accepted.json()["run_id"]
    events = served.client.get(f"/v1/visit-requests/{run}/events").text
    assert "over" in events
    return run


def test_a_visit_is_asked_for_followed_and_read_with_its_sources(visit: Opener, served: Server) -> None:
    console = visit("/")
    page, account = console.page, account_name(served)
    fill_form(page, account, "Agree on price and delivery")
    page.get_by_role("textbox", name="Day of the visit").fill(str(datetime.now(UTC).date() + timedelta(days=7)))
    page.get_by_role("button", name="Prepare the package").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f]+"), timeout=PATIENT)
    expect(page.get_by_role("heading", level=1)).to_have_text(account)
    page.wait_for_selector("article section", timeout=PATIENT)
    expect(page.locator("#proposals h2")).to_have_text("Plan for the visit")
    page.locator(".mark").first.click()
    drawer = page.locator(".drawer")
    expect(drawer.locator("blockquote").first).not_to_be_empty()
    console.screenshot("drawer")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []


@pytest.mark.parametrize("leave", ["Tab", None])
def test_a_name_that_was_typed_without_enter_is_kept(visit: Opener, served: Server, leave: str | None) -> None:
    page = visit("/").page
    fill_form(page, account_name(served), f"Meet Nora {leave}")
    people = page.get_by_role("combobox", name="People you will meet")
    people.press_sequentially("Nora Petrov")
    if leave:
        people.press(leave)
        expect(page.locator(".q-chip")).to_have_text(re.compile("Nora Petrov"))
    page.get_by_role("button", name="Prepare the package").click()
    page.wait_for_url(re.compile("/visits/[0-9a-f]+"), timeout=PATIENT)
    page.wait_for_selector("article section", timeout=PATIENT)
    expect(page.locator(".kicker")).to_contain_text("with Nora Petrov")


def test_what_is_missing_or_wrong_is_said_beside_the_field(visit: Opener, served: Server) -> None:
    page = visit("/").page
    page.get_by_role("button", name="Prepare the package").click()
    expect(page.get_by_text("Choose a customer from the list.")).to_be_visible()
    expect(page.get_by_text("Say what the visit is for")).to_be_visible()
    fill_form(page, account_name(served), "Agree on the next step")
    page.get_by_role("textbox", name="Day of the visit").fill("2090-01-01")
    page.get_by_role("button", name="Prepare the package").click()
    expect(page.get_by_text("not a plausible visit date")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_a_package_fits_the_screen_and_stays_on_this_machine(
    visit: Opener, served: Server, lang: str, width: int, scheme: str
) -> None:
    console = visit(f"/visits/{finished_run(served, lang)}", width=width, scheme=scheme)
    page = console.page
    expect(page.locator("#risks h2")).to_have_text({"en": "Risks", "zh": "风险提示"}[lang])
    expect(page.locator(".network svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []
    console.screenshot(f"package-{lang}-{width}-{scheme}")


def test_a_person_opens_by_keyboard_with_evidence(visit: Opener, served: Server) -> None:
    page = visit(f"/visits/{finished_run(served, 'en')}").page
    name = page.locator("button.name").first
    name.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".drawer h2")).to_contain_text(name.inner_text())
    expect(page.locator(".drawer blockquote").first).to_be_visible()


def test_the_package_downloads_as_json_and_prints_without_script(visit: Opener, served: Server, tmp_path: Path) -> None:
    run = finished_run(served, "en")
    page = visit(f"/visits/{run}").page
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON").click()
    target = tmp_path / "package.json"
    started.value.save_as(target)
    assert json.loads(target.read_text("utf-8"))["run_id"] == run
    printable = visit(f"/visits/{run}/print")
    printable.page.locator(".mark").first.click()
    expect(printable.page.locator("[popover]:popover-open blockquote").first).to_be_visible()
    assert printable.page.locator("script").count() == 0
    assert printable.complaints == []


def test_the_console_speaks_chinese_and_turns_dark_and_remembers_it(visit: Opener) -> None:
    page = visit("/").page
    page.get_by_role("button", name="Switch to Chinese").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("准备一次拜访")
    page.get_by_role("button", name="浅色／深色").click()
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("准备一次拜访")
    expect(page.locator("body")).to_have_class(re.compile("body--dark"))


def test_an_unknown_visit_is_explained(visit: Opener) -> None:
    page = visit("/visits/nothing-here").page
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such visit")
    page.get_by_role("link", name="To all visits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a visit")


def test_an_unknown_address_has_a_way_back(visit: Opener) -> None:
    page = visit("/nothing/here").page
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("link", name="To all visits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a visit")


def test_a_chinese_browser_is_spoken_to_in_chinese_and_visits_lead_to_the_first_page(visit: Opener) -> None:
    page = visit("/visits", locale="zh-CN").page
    expect(page.get_by_role("heading", level=1)).to_have_text("准备一次拜访")
    assert page.url.count("/visits") == 0


def test_what_the_hub_refuses_is_said_in_the_language_of_the_page(visit: Opener, served: Server) -> None:
    console = visit("/", locale="zh-CN")
    page, account = console.page, account_name(served)
    page.get_by_role("combobox", name="客户").fill(account)
    page.get_by_role("option", name=account, exact=True).click()
    page.get_by_role("textbox", name="拜访目的").fill("谈定价格")
    page.get_by_role("textbox", name="拜访日期").fill("2090-01-01")
    page.get_by_role("button", name="生成协作包").click()
    expect(page.get_by_text("2090-01-01 不是合理的拜访日期。请填写")).to_be_visible()
    console.screenshot("refused-zh")


def test_text_from_outside_is_shown_and_never_run(visit: Opener) -> None:
    console = visit(f"/visits/{HOSTILE_RUN}")
    page = console.page
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    page.locator(".mark").first.click()
    expect(page.locator(".drawer blockquote").first).to_have_text(HOSTILE)
    expect(page.locator(".network svg")).to_be_visible()
    assert page.evaluate("window.stolen") is None
    assert page.locator("article img").count() == 0
    printable = visit(f"/visits/{HOSTILE_RUN}/print").page
    assert printable.evaluate("window.stolen") is None
