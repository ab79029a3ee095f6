"""Windows of a browser, and what happened behind them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

SCREENSHOTS = Path(__file__).resolve().parents[3] / "artifacts" / "screenshots"


@dataclass
class Visit:
    """A page, and what happened behind it: where requests went, and what the browser complained of."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def screenshot(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


Opener = Callable[..., Visit]


class Profiles:
    """Browser profiles by name and language, kept for all tests: the scripts of all pages are read once each."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._kept: dict[tuple[str, str], BrowserContext] = {}

    def of(self, name: str, locale: str) -> BrowserContext:
        """The profile, which knows whatever it was told before."""
        key = (name, locale)
        if key not in self._kept:
            self._kept[key] = self._browser.new_context(locale=locale)
        return self._kept[key]

    def forget(self, name: str) -> None:
        """Let the profiles of a name begin anew."""
        for (kept, _locale), context in self._kept.items():
            if kept == name:
                context.clear_cookies()

    def close(self) -> None:
        """Close all."""
        for context in self._kept.values():
            context.close()


@contextmanager
def opening(profiles: Profiles) -> Iterator[Opener]:
    """What opens an address in a new window of a profile, and watches it; all windows close at the end."""
    opened: list[Page] = []

    def open_address(
        address: str,
        *,
        profile: str = "",
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        locale: str = "en-GB",
    ) -> Visit:
        page = profiles.of(profile, locale).new_page()
        opened.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = Visit(page)
        page.on("request", lambda request: found.hosts.add(urlsplit(request.url).hostname or "inline"))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        page.goto(address)
        return found

    yield open_address
    for page in opened:
        page.close()
