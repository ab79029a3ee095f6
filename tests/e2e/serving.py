"""A `saleshub serve` of its own for a test."""

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

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60


@dataclass
class Served:
    """A running server; `client` talks to it."""

    process: subprocess.Popen[bytes]
    client: httpx.Client
    url: str

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, port: int | None = None, **extra: str) -> Iterator[Served]:
    """A server on `home`, ready to answer; stopped at the end if it still runs."""
    port = port or free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SALESHUB_", "OPENAI_"))}
    clean.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "cli.main", "serve", "--port", str(port), "--home", str(home)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=clean | {"SALESHUB_EMBEDDING_MODEL": "none"} | extra, stdout=subprocess.PIPE
    )
    try:
        # The line is printed once everything is open; the socket follows at once, and the client retries until then.
        assert process.stdout is not None
        assert b"Serving" in process.stdout.readline()
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, transport=httpx.HTTPTransport(retries=8), timeout=_START_S) as client:
            yield Served(process, client, url)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)
        process.stdout and process.stdout.close()
