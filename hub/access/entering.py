"""Who comes in with a request: by a key, by a session, or freely while the installation has no accounts."""

import base64
import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from core.domain.access import EVERY_SCOPE, Scope
from core.errors import HubError
from core.identity import Caller
from hub.access.keys import find_key
from hub.access.sessions import find_session
from hub.installation import Platform


class Way(StrEnum):
    """How somebody came in."""

    OPEN = "open"
    OWNER_KEY = "owner_key"
    KEY = "key"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who came in, how, and what for. `caller` is None for an owner who has not said which company is meant.

    `credential` is what they came in with; it stays in this process.
    """

    caller: Caller | None
    scopes: frozenset[Scope]
    way: Way
    credential: str = ""

    @property
    def subject(self) -> str:
        """Under which name their requests are counted."""
        return f"{self.caller.tenant}/{self.caller.user}" if self.caller else self.way.value


def asks_to_sign_in(platform: Platform) -> bool:
    """Whether there is anything to sign in with: a password or a key ever given out, the owner's key, a provider."""
    if platform.settings.has_doors:
        return True
    with platform.store.read() as unit:
        return unit.credentials.any_exist()


def is_open(platform: Platform) -> bool:
    """Whether everybody at this machine may act as its owner: until there is something to sign in with."""
    return platform.settings.is_local and not asks_to_sign_in(platform)


def enter(platform: Platform, *, authorization: str | None, cookie: str | None, tenant: str | None) -> Entry | None:
    """Who sends the header or holds the cookie; None when neither opens anything.

    `tenant` is the company that an owner means. A header that is sent counts alone.
    """
    if is_open(platform):
        return Entry(_owner(platform, tenant), EVERY_SCOPE, Way.OPEN)
    if authorization is not None:
        return _by_key(platform, _sent_key(authorization), tenant)
    found = find_session(platform, cookie) if cookie else None
    if found is None or cookie is None:
        return None
    return Entry(found[1], EVERY_SCOPE, Way.SESSION, cookie)


def is_still_in(platform: Platform, entry: Entry, *, seen: bool) -> bool:
    """Whether somebody who came in once would still be let in the same way, with the same rights.

    `seen` when they are at it themselves.
    """
    match entry.way:
        case Way.OPEN:
            return is_open(platform)
        case Way.SESSION:
            session = find_session(platform, entry.credential, seen=seen)
            return session is not None and session[1] == entry.caller
        case Way.KEY:
            key = find_key(platform, entry.credential)
            return key is not None and key[1] == entry.caller
        case Way.OWNER_KEY:
            return True


def _by_key(platform: Platform, sent: str, tenant: str | None) -> Entry | None:
    owners = platform.settings.api_key
    if owners is not None and secrets.compare_digest(sent.encode(), owners.get_secret_value().encode()):
        return Entry(_owner(platform, tenant), EVERY_SCOPE, Way.OWNER_KEY)
    found = find_key(platform, sent)
    return None if found is None else Entry(found[1], found[0].scopes, Way.KEY, sent)


def _owner(platform: Platform, tenant: str | None) -> Caller | None:
    # Routes that need a company say what is wrong with the one named.
    with suppress(HubError):
        return platform.owner(tenant)
    return None


def _sent_key(authorization: str) -> str:
    """The key of a bearer token, or the password of what a browser or `curl --user` sends."""
    scheme, _, text = authorization.partition(" ")
    # Header text is latin-1 on the wire; what was meant by it are its bytes.
    sent = text.strip().encode("latin-1", "replace")
    if scheme.lower() == "basic":
        try:
            sent = base64.b64decode(sent).partition(b":")[2]
        except ValueError:
            return ""
    elif scheme.lower() != "bearer":
        return ""
    return sent.decode("utf-8", "replace")
