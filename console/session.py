"""Who looks at a page, and how they like to see it."""

from dataclasses import dataclass

from nicegui import app
from starlette.requests import Request

from core.identity import Caller
from core.language import Lang
from hub.directory import list_tenants
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels


@dataclass(frozen=True)
class Session:
    """One visitor on one page."""

    platform: Platform
    caller: Caller
    tenants: tuple[str, ...]
    lang: Lang

    @property
    def say(self) -> Labels:
        """The console's own words."""
        return load_labels(self.lang, "console")

    @property
    def names(self) -> Labels:
        """The names of statuses, departments and so on."""
        return load_labels(self.lang)


def open_session(platform: Platform, request: Request) -> Session:
    """The session of the page that `request` asks for: company and language as chosen, or the browser's."""
    tenants = tuple(list_tenants(platform))
    chosen = app.storage.user.get("tenant")
    tenant = chosen if chosen in tenants else next(iter(tenants), None)
    return Session(platform, platform.owner(tenant), tenants, _language(platform, request))


def _language(platform: Platform, request: Request) -> Lang:
    wishes = request.headers.get("accept-language", "").lower().split(",")
    # Browsers list languages with the most wanted first; `zh-CN;q=0.9` is Chinese.
    tags = [app.storage.user.get("lang"), *(wish.strip()[:2] for wish in wishes)]
    return next((Lang(tag) for tag in tags if tag in set(Lang)), platform.settings.lang)
