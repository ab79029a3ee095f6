"""Mounting the console on the server's application."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.installation import Platform


def mount_console(app: Any, platform: Platform) -> None:
    """Serve the console from `app`, the FastAPI application, at every path that the API leaves free.

    Sessions (language, light or dark, company) live in `console` below the home folder.
    """
    # Half a second to import, and only a server needs it.
    from nicegui import app as pages  # noqa: PLC0415
    from nicegui import storage, ui  # noqa: PLC0415

    from console.account_page import add_account_page  # noqa: PLC0415
    from console.accounts_page import add_accounts_page  # noqa: PLC0415
    from console.admin_pages import add_admin_pages  # noqa: PLC0415
    from console.boards_page import add_boards_page  # noqa: PLC0415
    from console.chat_page import add_chat_pages  # noqa: PLC0415
    from console.effects_page import add_effects_pages  # noqa: PLC0415
    from console.inbox_page import add_inbox_pages  # noqa: PLC0415
    from console.meetings_page import add_meetings_pages  # noqa: PLC0415
    from console.missing_page import add_missing_page  # noqa: PLC0415
    from console.reviews_page import add_reviews_pages  # noqa: PLC0415
    from console.run_page import add_run_page  # noqa: PLC0415
    from console.shared_page import add_shared_page  # noqa: PLC0415
    from console.sign_in_page import add_sign_in_pages  # noqa: PLC0415
    from console.visits_page import add_visits_page  # noqa: PLC0415

    folder = platform.settings.home / "console"
    folder.mkdir(parents=True, exist_ok=True)
    storage.Storage.path = folder
    add_chat_pages(platform)
    add_accounts_page(platform)
    add_account_page(platform)
    add_meetings_pages(platform)
    add_visits_page(platform)
    add_run_page(platform)
    add_shared_page(platform)
    add_effects_pages(platform)
    add_inbox_pages(platform)
    add_reviews_pages(platform)
    add_boards_page(platform)
    add_admin_pages(platform)
    add_sign_in_pages(platform)
    add_missing_page(platform)
    lifespan = app.router.lifespan_context
    ui.run_with(
        app,
        title="Sales hub",
        favicon=_FAVICON,
        dark=None,
        tailwind=False,
        storage_secret=_secret(folder / "session.key"),
        session_middleware_kwargs={"same_site": "strict"},
        show_welcome_message=False,
    )
    app.router.lifespan_context = _around(lifespan, pages)


_FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0c5f6e"/>'
    '<circle cx="11" cy="20" r="4" fill="#fff"/><circle cx="22" cy="11" r="5" fill="#9fd8dd"/>'
    '<path d="M11 20 22 11" stroke="#fff" stroke-width="2"/></svg>'
)


def _around(lifespan: Any, pages: Any) -> Any:
    """The lifespan of the server's application within that of the console's pages.

    NiceGUI's own way of doing this walks through every object of the process to find the server. Whatever sees a tuple
    that another thread is just building makes CPython give that thread a SystemError: a job at work would fail.
    """

    @asynccontextmanager
    async def both(app: Any) -> AsyncIterator[Any]:
        async with pages.router.lifespan_context(pages), lifespan(app) as state:
            yield state

    return both


def _secret(path: Path) -> str:
    """The key that signs session cookies, made once for each home and readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii")
