"""The page of one run: its progress while it works, then its package."""

from urllib.parse import quote

from nicegui import app, ui
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.elements import Tag
from console.frame import explain, explain_refusal, frame
from console.package_view import show_package
from console.session import Session, open_session
from core.domain.visits import Run, RunEvent, RunStatus, StepStatus
from core.errors import ForbiddenError, HubError, NotFoundError
from hub.installation import Platform
from hub.rendering.html import render_html
from hub.rendering.refusals import translate
from hub.reviews.rights import sees_whole
from hub.running import VISIT_STEPS
from hub.visits import follow_run, get_package, get_run

_CLEAN = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def add_run_page(platform: Platform) -> None:
    """Register the page at `/visits/{run_id}`."""

    @ui.page("/visits/{run_id}")
    def run(run_id: str, request: Request) -> None:
        session = open_session(platform, request)
        try:
            found = get_run(platform, session.caller, run_id)
        except NotFoundError:
            with frame(session, session.say("unknown_title")):
                explain(session, session.say("unknown_title"), session.say("unknown_text"))
            return
        with frame(session, found.account, "visits"):
            _show(session, found)

    app.remove_route("/visits/{run_id}/package.pdf")

    @app.get("/visits/{run_id}/package.pdf", include_in_schema=False)
    def on_paper(run_id: str, request: Request) -> Response:
        try:
            package = get_package(platform, open_session(platform, request).caller, run_id)
        except (NotFoundError, ForbiddenError):
            return RedirectResponse(f"/visits/{quote(run_id)}")
        from hub.rendering.pdf.document import render_pdf  # noqa: PLC0415 - most servers never print

        name = f'attachment; filename="visit-{package.run_id}.pdf"'
        return Response(
            render_pdf(package, platform.settings.pdf_font), 200, {"Content-Disposition": name}, "application/pdf"
        )

    app.remove_route("/visits/{run_id}/print")

    @app.get("/visits/{run_id}/print", include_in_schema=False)
    def printable(run_id: str, request: Request) -> Response:
        try:
            package = get_package(platform, open_session(platform, request).caller, run_id)
        except (NotFoundError, ForbiddenError):
            return RedirectResponse(f"/visits/{quote(run_id)}")
        return HTMLResponse(render_html(package), headers=_CLEAN)


def _show(session: Session, run: Run) -> None:
    if run.status is RunStatus.FAILED:
        explain(session, session.say("failed_title"), run.request.purpose, translate(run.reason or "", session.lang))
    elif run.status.is_over and not sees_whole(session.caller, run.requester.user):
        explain(session, session.say("part_title"), session.say("part_text"))
        Tag("a", session.say("to_reviews"), "button").props("href=/reviews?show=mine")
    elif run.status.is_over:
        show_package(session, get_package(session.platform, session.caller, run.id))
    else:
        _Progress(session, run).build()


class _Progress:
    """The steps of a run that is still working."""

    def __init__(self, session: Session, run: Run) -> None:
        self._session = session
        self._run = run
        self._over: set[str] = set()
        self._steps: dict[str, Tag] = {}

    def build(self) -> None:
        """Draw all steps, then follow the run until the package can replace them."""
        say = self._session.say
        self._place = ui.element("div")
        with self._place, Tag("section", classes="panel progress").props("aria-live=polite"):
            Tag("p", say("working"), "kicker")
            Tag("h1", self._run.account)
            Tag("p", self._run.request.purpose, "purpose")
            self._bar = ui.linear_progress(0, show_value=False).props("rounded size=8px instant-feedback")
            self._count = Tag("p", self._counted(), "soft")
            with Tag("ol", classes="todo"):
                for step in VISIT_STEPS:
                    self._steps[step] = Tag("li", say(f"step_{step}"))
        ui.timer(0, self._follow, once=True)

    async def _follow(self) -> None:
        session = self._session
        try:
            async for event in follow_run(session.platform, session.caller, self._run.id):
                self._mark(event)
            run = get_run(session.platform, session.caller, self._run.id)
            self._place.clear()
            with self._place:
                _show(session, run)
        except HubError as error:
            self._place.clear()
            with self._place:
                explain_refusal(session, session.say("error_title"), error)

    def _mark(self, event: RunEvent) -> None:
        step = self._steps.get(event.step)
        if step is None:
            return
        step.classes(event.status.value, remove=" ".join(StepStatus))
        if event.status is not StepStatus.STARTED:
            self._over.add(event.step)
            self._bar.value = len(self._over) / len(VISIT_STEPS)
            self._count.text = self._counted()

    def _counted(self) -> str:
        return self._session.say("steps_done", done=len(self._over), total=len(VISIT_STEPS))
