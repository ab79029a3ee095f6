"""Every page, wide and narrow, light and dark, in both languages: it fits, can be read by everybody, and stays here."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.browser.conftest import HOSTILE_RUN, Opener
from tests.e2e.browser.looking import require_sound

pytestmark = pytest.mark.browser

PAGES = {
    "visits": "/",
    "package": f"/visits/{HOSTILE_RUN}",
    "reviews": "/reviews",
    "review": f"/reviews/{HOSTILE_RUN}-legal",
    "effects": "/effects",
    "inbox": "/inbox",
    "meetings": "/meetings",
    "boards": "/boards",
    "people": "/admin/people",
    "new-person": "/admin/new-person",
    "person": "/admin/people/legal",
    "regions": "/admin/regions",
    "keys": "/admin/keys",
    "models": "/admin/models",
    "systems": "/admin/systems",
    "work": "/admin/work",
    "unknown": "/effects/none",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(visit: Opener, name: str) -> None:
    wide = visit(PAGES[name])
    expect(wide.page.locator("main.sheet h1").first).to_be_visible()
    if name == "systems":
        expect(wide.page.locator(".system")).to_have_count(6)
    require_sound(wide, f"{name}-en-light")
    narrow = visit(PAGES[name], width=390, scheme="dark", locale="zh-CN")
    expect(narrow.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(narrow.page.locator("main.sheet h1").first).to_be_visible()
    require_sound(narrow, f"{name}-zh-phone-dark")


def test_an_inbox_with_nothing_of_ones_own_says_where_the_rest_is(visit: Opener) -> None:
    expect(visit("/inbox").page.get_by_text("What waits for others is under “Everybody’s”")).to_be_visible()


def test_a_transcript_dropped_on_the_page_becomes_minutes_in_both_languages(visit: Opener) -> None:
    said = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Speaker 1>We decided on the CP-80. 我们决定用这个型号。\n"
    page = visit("/accounts").page
    page.locator(".customers .customer").first.click()
    page.get_by_role("link", name="Add a recording").click()
    file: FilePayload = {"name": "2026-02-20_talk.vtt", "mimeType": "text/vtt", "buffer": said.encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".minutes")).to_contain_text("We decided on the CP-80.", timeout=60_000)

    page.get_by_label("Speaker 1").fill("Ada Holm")
    page.get_by_role("button", name="Keep these names").click()
    expect(page.locator(".minutes")).to_contain_text("Ada Holm")
    page.locator(".minutes a.clock").first.click()
    expect(page.locator("#turn-0")).to_be_visible()
    narrow = visit(urlsplit(page.url).path, width=390, scheme="dark", locale="zh-CN")
    expect(narrow.page.locator(".minutes")).to_contain_text("已决定")
    require_sound(narrow, "meeting-zh-phone-dark")
