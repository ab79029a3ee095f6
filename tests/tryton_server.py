"""A Tryton for tests: one server a worker with a database per tenant, emptied between tests; and servers that fail."""

import asyncio
import socket
import tempfile
import threading
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import httpx

from connectors.tryton.address import read_address
from connectors.tryton.client import TrytonClient
from connectors.tryton.local.load import load_records
from connectors.tryton.local.postgres import LocalPostgres, local_postgres
from connectors.tryton.local.server import running_server
from connectors.tryton.local.template import prepared_template
from connectors.tryton.source import TrytonSource
from core.domain.base import Record
from tests.samples import NOW

T = TypeVar("T")
TENANTS = ("t", "other")
_EMPTY = """
DELETE FROM saleshub_effect; DELETE FROM saleshub_activity; DELETE FROM saleshub_request; DELETE FROM saleshub_stock;
DELETE FROM stock_move; DELETE FROM sale_line; DELETE FROM sale_sale; DELETE FROM sale_opportunity;
DELETE FROM sale_subscription; DELETE FROM product_price_list; DELETE FROM product_product;
DELETE FROM product_template; DELETE FROM company_employee;
DELETE FROM party_party WHERE id NOT IN (SELECT party FROM company_company)
"""


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A clock that stands still at `NOW`."""

    def now(self) -> datetime:
        """`NOW`."""
        return NOW


@dataclass(frozen=True, slots=True)
class TrialTryton:
    """A running server with an empty database for each of `TENANTS`."""

    postgres: LocalPostgres
    prefix: str
    source: TrytonSource
    loaded: dict[str, list[Record]] = field(default_factory=dict)

    def client(self, tenant: str) -> TrytonClient:
        """The client of the tenant's database."""
        client = self.source.client(tenant)
        assert client is not None
        return client

    def load(self, records: Mapping[str, Sequence[Record]], *, afresh: bool = False) -> None:
        """Let every tenant's database hold its records; one that held them last is left alone unless `afresh`."""
        for tenant in TENANTS:
            held = list(records.get(tenant, ()))
            if not afresh and self.loaded.get(tenant) == held:
                continue
            self.loaded.pop(tenant, None)
            self.postgres.run_in(f"{self.prefix}_{tenant}", _EMPTY)
            if held:
                in_thread(load_records(self.client(tenant), held))
            if not afresh:
                self.loaded[tenant] = held

    def rows(self, tenant: str, query: str) -> list[tuple[object, ...]]:
        """Rows of a query, straight from the tenant's database."""
        return self.postgres.rows_in(f"{self.prefix}_{tenant}", query)


def in_thread(work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns, from a place that may be inside an event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def trial_tryton(run: str, worker: str) -> Iterator[TrialTryton]:
    """The server of one worker of one test run."""
    # Kept between runs: making the template takes a minute.
    folder = Path(tempfile.gettempdir()) / "saleshub-tryton"
    folder.mkdir(exist_ok=True)
    prefix = f"test_{run[:8]}_{worker}"
    names = [f"{prefix}_{tenant}" for tenant in TENANTS]
    with ExitStack() as stack:
        postgres = stack.enter_context(local_postgres(folder / "postgres"))
        template = prepared_template(folder, postgres)
        for name in names:
            postgres.create(name, template)
            stack.callback(postgres.drop, name)
        server = stack.enter_context(running_server(folder, postgres, names))
        address = read_address(server.url(f"{prefix}_{{tenant}}"))
        yield TrialTryton(postgres, prefix, TrytonSource(address, StoppedClock()))


@contextmanager
def failing_url(reason: str) -> Iterator[str]:
    """Address of a server that is `down`, `malformed` or `forbidden`, or that never answers: `timeout`."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if reason == "timeout":
            taken.listen()
        if reason in ("timeout", "down"):
            yield _url(taken.getsockname()[1])
            return
    with answering(403 if reason == "forbidden" else 200) as url:
        yield url


@contextmanager
def losing_replies(base: str, call: bytes) -> Iterator[str]:
    """Address of a server that passes everything on to `base`, and loses replies to what contains `call`."""

    class PassOn(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            passed = {name: self.headers[name] for name in ("Content-Type", "Authorization") if self.headers[name]}
            reply = httpx.post(base + self.path, content=body, headers=passed, timeout=60, trust_env=False)
            if call not in body:
                self.send_response(reply.status_code)
                self.send_header("Content-Length", str(len(reply.content)))
                self.end_headers()
                self.wfile.write(reply.content)

        def log_message(self, *_: object) -> None:
            pass

    with _serving(PassOn) as url:
        yield url


@contextmanager
def answering(status: int, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Address of a server that answers everything with `status` and a page of HTML."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            page = b"<html><title>Bad Gateway</title></html>"
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(page))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    with _serving(Answer) as url:
        yield url


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield _url(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _url(port: int) -> str:
    return f"http://admin:secret@127.0.0.1:{port}/{{tenant}}"
