"""The list of customers: find one, see what is open with it, and which ones need a look."""

import asyncio
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from nicegui import ui
from starlette.requests import Request

from console.elements import Tag, chip, note
from console.frame import explain, explain_refusal, frame
from console.session import Session, open_session
from core.errors import HubError
from hub.accounts.overview import AccountLine, Overview, look_over
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels

STYLE = Path(__file__).parent / "accounts.css"
# A machine that is busy answers late, but it answers.
PATIENCE_S = 60.0
_SHOWN = 40
_WAIT_S = 0.2


def add_accounts_page(platform: Platform) -> None:
    """Register the page at `/accounts`."""

    @ui.page("/accounts", response_timeout=PATIENCE_S)
    async def accounts(request: Request, q: str = "", region: str = "") -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "accounts")
        with frame(session, say("title"), "accounts"):
            ui.add_head_html(f"<style>{STYLE.read_text('utf-8')}</style>")
            try:
                found = await asyncio.to_thread(look_over, platform, session.caller)
            except HubError as error:
                explain_refusal(session, session.say("error_title"), error)
                return
            if found.lines:
                _List(session, say, found, q, region).build()
            else:
                explain(session, say("none_visible"), say("none_visible_text"))


class _List:
    """The list with its search; drawn anew when that changes."""

    def __init__(self, session: Session, say: Labels, found: Overview, query: str, region: str) -> None:
        self._session = session
        self._say = say
        self._found = found
        self._query = query
        self._region = region if region in found.regions else ""
        self._hinted = False
        self._most = _SHOWN

    def build(self) -> None:
        """Draw it."""
        say = self._say
        with Tag("section", classes="panel"):
            Tag("h1", say("title"))
            note(say("hint"))
            with ui.element("div").classes("seek form").props("role=search"):
                search = ui.input(say("search"), value=self._query, on_change=lambda e: self._seek(query=e.value or ""))
                search.props(f"outlined dense clearable debounce={int(_WAIT_S * 1000)} type=search")
                if len(self._found.regions) > 1:
                    regions = {"": say("every_region"), **{region: region for region in self._found.regions}}
                    ui.select(
                        regions, label=say("region"), value=self._region, on_change=lambda e: self._seek(region=e.value)
                    ).props("outlined dense options-dense")
                if any(line.hints for line in self._found.lines):
                    only = ui.checkbox(say("only_hints"), on_change=lambda e: self._seek(hinted=e.value))
                    only.props("dense")
            self._place = ui.element("div").props("aria-live=polite")
        self._draw()

    def _seek(self, *, query: str | None = None, region: str | None = None, hinted: bool | None = None) -> None:
        self._query = self._query if query is None else query
        self._region = self._region if region is None else region
        self._hinted = self._hinted if hinted is None else hinted
        self._most = _SHOWN
        self._draw()

    def _draw(self) -> None:
        say = self._say
        fitting = [line for line in self._found.lines if self._fits(line)]
        self._place.clear()
        with self._place:
            note(say("counted", count=len(fitting)))
            for system, at in self._found.stale.items():
                name = self._session.names.name(system)
                text = say("stale", system=name, at=at) if at else say("stale_never", system=name)
                Tag("p", text, "reason")
            if not fitting:
                Tag("p", say("none_found"))
                return
            self._table(fitting[: self._most])
            if len(fitting) > self._most:
                more = Tag("button", say("more", count=len(fitting) - self._most), "button quiet")
                more.on("click", self._more)

    def _more(self) -> None:
        self._most += 5 * _SHOWN
        self._draw()

    def _fits(self, line: AccountLine) -> bool:
        account = line.account
        if (self._region and account.region != self._region) or (self._hinted and not line.hints):
            return False
        told = (account.name, *account.aliases, account.owner, account.industry, account.domain, account.id)
        text = " ".join(filter(None, told)).casefold()
        return all(word in text for word in self._query.casefold().split())

    def _table(self, lines: list[AccountLine]) -> None:
        say = self._say
        with Tag("table", classes="customers"):
            with Tag("thead"), Tag("tr"):
                for name in ("customer", "stage", "open", "last", "look"):
                    Tag("th", say(f"column_{name}"), "n" if name == "open" else "").props("scope=col")
            with Tag("tbody"):
                for line in lines:
                    self._row(line)

    def _row(self, line: AccountLine) -> None:
        say, account, names = self._say, line.account, self._session.names
        stages = load_labels(self._session.lang, "effects")
        with Tag("tr"):
            with Tag("td"):
                Tag("a", account.name, "customer").props["href"] = account_path(account.id)
                Tag("div", " · ".join(filter(None, (account.region, account.industry, account.owner))), "soft")
            with Tag("td").props(f'data-label="{say("column_stage")}"'):
                Tag("span", stages(f"value_{line.stage}") if line.stage else "–", "" if line.stage else "soft")
            with Tag("td", classes="n").props(f'data-label="{say("column_open")}"'):
                if not line.open_deals:
                    Tag("span", say("nothing_open"), "soft")
                for value in line.open_value:
                    Tag("strong", names.filters["money"](value))
                if line.open_deals:
                    Tag("div", say("deals", count=line.open_deals), "soft")
            with Tag("td").props(f'data-label="{say("column_last")}"'):
                Tag("span", ago(say, line.last_contact, self._session.platform.clock.now()))
            with Tag("td", classes="" if line.hints else "bare").props(f'data-label="{say("column_look")}"'):
                for hint in line.hints:
                    chip(say.name(hint), "medium")


def account_path(account_id: str) -> str:
    """The address of a customer's page."""
    return f"/accounts/{quote(account_id, safe='')}"


def ago(say: Labels, at: datetime | None, now: datetime) -> str:
    """How many days ago something was."""
    if at is None:
        return say("never")
    days = (now.date() - at.date()).days
    return say("today") if days <= 0 else say("days_ago", days=days)
