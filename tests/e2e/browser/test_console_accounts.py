"""The customers' pages: find one, see what is going on, and why each sentence is believed."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from core.domain.people import User
from core.identity import Role
from core.settings import Settings
from evals.bench.server import Server, serving
from hub.people import save_user
from hub.platform import open_platform
from tests.e2e.browser.conftest import HOSTILE, Opener
from tests.e2e.browser.hostile import ACCOUNT
from tests.e2e.browser.looking import faults_of
from tests.e2e.browser.test_console_work import act_as

pytestmark = pytest.mark.browser

PATIENT = 90_000
HELIOS = "Helios Process Systems GmbH"


def id_of(served: Server, name: str) -> str:
    accounts = served.client.get("/v1/accounts").json()["accounts"]
    found: str = next(each["id"] for each in accounts if each["name"] == name)
    return found


def test_the_sign_of_waiting_is_no_larger_than_its_line(visit: Opener) -> None:
    page = visit("/accounts").page
    page.locator("main").first.evaluate(
        "place => { place.innerHTML = '<div class=waiting><svg class=q-spinner viewBox=\"0 0 50 50\"></svg>…</div>'; }"
    )
    box = page.locator(".waiting svg").bounding_box()
    assert box
    assert max(box["width"], box["height"]) <= 32


def test_a_customer_is_found_by_words_and_region(visit: Opener) -> None:
    console = visit("/accounts", width=1400)
    page = console.page
    rows = page.locator(".customers tbody tr")
    expect(rows).to_have_count(40)
    page.get_by_role("button", name=re.compile("Show .* more")).click()
    expect(page.get_by_role("button", name=re.compile("Show .* more"))).to_have_count(0)
    assert rows.count() > 100
    console.screenshot("accounts")
    search = page.get_by_role("searchbox", name="Search")
    search.fill("process helios")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("negotiation")
    expect(rows).to_contain_text(re.compile(r"EUR [\d,]+"))
    expect(rows.locator(".chip")).to_have_text("contract ends soon")
    search.fill("no such customer")
    expect(page.get_by_text("No customer fits")).to_be_visible()
    search.fill("")
    page.get_by_role("checkbox", name="Needs a look").click()
    expect(rows.first.locator(".chip").first).to_be_visible()
    page.get_by_role("combobox", name="Region").click()
    page.get_by_role("option", name="EMEA").click()
    expect(rows.first).to_contain_text("EMEA")
    page.get_by_role("link", name=HELIOS).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HELIOS)
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (390, "light")])
def test_a_customer_is_on_one_page_in_both_languages_and_on_a_phone(
    visit: Opener, served: Server, lang: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    locale = {"en": "en-GB", "zh": "zh-CN"}[lang]
    console = visit(f"/accounts/{id_of(served, HELIOS)}", width=width, scheme=scheme, locale=locale)
    page = console.page
    expect(page.get_by_role("heading", level=1)).to_have_text(HELIOS)
    expect(page.locator("#risks h2")).to_have_text({"en": "Risks", "zh": "风险"}[lang], timeout=PATIENT)
    expect(page.locator("#people .network svg")).to_be_visible()
    expect(page.locator("#timeline .months svg")).to_be_visible()
    expect(page.locator("#contracts")).to_contain_text("TL-2025-001")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    console.screenshot(f"account-{lang}-{width}-{scheme}")
    assert console.hosts <= {"127.0.0.1", "inline"}
    assert console.complaints == []


def test_each_belief_says_how_long_it_holds_and_opens_the_words_it_rests_on(visit: Opener, served: Server) -> None:
    page = visit(f"/accounts/{id_of(served, HELIOS)}", width=1400).page
    beliefs = page.locator("#beliefs")
    expect(beliefs.locator(".beliefs li").first).to_contain_text(re.compile(r"said \d+ \w+ 20\d\d"), timeout=PATIENT)
    beliefs.locator("summary", has_text="Operations").click()
    clause = beliefs.locator("li", has_text="on payment")
    expect(clause).to_contain_text(re.compile(r"holds \d+ \w+ 20\d\d to \d+ \w+ 20\d\d"))
    why = clause.get_by_role("button", name="Why do we believe this")
    why.focus()
    page.keyboard.press("Enter")
    drawer = page.locator(".drawer")
    expect(drawer.locator(".source").first).to_contain_text("Contract management · TL-2025-001")
    expect(drawer.locator("blockquote").first).to_contain_text("45 days net")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.locator("#people button.name").first.click()
    expect(drawer.locator("blockquote").first).not_to_be_empty()


def test_the_timeline_opens_whole_mails_and_older_ones(visit: Opener, served: Server) -> None:
    page = visit(f"/accounts/{id_of(served, HELIOS)}", width=1400).page
    mails = page.locator(".exchanges > li")
    expect(mails).to_have_count(10, timeout=PATIENT)
    mails.first.locator("summary").click()
    expect(mails.first.locator(".said")).to_be_visible()
    page.get_by_role("button", name=re.compile("Show .* older")).click()
    expect(mails.nth(20)).to_be_visible()


def test_the_way_leads_on_to_the_assistant_and_to_a_visit(visit: Opener, served: Server) -> None:
    path = f"/accounts/{id_of(served, HELIOS)}"
    page = visit(path).page
    page.get_by_role("link", name="Ask the assistant").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(HELIOS)
    expect(page.locator(".composer textarea")).to_be_focused()
    page = visit(path).page
    page.get_by_role("link", name="Prepare a visit").click()
    expect(page.get_by_role("combobox", name="Customer")).to_have_value(HELIOS)


def test_a_reviewer_sees_what_the_role_may_and_what_it_may_not_is_said(visit: Opener, served: Server) -> None:
    page = visit(f"/accounts/{id_of(served, HELIOS)}").page
    act_as(page, "legal desk")
    expect(page.locator("#contracts")).to_contain_text("Frame Supply Agreement", timeout=PATIENT)
    act_as(page, "manager desk")
    expect(page.locator("#risks .risk").first).to_be_visible(timeout=PATIENT)


@pytest.mark.parametrize("path", ["/accounts/none", "/accounts/%3Cimg%3E"])
def test_an_unknown_customer_is_explained(visit: Opener, path: str) -> None:
    page = visit(path).page
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such customer")


def test_hostile_records_are_shown_and_never_run(visit: Opener) -> None:
    console = visit(f"/accounts/{ACCOUNT}")
    page = console.page
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.locator("#open_deals strong")).to_have_text(HOSTILE, timeout=PATIENT)
    expect(page.locator("#timeline strong")).to_have_text(HOSTILE)
    page.locator("#people button.name").first.click()
    expect(page.locator(".drawer h2")).to_contain_text(HOSTILE)
    page.goto(page.url.split("/accounts")[0] + "/accounts?q=onerror")
    expect(page.locator(".customers a.customer")).to_have_text(HOSTILE)
    assert page.evaluate("window.stolen") is None
    assert page.locator("main img").count() == 0
    assert console.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_meet_the_rules_of_accessibility(
    visit: Opener, served: Server, scheme: Literal["light", "dark"]
) -> None:
    page = visit("/accounts", width=1400, scheme=scheme).page
    expect(page.locator(".customers tbody tr")).to_have_count(40)
    assert faults_of(page) == []
    page.goto(f"{served.url}/accounts/{id_of(served, HELIOS)}")
    expect(page.locator("#timeline .months svg")).to_be_visible(timeout=PATIENT)
    assert faults_of(page) == []


@pytest.fixture(scope="module")
def troubled(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose contract system is away, and which has a rep without a region."""
    home = tmp_path_factory.mktemp("troubled") / "home"
    shutil.copytree(imported_home, home)
    with open_platform(Settings(home=home)) as platform:
        nowhere = User(id="nowhere", name="Nowhere rep", roles=frozenset({Role.REP}), regions=frozenset({"Moon"}))
        save_user(platform, platform.owner(), nowhere)
    with serving(home, SALESHUB_SANDBOX_FAULTS=json.dumps({"contracts": {"down": True}})) as found:
        yield found


def test_a_system_that_is_away_is_named_and_who_has_no_customers_is_told(browser: Browser, troubled: Server) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    try:
        page.goto(f"{troubled.url}/accounts/{id_of(troubled, HELIOS)}")
        expect(page.locator(".gaps")).to_contain_text("Contract management does not answer", timeout=PATIENT)
        expect(page.locator(".gaps")).to_contain_text("last good on")
        expect(page.locator("#contracts")).to_contain_text("Not shown")
        expect(page.locator("#open_deals .entry").first).to_be_visible()
        act_as(page, "Nowhere rep")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such customer")
        page.goto(f"{troubled.url}/accounts")
        expect(page.get_by_role("heading", level=1)).to_have_text("No customer is visible to you")
        page.goto(f"{troubled.url}/chat")
        expect(page.locator(".composer textarea")).to_be_focused()
        expect(page.locator(".example")).to_have_count(0)
    finally:
        page.close()
