"""The page at every address where there is nothing, and the one for a page that fails."""

from nicegui import Client, app, ui
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from console.frame import explain, frame
from console.session import open_session
from hub.installation import Platform


def add_missing_page(platform: Platform) -> None:
    """Answer unknown addresses, and failures while a page is built, with a page that leads back."""

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> Response:
        endpoint = request.scope.get("endpoint")
        if endpoint not in (None, app) and isinstance(error, HTTPException):
            # A file of the framework's own that is missing: nobody reads that answer.
            return PlainTextResponse(str(error.detail), error.status_code)
        with Client(ui.page(""), request=request) as client:
            session = open_session(platform, request)
            with frame(session, session.say("nothing_title")):
                explain(session, session.say("nothing_title"), session.say("nothing_text"))
        return client.build_response(request, 404)

    def failed() -> None:
        # The exception goes to the log: its words are for operators, and may tell of other people's records.
        session = open_session(platform, ui.context.client.request)
        with frame(session, session.say("broken_title")):
            explain(session, session.say("broken_title"), session.say("broken_text"))

    app.on_page_exception(failed)
