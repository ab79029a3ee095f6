"""A `saleshub serve` process on the loopback address, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 60


@dataclass
class Server:
    """A running server and a client of it; the client may be used from many threads."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    url: str

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=_PATIENCE_S)


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(home: Path, *words: str, ready: bytes, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `saleshub` process on `home` with these variables alone, once it has said `ready`; stopped at the end."""
    # Filling in embeddings behind the rest is no part of what is measured here.
    command = [sys.executable, "-m", "cli.main", *words, "--home", str(home)]
    environment = {"PATH": os.defpath, "HOME": str(home), "SALESHUB_EMBEDDING_MODEL": "none"} | settings
    process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    try:
        if process.stdout is None or ready not in process.stdout.readline():
            raise RuntimeError(f"saleshub {words[0]} did not start")
        yield process
    finally:
        if process.poll() is None:
            # One that was stopped hears nothing else.
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(timeout=_PATIENCE_S)
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def serving(home: Path, *words: str, **settings: str) -> Iterator[Server]:
    """A server on `home` with these variables alone, ready to answer; stopped at the end if it still runs."""
    port = free_port()
    # The line is printed once everything is open; the socket follows at once, and the client tries until then.
    with running(home, "serve", *words, "--port", str(port), ready=b"Serving", **settings) as process:
        transport = httpx.HTTPTransport(retries=8, limits=httpx.Limits(max_connections=64))
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, transport=transport, timeout=_PATIENCE_S) as client:
            yield Server(process, client, url)


@contextmanager
def working(home: Path, name: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that takes jobs."""
    with running(home, "work", "--name", name, ready=b"works", **settings) as process:
        yield process
