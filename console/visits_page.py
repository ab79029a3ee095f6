"""The first page: ask for a package, and find those made before."""

import asyncio
import re
from dataclasses import dataclass
from datetime import date

from nicegui import app, ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.elements import Tag, chip, note
from console.frame import frame
from console.session import Session, open_session
from core.domain.visits import Run, VisitRequest
from core.errors import HubError
from core.language import Lang
from core.policy.permissions import Action, may
from hub.directory import list_accounts
from hub.installation import Platform
from hub.rendering.refusals import translate
from hub.visits import list_runs, request_visit

_RECENT = 20
_BETWEEN_NAMES = re.compile(r"[,;，；、]")
_TEXT_OF_FIELD = "(event) => emit(event.target.value)"


def add_visits_page(platform: Platform) -> None:
    """Register the page at `/`, to which `/visits` leads, too."""

    @ui.page("/")
    def visits(request: Request, account: str = "") -> None:
        session = open_session(platform, request)
        accounts = {account.id: account.name for account in list_accounts(platform, session.caller)}
        with frame(session, session.say("visits"), "visits"):
            if not accounts:
                _empty(session)
            elif may(session.came_as, Action.REQUEST_VISIT):
                with ui.element("div").classes("columns"):
                    _Form(session, accounts, chosen=account if account in accounts else None).build()
                    _recent(session, "h2")
            else:
                _recent(session, "h1", session.say("recent_only"))

    app.remove_route("/visits")

    @app.get("/visits", include_in_schema=False)
    def list_page() -> Response:
        return RedirectResponse("/")


@dataclass
class _Form:
    session: Session
    accounts: dict[str, str]
    chosen: str | None = None
    pending: str = ""

    def build(self) -> None:
        """Draw the request form."""
        say = self.session.say
        with Tag("section", classes="panel form"):
            Tag("h1", say("new_visit"))
            Tag("p", say("new_visit_hint"), "soft")
            self.account = ui.select(
                self.accounts, label=say("account"), value=self.chosen, with_input=True, clearable=True
            ).props("outlined hide-bottom-space use-input input-debounce=0 behavior=menu")
            self.account.props["hint"] = say("account_hint", count=len(self.accounts))
            self.purpose = ui.textarea(say("purpose"), placeholder=say("purpose_hint")).props(
                "outlined autogrow maxlength=2000 hide-bottom-space"
            )
            with ui.element("div").classes("pair"):
                self.at = ui.date_input(say("date")).props("outlined hide-bottom-space clearable")
                self.lang = ui.select(
                    {Lang.EN.value: say("english"), Lang.ZH.value: say("chinese")},
                    label=say("package_language"),
                    value=self.session.lang.value,
                ).props("outlined hide-bottom-space")
            self.attendees = ui.input_chips(say("attendees"), new_value_mode="add-unique").props("outlined")
            self.attendees.props["hint"] = say("attendees_hint")
            # What is typed but no chip yet would be lost when the field is left; the blur comes before it is cleared.
            self.attendees.on("input-value", self._typing).on("blur", self._typed, js_handler=_TEXT_OF_FIELD)
            Tag("button", say("submit"), "button").on("click", self.submit)

    def _typing(self, event: GenericEventArguments) -> None:
        self.pending = str(event.args or "")

    def _typed(self, event: GenericEventArguments) -> None:
        self.pending = str(event.args or "")
        self._keep_pending()

    def _keep_pending(self) -> None:
        names = [name.strip() for name in _BETWEEN_NAMES.split(self.pending)]
        self.pending = ""
        self.attendees.value = list(dict.fromkeys([*(self.attendees.value or ()), *filter(None, names)]))

    async def submit(self) -> None:
        """Check what was written; file the request and go to its page, or say what is wrong beside the field."""
        say = self.session.say
        self._keep_pending()
        at, dated = _day(self.at.value)
        purpose = (self.purpose.value or "").strip()
        found = (
            (self.account, None if self.account.value else say("error_account")),
            (self.purpose, None if 0 < len(purpose) <= 2000 else say("error_purpose")),
            (self.at, None if dated else say("error_date")),
        )
        for field, problem in found:
            _flag(field, problem)
        if any(problem for _field, problem in found):
            return
        try:
            request = VisitRequest(
                account=self.account.value,
                purpose=purpose,
                at=at,
                attendees=tuple(self.attendees.value or ()),
                lang=Lang(self.lang.value),
            )
            # It waits for the database, which the event loop must not.
            made = await asyncio.to_thread(request_visit, self.session.platform, self.session.caller, request)
        except HubError as error:
            _flag(self.at if error.field == "at" else self.account, self.session.told(error).text)
        except ValidationError as error:
            _flag(self.attendees, translate(error.errors()[0]["msg"], self.session.lang))
        else:
            ui.navigate.to(f"/visits/{made.id}")


def _day(text: str | None) -> tuple[date | None, bool]:
    try:
        return (date.fromisoformat(text.strip()) if text else None), True
    except ValueError:
        return None, False


def _flag(field: ui.element, problem: str | None) -> None:
    field.props["error"] = problem is not None
    field.props["error-message"] = problem or ""
    field.update()


def _recent(session: Session, heading: str, hint: str = "") -> None:
    with Tag("section", classes="panel"):
        Tag(heading, session.say("recent"))
        if hint:
            note(hint)
        runs = list_runs(session.platform, session.caller, _RECENT)
        if not runs:
            with ui.element("div").classes("nothing"):
                Tag("p", session.say("recent_none"), "strong")
                if not hint:
                    note(session.say("recent_none_hint"))
        with ui.element("div").classes("runs"):
            for run in runs:
                _run(session, run)


def _run(session: Session, run: Run) -> None:
    with Tag("a", classes="run").props(f"href=/visits/{run.id}"):
        with ui.element("div").classes("line"):
            Tag("strong", run.account)
            chip(session.names.name(run.status), run.status)
        Tag("div", run.request.purpose, "clip")
        asked = session.say("asked_by", who=session.name_of(run.requester.user))
        Tag("div", f"{asked} · {session.names.filters['moment'](run.created_at)}", "soft")


def _empty(session: Session) -> None:
    with ui.element("div").classes("notice"):
        Tag("h1", session.say("empty_title"))
        Tag("p", session.say("empty_text"))
        Tag("pre", "saleshub import PATH\nsaleshub demo")
