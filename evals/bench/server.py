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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Server]:
    """A server on `home` with these variables alone, ready to answer; stopped at the end if it still runs."""
    port = _free_port()
    # Filling in embeddings behind the server is no part of what is measured here.
    command = [sys.executable, "-m", "cli.main", "serve", "--port", str(port), "--home", str(home)]
    environment = {"PATH": os.defpath, "HOME": str(home), "SALESHUB_EMBEDDING_MODEL": "none"} | settings
    process = subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE)  # noqa: S603
    try:
        # The line is printed once everything is open; the socket follows at once, and the client tries until then.
        if process.stdout is None or b"Serving" not in process.stdout.readline():
            raise RuntimeError("the server did not start")
        transport = httpx.HTTPTransport(retries=8, limits=httpx.Limits(max_connections=64))
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, transport=transport, timeout=_PATIENCE_S) as client:
            yield Server(process, client, url)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=_PATIENCE_S)
        if process.stdout is not None:
            process.stdout.close()
