"""Who looks at a page, and how they like to see it."""

from dataclasses import dataclass

from nicegui import app

from core.identity import Caller
from core.language import Lang
from hub.directory import list_tenants
from hub.platform import Platform
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


def open_session(platform: Platform) -> Session:
    """The session of the page being built: language and company as last chosen."""
    tenants = tuple(list_tenants(platform))
    chosen = app.storage.user.get("tenant")
    tenant = chosen if chosen in tenants else next(iter(tenants), None)
    return Session(platform, platform.owner(tenant), tenants, _language(platform))


def _language(platform: Platform) -> Lang:
    chosen = app.storage.user.get("lang")
    return Lang(chosen) if chosen in set(Lang) else platform.settings.lang
