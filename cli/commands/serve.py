"""`saleshub serve`."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer

from cli.options import HomeOption, load_settings
from cli.output import to_people
from core.errors import SetupError
from core.settings import Settings
from hub.embedding import fill_embeddings
from hub.installation import Platform
from hub.platform import open_platform

PortOption = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port [default: 8484]")]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on [default: 127.0.0.1]")]

_LOOK_AGAIN_S = 10.0
_BEHIND = 10

log = structlog.get_logger()


def serve(port: PortOption = None, host: HostOption = None, home: HomeOption = None) -> None:
    """Serve the API and the web console until Ctrl-C."""
    settings = load_settings(home, port=port, host=host)
    with open_platform(settings, work=True) as platform:
        serve_platform(platform)


def serve_platform(platform: Platform) -> None:
    """Serve an opened platform until it is told to stop. SetupError when the port cannot be had."""
    import uvicorn

    from api.app import build_api
    from console.app import mount_console

    settings = platform.settings
    _refuse_open_door(settings)
    with _listening(settings) as door:
        app = build_api(platform)
        mount_console(app, platform)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        to_people().print(f"Serving http://{settings.host}:{settings.port}  (Ctrl-C stops)")
        with _embedding(platform):
            uvicorn.Server(config).run(sockets=[door])


def _refuse_open_door(settings: Settings) -> None:
    if settings.host not in {"127.0.0.1", "localhost", "::1"} and settings.api_key is None:
        raise SetupError(
            f"{settings.host} can be reached from other machines and no key is set",
            field="--host",
            remedy="Set SALESHUB_API_KEY, or leave the host at 127.0.0.1.",
        )


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SetupError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror})",
            field="--port",
            remedy="Choose another with --port, or stop what uses it.",
        ) from error


@contextmanager
def _embedding(platform: Platform) -> Iterator[None]:
    """Beside the server, fill embeddings in behind what was imported before and what is imported meanwhile."""
    stop = threading.Event()

    def embed() -> None:
        # Linux schedules threads one by one; elsewhere this would slow the whole server.
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
        while not stop.is_set():
            try:
                fill_embeddings(platform, stop=stop)
            except Exception:
                # Recall goes on by words; the next round tries again.
                log.exception("embedding_failed")
            stop.wait(_LOOK_AGAIN_S)

    thread = threading.Thread(target=embed, name="embed", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
