"""A Tryton of one's own: trytond as a child process on a local PostgreSQL."""

import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from connectors.tryton.local.postgres import LocalPostgres
from core.errors import SetupError

_START_S = 120.0


@dataclass(frozen=True, slots=True)
class TrytonServer:
    """A running trytond."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """The setting that leads to a database."""
        return f"http://admin:{self.password}@127.0.0.1:{self.port}/{database}"


def password_of(folder: Path) -> str:
    """The password of `admin` in every database of the folder, made on first use."""
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(16), "utf-8")
    return path.read_text("utf-8")


def install_modules(folder: Path, postgres: LocalPostgres, database: str, modules: Sequence[str]) -> None:
    """Install modules, and what they depend on, into a database; SetupError with trytond's last words."""
    password_of(folder)
    options = [
        "-d",
        database,
        "--activate-dependencies",
        "--administrator",
        "--email",
        "admin@saleshub.example",
        "-u",
        *modules,
    ]
    command = _command(folder, postgres, "trytond.cli.admin", 0, *options)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SetupError(
            f"trytond-admin failed: {done.stderr.strip()[-500:]}",
            field="tryton",
            remedy="Install the development tools with make setup.",
        )


@contextmanager
def running_server(
    folder: Path, postgres: LocalPostgres, databases: Sequence[str], port: int | None = None
) -> Iterator[TrytonServer]:
    """A server of `databases`, ready to answer; it is stopped afterwards. Its log is in `folder`."""
    port = port or _free_port()
    with (folder / f"trytond-{port}.log").open("wb") as log:
        child = subprocess.Popen(  # noqa: S603
            _command(folder, postgres, "trytond.cli", port, "-d", databases[0]),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_for(child, port)
            # With several on its command line trytond 8.2 reads only one; the first request below `/r/` reads another.
            for name in databases[1:]:
                httpx.get(f"http://127.0.0.1:{port}/{name}/r/ready", timeout=_START_S, trust_env=False)
            yield TrytonServer(port, password_of(folder))
        finally:
            child.terminate()
            child.wait()


def _command(folder: Path, postgres: LocalPostgres, module: str, port: int, *options: str) -> list[str]:
    config = folder / f"trytond-{port}.conf"
    config.write_text(f"[database]\nuri = postgresql://postgres@/\n[web]\nlisten = 127.0.0.1:{port}\n", "utf-8")
    # `env` passes the variables on beside all others; an administrator's first password is read from a file.
    variables = [f"PGHOST={postgres.socket_folder}", f"TRYTONPASSFILE={folder / 'password'}", "TZ=UTC"]
    return ["env", *variables, sys.executable, "-W", "ignore", "-m", module, "-c", str(config), *options]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(child: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the port is open, which is after the databases were read."""
    pause = threading.Event()
    for _ in range(int(_START_S / 0.05)):
        if child.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.05)
    raise SetupError(
        f"trytond did not start on port {port}", field="tryton", remedy="Read the trytond log beside its database."
    )
