"""JSON-RPC calls to one Tryton database, in a session that is renewed when it ends."""

import base64
import ssl
from typing import Any

import httpx

from connectors.tryton.address import TrytonAddress
from connectors.tryton.wire import decode, encode
from core.domain.base import System
from core.errors import SourceError

_REASONS = {401: "forbidden", 403: "forbidden", 408: "timeout", 429: "throttled", 504: "timeout"}


class TrytonRefusalError(Exception):
    """Tryton refused a call for what it contains; nothing was written."""


class TrytonClient:
    """One database of a Tryton server; may be used from several event loops.

    `timeout_s` is the time allowed for each call. Connections are not kept: trytond closes them anyway.
    """

    def __init__(self, address: TrytonAddress, database: str, *, timeout_s: float = 20.0) -> None:
        self._address = address
        self._url = address.url_of(database)
        self._timeout = timeout_s
        self._tls = ssl.create_default_context()
        self._session: str | None = None
        self._context: dict[str, Any] = {}

    async def call(self, system: System, method: str, *arguments: Any, **context: Any) -> Any:
        """What `method` (such as `model.party.party.search_read`) returns; the session's context is added.

        SourceError when Tryton does not answer usefully, TrytonRefusalError when it refuses the values.
        """
        session = self._session or await self._log_in(system)
        try:
            return await self._send(system, session, method, [*arguments, {**self._context, **context}])
        except SourceError as error:
            if error.detail != "401":
                raise
        # Sessions end by themselves; a second refusal is about the right.
        session = await self._log_in(system)
        return await self._send(system, session, method, [*arguments, {**self._context, **context}])

    def forget_session(self) -> None:
        """Log in again before the next call, for what changed about the user."""
        self._session = None

    async def _log_in(self, system: System) -> str:
        address = self._address
        reply = await self._send(system, None, "common.db.login", [address.user, {"password": address.password}, "en"])
        if not isinstance(reply, list) or len(reply) < 2:
            raise SourceError(system, "malformed", "login")
        told = f"{address.user}:{reply[0]}:{reply[1]}"
        session = base64.b64encode(told.encode()).decode()
        preferences = await self._send(system, session, "model.res.user.get_preferences", [True, {}])
        # Without a company Tryton refuses most writes; "active_test" off shows people who left, too.
        self._context = {"company": preferences.get("company"), "language": "en", "active_test": False}
        self._session = session
        return session

    async def _send(self, system: System, session: str | None, method: str, params: list[Any]) -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Session {session}"} if session else {})
        body = encode({"id": 1, "method": method, "params": params})
        try:
            async with httpx.AsyncClient(timeout=self._timeout, verify=self._tls, trust_env=False) as http:
                reply = await http.post(self._url, content=body, headers=headers)
        except httpx.TimeoutException as error:
            raise SourceError(system, "timeout", type(error).__name__) from error
        except httpx.HTTPError as error:
            raise SourceError(system, "down", type(error).__name__) from error
        return _result(system, reply)


def _result(system: System, reply: httpx.Response) -> Any:
    if reply.status_code != httpx.codes.OK:
        reason = _REASONS.get(reply.status_code, "down")
        raise SourceError(system, reason, str(reply.status_code), retry_after=_seconds(reply.headers))
    try:
        told = decode(reply.content)
    except ValueError as error:
        raise SourceError(system, "malformed", "not JSON") from error
    if not isinstance(told, dict) or not ({"result", "error"} & told.keys()):
        raise SourceError(system, "malformed", "neither result nor error")
    if "error" not in told:
        return told["result"]
    fault = told["error"]
    kind = fault[0] if isinstance(fault, list) and fault else ""
    if kind in ("UserError", "UserWarning"):
        told = fault[1] if len(fault) > 1 else ""
        raise TrytonRefusalError(str(told[0] if isinstance(told, list) and told else told))
    raise SourceError(system, "down", str(kind)[:200])


def _seconds(headers: httpx.Headers) -> float | None:
    """How long to wait, where the server says it in seconds."""
    told = headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else None
