"""Who may talk to the server at all, decided before any route runs."""

import base64
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem, problem_response
from core.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OPEN_PATHS = frozenset({"/healthz"})
# Whoever sends events has no key of ours: each request is signed, and verified by its route.
_SIGNED = "/v1/webhooks/"


class Guard:
    """Refuses foreign hosts and origins, and requests to the API without the key where one is set.

    A page on another site must not be able to use a server on this machine through the visitor's browser (DNS
    rebinding, cross-site forms), so the host must be ours and an `Origin`, where sent, must match it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._key = settings.api_key.get_secret_value() if settings.api_key else None
        self._hosts = _LOOPBACK | {settings.host}
        self._any_host = settings.host not in _LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with the problem."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        problem = self._refusal(scope["path"], Headers(scope=scope))
        if problem is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": problem.detail})
        else:
            response = problem_response(problem)
            if problem.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="saleshub", charset="UTF-8"'
            await response(scope, receive, send)

    def _refusal(self, path: str, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if not self._any_host and _hostname(host) not in self._hosts:
            return _forbidden(f"this server does not answer to the host “{host}”", "Host", "Use http://127.0.0.1.")
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            return _forbidden(f"requests from “{origin}” are not accepted", "Origin", "Use the server’s own pages.")
        is_open = path in _OPEN_PATHS or path.startswith(_SIGNED)
        if self._key is not None and not is_open and not self._has_key(headers):
            return Problem(
                title="Key required",
                status=401,
                detail="the request carries no valid key",
                field="Authorization",
                remedy="Send `Authorization: Bearer KEY` with the key in SALESHUB_API_KEY.",
            )
        return None

    def _has_key(self, headers: Headers) -> bool:
        """Programs send the key as a bearer token; a browser asks for it as a password under any name."""
        scheme, _, text = headers.get("authorization", "").partition(" ")
        # Header text is latin-1 on the wire; what was meant by it are its bytes.
        sent = text.strip().encode("latin-1")
        if scheme.lower() == "basic":
            with suppress(ValueError):
                sent = base64.b64decode(sent).partition(b":")[2]
        elif scheme.lower() != "bearer":
            return False
        return self._key is not None and secrets.compare_digest(sent, self._key.encode())


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _forbidden(detail: str, field: str, remedy: str) -> Problem:
    return Problem(title="Not allowed", status=403, detail=detail, field=field, remedy=remedy)
