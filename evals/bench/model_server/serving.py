"""The server: HTTP/1.1 with kept connections on a loop of its own, and what it was asked."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Reply: TypeAlias = Callable[["Exchange"], Awaitable[None]]

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


@dataclass
class ModelServer:
    """What was asked, and how the next calls are answered: the replies in order, the last one for good.

    `asked` are the bodies, `sent` the same as they came over the wire, `keys` the authorization headers,
    `connections` how many connections were made.
    """

    replies: list[Reply]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    connections: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def next_reply(self, exchange: "Exchange") -> Reply:
        """Note the call, and how to answer it."""
        self.asked.append(exchange.body)
        self.sent.append(exchange.raw)
        self.keys.add(exchange.headers.get("authorization", ""))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@dataclass
class Exchange:
    """One request, and the means to answer it."""

    server: ModelServer
    writer: asyncio.StreamWriter
    path: str
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]

    async def say(self, status: int, content: dict[str, Any] | bytes, **headers: str) -> None:
        """A whole answer, as JSON."""
        data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        self._head(status, {"content-type": "application/json", "content-length": str(len(data)), **headers})
        self.writer.write(data)
        await self.writer.drain()

    async def begin(self) -> None:
        """The head of a stream of events."""
        self._head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        await self.writer.drain()

    async def event(self, data: dict[str, Any] | str) -> None:
        """One event of the stream."""
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        await self.write(f"data: {text}\n\n")

    async def write(self, text: str) -> None:
        """Text as it is, in the stream."""
        block = text.encode()
        self.writer.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        await self.writer.drain()

    async def end(self) -> None:
        """The end of the stream."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def cut(self) -> None:
        """Break the connection."""
        self.writer.transport.abort()

    def _head(self, status: int, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())


async def _read(server: ModelServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    return Exchange(server, writer, head[0].split(" ")[1], headers, raw, json.loads(raw or b"{}"))


async def _converse(server: ModelServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    server.connections += 1
    with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        while not writer.is_closing():
            exchange = await _read(server, reader, writer)
            if exchange.path == "/v1/chat/completions":
                await server.next_reply(exchange)(exchange)
            else:
                await exchange.say(404, {"error": {"message": "no such path", "type": "invalid_request_error"}})
    writer.close()


async def serve(server: ModelServer, ready: Callable[[], None], port: int = 0) -> None:
    """Serve on `port` of loopback, or a free one, until `server.closing`; call `ready` once `server.url` stands."""
    conversations: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(_converse(server, reader, writer))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    listening = await asyncio.start_server(begin, "127.0.0.1", port)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
    ready()
    await server.closing.wait()
    listening.close()
    for task in list(conversations):
        task.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)


@contextmanager
def open_model_server(*replies: Reply) -> Iterator[ModelServer]:
    """Serve on a free port of loopback, in a thread of its own, while the block runs."""
    server = ModelServer(list(replies))
    ready = threading.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(server, ready.set))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(server.closing.set)
        thread.join()
