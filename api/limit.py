"""How much one request may send."""

import re
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response

_MOST = 1024 * 1024
_MOST_IMPORTED = 512 * 1024 * 1024
# Where files come in; the last is how the console's pages send theirs.
_FILES = re.compile(r"/v1/imports|/v1/meetings|/_nicegui/client/[^/]+/upload/\d+")


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """Refuses bodies over 1 MiB (files: 512 MiB), by what they announce and by what they send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _MOST_IMPORTED if _FILES.fullmatch(scope["path"]) else _MOST
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        got, begun = 0, False

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > most:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal begun
            # What a framework answers to the body's end in its own words gives way to the refusal.
            if got <= most:
                begun = True
                await send(message)

        refusal = problem_response(
            Problem(
                title="Too large",
                status=413,
                detail=f"the body is larger than {most} bytes",
                field="body",
                remedy="Send less at once; large exports go in with `saleshub import`.",
            ),
            headers,
        )
        if announced.isdecimal() and int(announced) > most:
            await refusal(scope, receive, send)
            return
        with suppress(_TooLargeError):
            await self._app(scope, counted, watched)
        if got > most and not begun:
            await refusal(scope, receive, send)
