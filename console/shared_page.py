"""The page that a link to a package leads to: the package, as the reader's own rights show it."""

from nicegui import ui
from starlette.requests import Request

from console.elements import Tag
from console.frame import explain, frame, refuse
from console.package_view import show_package
from console.session import open_session
from console.share_panel import share_words
from core.errors import ForbiddenError, NotFoundError
from hub.installation import Platform
from hub.sharing import open_shared


def add_shared_page(platform: Platform) -> None:
    """Register the page at `/shared/{share_id}`."""

    @ui.page("/shared/{share_id}")
    def shared(share_id: str, request: Request) -> None:
        session = open_session(platform, request)
        say = share_words(session)
        try:
            share, package = open_shared(platform, session.caller, share_id)
        except NotFoundError:
            with frame(session, say("unknown"), "visits"):
                explain(session, say("unknown"), session.say("unknown_text"))
            return
        except ForbiddenError:
            with frame(session, say("refused"), "visits"):
                refuse(session, say("refused"), say("refused_text"), say("refused_remedy"))
            return
        with frame(session, package.account, "visits"):
            told = say("shared_by", who=session.name_of(share.shared_by), until=share.expires_at)
            Tag("p", told, "shared soft")
            show_package(session, package)
