"""Who looks at a page, and how they like to see it."""

from dataclasses import dataclass

from nicegui import app
from starlette.requests import Request

from core.domain.people import User
from core.identity import Caller
from core.language import Lang
from hub.directory import list_tenants
from hub.installation import Platform
from hub.people import list_users
from hub.rendering.labels import Labels, load_labels


@dataclass(frozen=True)
class Session:
    """One visitor on one page. `users` are the people as whom the visitor may act while there is no sign-in."""

    platform: Platform
    caller: Caller
    tenants: tuple[str, ...]
    lang: Lang
    users: tuple[User, ...] = ()

    @property
    def say(self) -> Labels:
        """The console's own words."""
        return load_labels(self.lang, "console")

    @property
    def names(self) -> Labels:
        """The names of statuses, departments and so on."""
        return load_labels(self.lang)


def open_session(platform: Platform, request: Request) -> Session:
    """The session of the page that `request` asks for: company, person and language as chosen, or the browser's."""
    tenants = tuple(list_tenants(platform))
    chosen = app.storage.user.get("tenant")
    tenant = chosen if chosen in tenants else next(iter(tenants), None)
    owner = platform.owner(tenant)
    users = tuple(user for user in list_users(platform, owner.tenant) if user.active)
    actor = next((user for user in users if user.id == app.storage.user.get("user")), None)
    caller = actor.caller(owner.tenant) if actor else owner
    return Session(platform, caller, tenants, _language(platform, request), users)


def _language(platform: Platform, request: Request) -> Lang:
    wishes = request.headers.get("accept-language", "").lower().split(",")
    # Browsers list languages with the most wanted first; `zh-CN;q=0.9` is Chinese.
    tags = [app.storage.user.get("lang"), *(wish.strip()[:2] for wish in wishes)]
    return next((Lang(tag) for tag in tags if tag in set(Lang)), platform.settings.lang)
