"""Who looks at a page, and how they like to see it."""

from dataclasses import dataclass

from nicegui import app, ui
from starlette.requests import Request

from core.domain.people import User
from core.errors import ForbiddenError, HubError
from core.identity import Caller
from core.language import Lang, wished_language
from hub.access.entering import Entry, Way, is_still_in
from hub.directory import list_tenants
from hub.installation import Platform
from hub.people import list_users
from hub.rendering.labels import Labels, load_labels
from hub.rendering.refusals import RefusalText, say_refusal


@dataclass(frozen=True)
class Session:
    """One visitor on one page. `users` are the company's active people, as whom the visitor may act while it is open.

    `came_as` is the visitor's rights when the page was loaded.
    """

    platform: Platform
    came_as: Caller
    tenants: tuple[str, ...]
    lang: Lang
    users: tuple[User, ...] = ()
    entry: Entry | None = None

    @property
    def caller(self) -> Caller:
        """As whom the visitor acts now; ForbiddenError once the session that opened the page has ended."""
        if self.entry is not None and not is_still_in(self.platform, self.entry, seen=True):
            raise ForbiddenError("you are no longer signed in", field="session", remedy="Load the page again.")
        return self.came_as

    @property
    def is_open(self) -> bool:
        """Whether there is no sign-in yet."""
        return self.entry is None or self.entry.way is Way.OPEN

    def name_of(self, user_id: str) -> str:
        """A user's name; the id of one who is no longer active."""
        if user_id == "owner":
            return self.say("owner")
        return next((user.name for user in self.users if user.id == user_id), user_id)

    def told(self, error: HubError) -> RefusalText:
        """A refusal in the language of the page."""
        return say_refusal(error, self.lang)

    @property
    def say(self) -> Labels:
        """The console's own words."""
        return load_labels(self.lang, "console")

    @property
    def names(self) -> Labels:
        """The names of statuses, departments and so on."""
        return load_labels(self.lang)


def open_session(platform: Platform, request: Request) -> Session:
    """The session of the page that `request` asks for, as the guard let it in; the language as chosen or the browser's.

    While the installation is open, company and person are those chosen at the top of the page.
    """
    entry: Entry | None = getattr(request.state, "entry", None)
    lang = language_of(platform, request)
    if entry is not None and entry.way in {Way.SESSION, Way.KEY} and entry.caller is not None:
        users = _active(platform, entry.caller.tenant)
        return Session(platform, entry.caller, (entry.caller.tenant,), lang, users, entry)
    tenants = tuple(list_tenants(platform))
    chosen = app.storage.user.get("tenant")
    tenant = chosen if chosen in tenants else next(iter(tenants), None)
    owner = platform.owner(tenant)
    users = _active(platform, owner.tenant)
    acting = app.storage.user.get("user") if entry is None or entry.way is Way.OPEN else None
    actor = next((user for user in users if user.id == acting), None)
    return Session(platform, actor.caller(owner.tenant) if actor else owner, tenants, lang, users, entry)


def own_address(session: Session) -> str:
    """Where browsers find this server, without a slash at the end; to be called while a page is built."""
    request: Request = ui.context.client.request
    return (session.platform.settings.public_url or str(request.base_url)).rstrip("/")


def _active(platform: Platform, tenant: str) -> tuple[User, ...]:
    return tuple(user for user in list_users(platform, tenant) if user.active)


def language_of(platform: Platform, request: Request) -> Lang:
    """The language chosen in this browser, else the first of its wishes that we speak, else that of the settings."""
    chosen = app.storage.user.get("lang")
    if chosen in set(Lang):
        return Lang(chosen)
    return wished_language(request.headers.get("accept-language", "")) or platform.settings.lang
