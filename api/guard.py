"""Who may talk to the server at all, decided before any route or page runs."""

import time

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import with_headers
from api.methods import methods_of
from api.origins import Origins, forbidden
from api.problems import Problem, problem_response
from api.scopes import SESSION_ONLY, is_free, scopes_for
from core.domain.access import EVERY_SCOPE
from hub.access.browser import SESSION_COOKIE, is_secure, sign_in_path
from hub.access.entering import Entry, Way, enter, is_still_in
from hub.access.rates import Rate
from hub.installation import Platform

_SIGNING_IN = ("/session", "/v1/session")
_CHATTING = ("/v1/chat", "/v1/chat/completions")
_MACHINES = ("/v1/", "/metrics", "/readyz", "/openapi.json", "/_nicegui")
# How often what is sent to somebody who only listens is checked.
_LISTENING_S = 1.0


class Guard:
    """Lets nobody in whom the installation does not know, and tells everything behind it who came.

    Routes and pages find `caller` (`core.identity.Caller`, None for an owner who has not said which company),
    `scopes` and `entry` in `request.state`. What stays open for long, a websocket or a stream, ends with the session or
    key that opened it: each message of a visitor is taken only while they still are in.
    """

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform
        self._origins = Origins(platform.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "http":
            secure = is_secure(self._platform.settings, scope["scheme"])
            send = with_headers(send, is_secure=secure, cacheable=scope["path"].startswith("/_nicegui"))
        method = scope.get("method", "WEBSOCKET")
        cookie = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE)
        by_cookie = cookie is not None and "authorization" not in headers
        problem = self._origins.refusal(method, headers, has_session=by_cookie)
        entry: Entry | None = None
        if problem is None:
            entry, problem = await run_in_threadpool(self._admit, scope, headers, method, cookie)
        if problem is not None:
            await _refuse(problem, scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["caller"] = entry.caller if entry else None
        state["scopes"] = entry.scopes if entry else frozenset()
        state["entry"] = entry
        if entry is not None:
            receive, send = _Watch(self._platform, entry, receive, send).both()
        await self._app(scope, receive, send)

    def _admit(
        self, scope: Scope, headers: Headers, method: str, cookie: str | None
    ) -> tuple[Entry | None, Problem | None]:
        path, address = scope["path"], (scope.get("client") or ("", 0))[0]
        if path.startswith(_SIGNING_IN) and method == "POST":
            problem = self._too_many(Rate.SIGN_IN, address)
            if problem is not None:
                return None, problem
        entry = enter(
            self._platform,
            authorization=headers.get("authorization"),
            cookie=cookie,
            tenant=headers.get("saleshub-tenant"),
        )
        if is_free(method, path):
            return entry, None
        if entry is None:
            return None, self._too_many(Rate.API, address) or _UNKNOWN
        if entry.way is Way.OPEN:
            return entry, None
        problem = _out_of_scope(entry, method, path)
        if problem is not None and _is_refused_anyway(scope, method):
            problem = None
        problem = problem or self._too_many(Rate.API, entry.subject)
        if problem is None and path in _CHATTING:
            problem = self._too_many(Rate.CHAT, entry.subject)
        return entry, problem

    def _too_many(self, rate: Rate, subject: str) -> Problem | None:
        wait = self._platform.rates.wait(rate, subject)
        if wait is None:
            return None
        return Problem(
            title="Too many requests",
            status=429,
            detail=f"more requests than the limit of {rate} allows",
            field="Retry-After",
            remedy=f"Wait {wait} seconds.",
            retry_after=wait,
        )


class _Watch:
    """A connection that ends when whoever opened it is no longer in."""

    def __init__(self, platform: Platform, entry: Entry, receive: Receive, send: Send) -> None:
        self._platform, self._entry = platform, entry
        self._receive, self._send = receive, send
        self._checked = time.monotonic()
        self._over = False

    def both(self) -> tuple[Receive, Send]:
        """What takes the place of the connection's own."""
        return self.receive, self.send

    async def receive(self) -> Message:
        """The next message, or the end in its place."""
        message = await self._receive()
        # A heartbeat is one character, and says that the page is open, not that somebody is there.
        seen = len(message.get("text") or message.get("bytes") or "") > 1
        if message["type"] == "websocket.receive" and not await self._is_in(seen=seen):
            await self._send({"type": "websocket.close", "code": 1008, "reason": "signed out"})
            return {"type": "websocket.disconnect", "code": 1008}
        return message

    async def send(self, message: Message) -> None:
        """Send it, unless that is over; a stream then ends where it is."""
        if self._over:
            return
        is_more = message["type"] in {"websocket.send", "http.response.body"}
        if is_more and time.monotonic() - self._checked > _LISTENING_S and not await self._is_in():
            if message["type"] == "websocket.send":
                await self._send({"type": "websocket.close", "code": 1008, "reason": "signed out"})
            else:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await self._send(message)

    async def _is_in(self, *, seen: bool = False) -> bool:
        if not self._over:
            self._over = not await run_in_threadpool(is_still_in, self._platform, self._entry, seen=seen)
            self._checked = time.monotonic()
        return not self._over


_UNKNOWN = Problem(
    title="Not signed in",
    status=401,
    detail="the request carries no valid key and no valid session",
    field="Authorization",
    remedy="Send `Authorization: Bearer KEY`, or sign in.",
)


def _is_refused_anyway(scope: Scope, method: str) -> bool:
    """Whether the address is one of the API's and does not take the method: the answer then says which it takes."""
    app = scope.get("app")
    taken = methods_of(app, scope) if app is not None and method not in {"WEBSOCKET", "HEAD"} else []
    return bool(taken) and method not in taken


def _out_of_scope(entry: Entry, method: str, path: str) -> Problem | None:
    """Why a key is not for this request; people and the owner may send everything their rights allow."""
    if (method, path) in SESSION_ONLY and entry.way is not Way.SESSION:
        return forbidden("there is no session to end", "Authorization", "Revoke a key with `saleshub key revoke`.")
    if entry.scopes >= EVERY_SCOPE and entry.way is not Way.KEY:
        return None
    needed = scopes_for(method, path)
    if needed is None:
        return forbidden("no API key is for this", "Authorization", "Sign in and use the pages.")
    if needed <= entry.scopes:
        return None
    names = ", ".join(sorted(needed))
    return forbidden(f"this key is not for {names}", "Authorization", f"Use a key with the scope {names}.")


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": problem.detail})
        return
    response: Response = problem_response(problem, Headers(scope=scope))
    is_page = scope["method"] == "GET" and not scope["path"].startswith(_MACHINES)
    if problem.status == 401 and is_page:
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        response = RedirectResponse(sign_in_path(wanted), status_code=303)
    elif problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="saleshub"'
    await response(scope, receive, send)
