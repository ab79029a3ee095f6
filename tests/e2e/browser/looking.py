"""Looking at a page as people with and without good eyes do: does it fit, is it readable, does the browser complain."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.browser.windows import Visit

_AXE = Axe()
_GRAVE = {"serious", "critical"}


def faults_of(page: Page) -> list[str]:
    """What keeps people from using the page, one line each: contrast, names of controls, landmarks and the like."""
    found = _AXE.run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:200]}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]


def require_sound(visit: Visit, name: str) -> None:
    """Keep a picture, then hold the page to it: nothing beside the screen, no grave fault, no error, no other host."""
    page = visit.page
    visit.screenshot(name)
    beside = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    faults = faults_of(page)
    assert beside <= 0, f"{name}: {beside} pixels too wide"
    assert not faults, f"{name}: " + "\n".join(faults)
    assert not visit.complaints, f"{name}: {visit.complaints}"
    assert visit.hosts <= {"127.0.0.1", "inline"}, f"{name}: {visit.hosts}"
