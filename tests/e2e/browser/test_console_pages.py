"""Every page, wide and narrow, light and dark, in both languages: it fits, can be read by everybody, and stays here."""

import pytest
from playwright.sync_api import expect

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
