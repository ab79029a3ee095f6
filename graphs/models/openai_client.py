"""Any endpoint that speaks the OpenAI chat completions protocol, through the `openai` client."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AsyncStream,
    Timeout,
)

from graphs.models.messages import Delta, Request
from graphs.models.quirks import Quirks
from graphs.models.stops import ModelStoppedError, Stop
from graphs.models.transport import Address
from graphs.models.wire import read_chunk, wire_body

_TRIES_AGAIN = 2
_CONNECT_S = 5.0
_BUSY = frozenset({429, 503, 529})
_REFUSED = frozenset({401, 403, 404})


class OpenAITransport:
    """One model at one address. Connections are kept alive for as long as the event loop lives."""

    def __init__(self, address: Address, model: str, stall_s: float) -> None:
        self.stall_s = stall_s
        self._address = address
        self._model = model
        self._quirks = Quirks()
        self._clients: dict[asyncio.AbstractEventLoop, tuple[AsyncOpenAI, AsyncGenerator[AsyncOpenAI, None]]] = {}

    async def open(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Send the request; a field that the endpoint does not know is left out the next time."""
        body = wire_body(self._model, request)
        while True:
            sent = self._quirks.fit(body)
            try:
                stream = await self._post(sent)
            except APIStatusError as error:
                if self._quirks.learn(error.status_code, _text_of(error), sent):
                    continue
                raise ModelStoppedError(_stop_of(error)) from error
            except APITimeoutError as error:
                raise ModelStoppedError(Stop.TIMEOUT) from error
            except APIError as error:
                raise ModelStoppedError(Stop.FAILED) from error
            return _deltas(stream)

    async def _post(self, body: dict[str, Any]) -> AsyncStream[object]:
        client = await self._client()
        # The client's own `chat.completions.create` puts the messages first and reads each chunk into a model: a
        # prompt's stable part would not lead, and the first word would be later.
        return await client.post(
            "/chat/completions", body=body, cast_to=object, stream=True, stream_cls=AsyncStream[object]
        )

    async def _client(self) -> AsyncOpenAI:
        loop = asyncio.get_running_loop()
        known = self._clients.get(loop)
        if known is None:
            keeper = self._kept(loop)
            known = self._clients[loop] = (await anext(keeper), keeper)
        return known[0]

    async def _kept(self, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[AsyncOpenAI, None]:
        """The client of a loop. A loop that ends closes its generators, and so this one's connections."""
        client = AsyncOpenAI(
            # A server without keys is sent a word in its place.
            api_key=self._address.key or "none",
            base_url=self._address.base_url,
            timeout=Timeout(self.stall_s, connect=min(_CONNECT_S, self.stall_s)),
            max_retries=_TRIES_AGAIN,
        )
        try:
            yield client
        finally:
            self._clients.pop(loop, None)
            await client.close()


async def _deltas(stream: AsyncStream[object]) -> AsyncGenerator[Delta, None]:
    try:
        if "event-stream" not in stream.response.headers.get("content-type", "event-stream"):
            # It took no notice of `stream` and answers in one piece.
            await stream.response.aread()
            yield read_chunk(stream.response.json())
            return
        async for chunk in stream:
            yield read_chunk(chunk)
    except APITimeoutError as error:
        raise ModelStoppedError(Stop.STALLED) from error
    except APIConnectionError as error:
        raise ModelStoppedError(Stop.TRUNCATED) from error
    except (APIError, ValueError, TypeError, AttributeError, LookupError) as error:
        # An error in the middle of a stream, or what is no chunk at all.
        raise ModelStoppedError(Stop.FAILED) from error
    finally:
        await stream.close()


def _text_of(error: APIStatusError) -> str:
    return f"{error.body} {error.message}"


def _stop_of(error: APIStatusError) -> Stop:
    if error.status_code in _BUSY:
        return Stop.BUSY
    if error.status_code in _REFUSED:
        return Stop.REFUSED
    if error.status_code == 413 or error.code == "context_length_exceeded":
        return Stop.TOO_LONG
    return Stop.FAILED
