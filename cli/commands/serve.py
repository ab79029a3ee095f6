"""`saleshub serve`."""

import socket
from contextlib import nullcontext
from typing import Annotated

import typer

from cli.behind import embedding
from cli.options import HomeOption, load_settings
from cli.output import to_people
from cli.responsive import responsive
from cli.stopping import begin_anew, exit_past_stray_jobs, told_to_stop
from core.errors import SetupError
from core.settings import Settings
from hub.access.entering import asks_to_sign_in
from hub.installation import Platform
from hub.platform import open_platform

PortOption = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port [default: 8484]")]
HostOption = Annotated[str | None, typer.Option("--host", help="Address to listen on [default: 127.0.0.1]")]
WorkOption = Annotated[
    bool, typer.Option("--work/--no-work", help="Whether this process does jobs, or only accepts them")
]


def serve(port: PortOption = None, host: HostOption = None, home: HomeOption = None, work: WorkOption = True) -> None:
    """Serve the API and the web console until Ctrl-C, and do the jobs too unless workers elsewhere do."""
    settings = load_settings(home, port=port, host=host)
    with open_platform(settings, work=work, accept=not work) as platform:
        serve_platform(platform)
    exit_past_stray_jobs(platform)


def serve_platform(platform: Platform) -> None:
    """Serve an opened platform until it is told to stop. SetupError when the port cannot be had."""
    import uvicorn

    from api.app import build_api
    from console.app import mount_console

    settings = platform.settings
    _refuse_open_door(platform)
    with _listening(settings) as door:
        app = build_api(platform)
        mount_console(app, platform)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        to_people().print(f"Serving http://{settings.host}:{settings.port}  (Ctrl-C stops)")
        server = uvicorn.Server(config)
        if platform.work is not None:
            platform.work.when_superseded = lambda: setattr(server, "should_exit", True)
        # The server passes the signal on once it has ended; that must not end the jobs at hand.
        with told_to_stop() as stop, embedding(platform) if platform.worker else nullcontext(), responsive():
            server.run(sockets=[door])
    if platform.work is not None and platform.work.superseded and not stop.is_set():
        begin_anew()


def _refuse_open_door(platform: Platform) -> None:
    if not platform.settings.is_local and not asks_to_sign_in(platform):
        raise SetupError(
            f"{platform.settings.host} can be reached from other machines and nobody has to sign in",
            field="--host",
            remedy="Give somebody a password, set SALESHUB_API_KEY, or leave the host at 127.0.0.1.",
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
