"""The addresses of the administration."""

from collections.abc import Callable

from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse

from console.admin_frame import Part, admin_frame, admin_words, first_part, refuse_admin
from console.admin_keys import show_keys
from console.admin_models import USUAL_SPAN, show_models
from console.admin_people import show_people
from console.admin_person import show_new_person, show_person
from console.admin_regions import show_regions
from console.admin_systems import show_systems
from console.admin_work import show_work
from console.frame import frame
from console.session import Session, open_session
from hub.installation import Platform

_SHOWS: tuple[tuple[str, Part, Callable[[Session], None]], ...] = (
    ("/admin/people", Part.PEOPLE, show_people),
    ("/admin/new-person", Part.PEOPLE, show_new_person),
    ("/admin/regions", Part.REGIONS, show_regions),
    ("/admin/keys", Part.KEYS, show_keys),
    ("/admin/systems", Part.SYSTEMS, show_systems),
    ("/admin/work", Part.WORK, show_work),
)


def add_admin_pages(platform: Platform) -> None:
    """Register the pages at `/admin` and below."""
    for path, part, show in _SHOWS:
        _add(platform, path, part, show)

    @ui.page("/admin")
    def admin(request: Request) -> RedirectResponse | None:
        session = open_session(platform, request)
        part = first_part(session)
        if part is not None:
            return RedirectResponse(f"/admin/{part.value}")
        with frame(session, admin_words(session)("title"), "admin"):
            refuse_admin(session)
        return None

    @ui.page("/admin/people/{user_id}")
    def person(user_id: str, request: Request) -> None:
        session = open_session(platform, request)
        with admin_frame(session, Part.PEOPLE) as is_allowed:
            if is_allowed:
                show_person(session, user_id)

    @ui.page("/admin/models")
    def models(request: Request, days: int = USUAL_SPAN) -> None:
        session = open_session(platform, request)
        with admin_frame(session, Part.MODELS) as is_allowed:
            if is_allowed:
                show_models(session, days)


def _add(platform: Platform, path: str, part: Part, show: Callable[[Session], None]) -> None:
    @ui.page(path)
    def page(request: Request) -> None:
        session = open_session(platform, request)
        with admin_frame(session, part) as is_allowed:
            if is_allowed:
                show(session)
