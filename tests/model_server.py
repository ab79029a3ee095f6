"""A server on loopback that speaks the OpenAI chat completions protocol, as well or badly as a test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.scripted_model import answer, reworded

Reply = Callable[["Handler", dict[str, Any]], None]


def good(handler: "Handler", body: dict[str, Any]) -> None:
    """Faithful wordings, at a cost of 50 and 20 tokens."""
    lines = [json.loads(line) for line in body["messages"][-1]["content"].splitlines()]
    handler.say(200, completion(answer({line["id"]: reworded(line["text"]) for line in lines})))


def fails(status: int, **headers: str) -> Reply:
    """An error in the protocol's form."""

    def reply(handler: "Handler", _body: dict[str, Any]) -> None:
        handler.say(status, {"error": {"message": "no", "type": "error", "code": None}}, **headers)

    return reply


def rubbish(handler: "Handler", _body: dict[str, Any]) -> None:
    """A good status with a body that is no JSON."""
    handler.send(200, b'{"id": "x", "choices": [{"mess')


def stalls(handler: "Handler", _body: dict[str, Any]) -> None:
    """No answer until the server closes."""
    handler.stub.closing.wait()


def completion(text: str) -> dict[str, Any]:
    """A chat completion that says `text`."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "stub",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70},
    }


@dataclass
class ModelServer:
    """What was asked, and how the next calls are answered: the replies in order, the last one for good."""

    replies: list[Reply]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_reply(self, body: dict[str, Any], key: str) -> Reply:
        """Note the call, and how to answer it."""
        with self.lock:
            self.asked.append(body)
            self.keys.add(key)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Handler(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"
    stub: ModelServer

    def do_POST(self) -> None:
        """Answer a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert self.path == "/v1/chat/completions"
        self.stub.next_reply(body, self.headers["authorization"])(self, body)

    def say(self, status: int, content: dict[str, Any], **headers: str) -> None:
        """Send JSON."""
        self.send(status, json.dumps(content).encode(), **headers)

    def send(self, status: int, content: bytes, **headers: str) -> None:
        """Send bytes as if they were JSON."""
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing on stderr."""


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@contextmanager
def open_model_server(*replies: Reply) -> Iterator[ModelServer]:
    """Serve on a free port of loopback while the block runs."""
    stub = ModelServer(list(replies))
    with _Threads(("127.0.0.1", 0), type("_Handler", (Handler,), {"stub": stub})) as server:
        stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield stub
        finally:
            stub.closing.set()
            server.shutdown()
            thread.join()
