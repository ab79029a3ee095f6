"""Which hosts this server answers to, and from which pages requests are taken."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from api.problems import Problem
from core.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Origins:
    """Refuses foreign hosts and pages.

    A page on another site must not be able to use a server on this machine through the visitor's browser (DNS
    rebinding, cross-site forms), so the host must be ours, an `Origin`, where sent, must match it, and what a browser
    says another site began is taken only if the visitor followed a link.
    """

    def __init__(self, settings: Settings) -> None:
        self._public = settings.public_url
        self._hosts = (
            _LOOPBACK | {settings.host} | ({_hostname(urlsplit(self._public).netloc)} if self._public else set())
        )
        self._any_host = not settings.is_local

    def refusal(self, method: str, headers: Mapping[str, str], *, has_session: bool) -> Problem | None:
        """Why the request is not taken; `method` of a websocket is `WEBSOCKET`."""
        host = headers.get("host", "")
        if not self._any_host and _hostname(host) not in self._hosts:
            return forbidden(f"this server does not answer to the host “{host}”", "Host", "Use http://127.0.0.1.")
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin != self._public and origin.partition("://")[2] != host:
            return forbidden(f"requests from “{origin}” are not accepted", "Origin", "Use the server’s own pages.")
        followed = method in _SAFE and headers.get("sec-fetch-mode") == "navigate"
        if site not in (None, "same-origin", "none") and not followed:
            return forbidden("requests from other sites are not accepted", "Sec-Fetch-Site", "Use our own pages.")
        if has_session and method not in _SAFE and origin is None and site is None:
            return forbidden(
                "a session changes things from our own pages only", "Origin", "Send `Origin`, or use an API key."
            )
        return None


def forbidden(detail: str, field: str, remedy: str) -> Problem:
    """A refusal."""
    return Problem(title="Not allowed", status=403, detail=detail, field=field, remedy=remedy)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
