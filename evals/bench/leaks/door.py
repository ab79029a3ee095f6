"""The doors of the hub: HTTP within this process, over a real socket, and the ports behind it."""

import asyncio
import http.client
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

import uvicorn
from starlette.types import ASGIApp, Message

# A planted word, or the id of an account or of a run.
_WORD = re.compile(rb"zq\d{6,}qz|\ba-(?:north|key|auto|sea|south|board|free)\b|\brun-\d+")
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, and every planted word and known id in its headers and body."""

    status: int
    words: frozenset[str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `form` is its content type where that is not JSON."""

    method: str
    path: str
    query: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    form: str = "application/json"

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def sent(self) -> frozenset[str]:
        """The planted words it holds itself, which an answer may repeat."""
        return words_in(self.target.encode() + self.body)

    def all_headers(self, host: str) -> dict[str, str]:
        """Its headers as a client sends them."""
        own = {"host": host, "content-type": self.form, "content-length": str(len(self.body))}
        return own | {name.lower(): value for name, value in (self.headers or {}).items()}


def words_in(text: bytes) -> frozenset[str]:
    """The planted words in a text, and the ids of accounts and runs."""
    return frozenset(found.decode() for found in _WORD.findall(text))


async def send_inside(app: ASGIApp, request: Request) -> Reply:
    """The answer of the application in this process, streams read to their end."""
    headers = [(name.encode(), value.encode()) for name, value in request.all_headers(_HOST).items()]
    path, _, query = request.target.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": (_HOST, 1), "server": (_HOST, 80), "state": {},
    }  # fmt: skip
    status, got = 0, False
    parts: list[bytes] = []
    over = asyncio.Event()

    async def receive() -> Message:
        nonlocal got
        if not got:
            got = True
            return {"type": "http.request", "body": request.body, "more_body": False}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            parts.extend(value for pair in message["headers"] for value in pair)
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                over.set()

    # Once the framework has answered for a failed route it raises what failed; the answer says so.
    with suppress(Exception):
        await app(scope, receive, send)
    over.set()
    text = b"\n".join(parts)
    return Reply(status, words_in(text), parts[-1] if parts else b"")


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """The port of a server of the application, for as long as the block runs."""
    server = uvicorn.Server(uvicorn.Config(app, host=_HOST, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


def send_outside(port: int, request: Request) -> Reply:
    """The answer over a real socket, streams read to their end."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=60)
    try:
        connection.request(request.method, request.target, request.body or None, request.all_headers(f"{_HOST}:{port}"))
        answer = connection.getresponse()
        body = answer.read()
        told = "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode("latin-1", "replace")
        return Reply(answer.status, words_in(told + b"\n" + body), body)
    finally:
        connection.close()
