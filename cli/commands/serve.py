"""`saleshub serve`."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.options import HomeOption, load_settings
from cli.output import to_people
from core.errors import SetupError
from core.settings import Settings
from hub.embedding import fill_embeddings
from hub.platform import Platform, open_platform

PortOption = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port [default: 8484]")]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on [default: 127.0.0.1]")]

_ADOPT_EVERY_S = 10.0
_BEHIND = 10


def serve(port: PortOption = None, host: HostOption = None, home: HomeOption = None) -> None:
    """Serve the API and the web console until Ctrl-C."""
    settings = load_settings(home, port=port, host=host)
    with open_platform(settings, work=True) as platform:
        serve_platform(platform)


def serve_platform(platform: Platform) -> None:
    """Serve an opened platform until it is told to stop."""
    import uvicorn

    from api.app import build_api
    from console.app import mount_console

    settings = platform.settings
    _refuse_open_door(settings)
    app = build_api(platform)
    mount_console(app, platform)
    to_people().print(f"Serving http://{settings.host}:{settings.port}  (Ctrl-C stops)")
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=5
    )
    with _housekeeping(platform):
        uvicorn.Server(config).run()


def _refuse_open_door(settings: Settings) -> None:
    if settings.host not in {"127.0.0.1", "localhost", "::1"} and settings.api_key is None:
        raise SetupError(
            f"{settings.host} can be reached from other machines and no key is set",
            field="--host",
            remedy="Set SALESHUB_API_KEY, or leave the host at 127.0.0.1.",
        )


@contextmanager
def _housekeeping(platform: Platform) -> Iterator[None]:
    """Beside the server: take over dead workers' jobs, and fill embeddings in behind."""
    stop = threading.Event()

    def adopt() -> None:
        while not stop.wait(_ADOPT_EVERY_S):
            platform.jobs.adopt()

    def embed() -> None:
        # Linux schedules threads one by one; elsewhere this would slow the whole server.
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
        fill_embeddings(platform, stop=stop)

    threads = [threading.Thread(target=work, name=work.__name__, daemon=True) for work in (adopt, embed)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
