"""One customer: what is going on, who decides, what we believe and why; read live, with the visitor's rights."""

import asyncio
from urllib.parse import quote

import structlog
from nicegui import ui
from starlette.requests import Request

from console.account_insights import show_beliefs, show_people, show_risks, show_stage
from console.account_records import show_contracts, show_deals, show_orders, show_timeline
from console.account_view import AccountView, cite
from console.accounts_page import PATIENCE_S, STYLE, ago
from console.chat_words import load_chat_words
from console.drawer import Drawer
from console.elements import Tag, chip, note
from console.frame import explain, frame
from console.session import Session, open_session
from core.domain.accounts import Account
from core.domain.views.risks import Severity
from core.domain.visits import Run
from core.errors import HubError, NotFoundError
from core.policy.permissions import Action, may
from hub.accounts.overview import find_account, total_of
from hub.accounts.profile import Profile, look_up
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels
from hub.visits import list_runs

log = structlog.get_logger()

_RUNS = 200
_RUNS_SHOWN = 5


def add_account_page(platform: Platform) -> None:
    """Register the page at `/accounts/{account_id}`."""

    @ui.page("/accounts/{account_id}", response_timeout=PATIENCE_S)
    async def one(account_id: str, request: Request) -> None:
        session = open_session(platform, request)
        say = load_labels(session.lang, "accounts")
        try:
            account = await asyncio.to_thread(find_account, platform, session.caller, account_id)
        except NotFoundError:
            with frame(session, say("unknown"), "accounts"):
                explain(session, say("unknown"), say("unknown_text"))
            return
        with frame(session, account.name, "accounts"):
            ui.add_head_html(f"<style>{STYLE.read_text('utf-8')}</style>")
            _Page(session, say, account).build()


class _Page:
    """The head at once, the rest as soon as the systems have answered."""

    def __init__(self, session: Session, say: Labels, account: Account) -> None:
        self._session = session
        self._say = say
        self._account = account

    def build(self) -> None:
        """Draw the head, then read."""
        account, say = self._account, self._say
        with Tag("header", classes="top account"):
            with ui.element("div"):
                Tag("h1", account.name)
                about = [account.region, account.country, account.industry, say("class", name=account.customer_class)]
                if account.owner:
                    about.append(say("owner", name=account.owner))
                note(" · ".join(filter(None, about)))
            with ui.element("div").classes("actions"):
                id_ = quote(account.id, safe="")
                Tag("a", say("ask"), "button").props["href"] = f"/chat?account={id_}"
                Tag("a", say("visit"), "button quiet").props["href"] = f"/?account={id_}"
                if may(self._session.came_as, Action.ADD_MEETING):
                    Tag("a", say("add_meeting"), "button quiet").props["href"] = f"/meetings?account={id_}"
        self._place = ui.element("div").props("aria-live=polite aria-busy=true")
        with self._place:
            with ui.element("div").classes("waiting").props("role=status"):
                ui.spinner(size="1.4rem", color="primary")
                Tag("span", say("loading"))
            with ui.element("div").classes("bones").props("aria-hidden=true"):
                for _place in range(6):
                    ui.element("div")
        ui.timer(0, self._read, once=True)

    async def _read(self) -> None:
        session, account = self._session, self._account
        try:
            profile, runs = await asyncio.gather(
                look_up(session.platform, session.caller, account, session.lang),
                asyncio.to_thread(list_runs, session.platform, session.caller, _RUNS),
            )
        except HubError as error:
            told = self._session.told(error)
            problem, remedy = told.problem, told.remedy
        except Exception:
            log.exception("account_not_read")
            problem, remedy = self._say("failed"), session.say("unknown_text")
        else:
            self._place.clear()
            self._place.props("aria-busy=false")
            with self._place:
                self._draw(profile, [run for run in runs if run.account_id == account.id])
            return
        self._place.clear()
        with self._place, ui.element("div").classes("gaps").props("role=alert"):
            Tag("strong", self._say("failed"))
            Tag("p", f"{problem}. {remedy}")
            Tag("button", session.say("again"), "button quiet").on("click", ui.navigate.reload)

    def _draw(self, profile: Profile, runs: list[Run]) -> None:
        view = AccountView(self._session, self._say, profile, Drawer(cite(self._session.names, profile)))
        _gaps(view)
        _figures(view)
        words = load_chat_words(self._session.lang)
        with ui.element("div").classes("halves"):
            with ui.element("div"):
                view.part("risks", profile.risks, lambda given: show_risks(view, given))
            with ui.element("div"):
                view.part("open_deals", profile.deals, lambda given: show_deals(view, given))
                view.part("stage", profile.stage, lambda given: show_stage(view, given))
        view.part("people", profile.people, lambda given: show_people(view, given))
        with ui.element("div").classes("halves"):
            with ui.element("div"):
                beliefs = profile.beliefs or None
                view.part("beliefs", beliefs, lambda given: show_beliefs(view, given, words.agent))
                view.part("contracts", profile.contracts, lambda given: show_contracts(view, given))
                view.part("orders", profile.orders, lambda given: show_orders(view, given))
                view.part("packages", runs, lambda given: _packages(view, given))
            with ui.element("div"):
                view.part("timeline", profile.interactions, lambda given: show_timeline(view, given))


def _gaps(view: AccountView) -> None:
    """Which systems keep silent, may not be read or are old."""
    say, names = view.say, view.names
    lines = []
    for gap in view.profile.gaps:
        system = names.name(gap.system)
        if gap.forbidden:
            lines.append(say("gap_forbidden", system=system))
        elif gap.last_good is None:
            lines.append(say("gap_silent", system=system))
        else:
            lines.append(say("gap_silent_since", system=system, at=gap.last_good))
    lines += [say("stale", system=names.name(system), at=at) for system, at in view.profile.stale.items()]
    if lines:
        with ui.element("div").classes("gaps").props("role=status"):
            for line in lines:
                Tag("div", line)


def _figures(view: AccountView) -> None:
    """The customer in five figures."""
    say, names, profile = view.say, view.names, view.profile
    money = names.filters["money"]
    with ui.element("div").classes("tiles five"):
        values = [money(value) for value in total_of(profile.deals or ())]
        count = None if profile.deals is None else say("deals", count=len(profile.deals))
        _tile(say("open_value"), values[0] if values else None, " + ".join([*values[1:], count or ""]))
        stage = profile.stage
        share = stage.distribution[stage.likeliest] if stage else None
        sure = say("sure", share=share) if share is not None else ""
        _tile(say("buying_stage"), names.name(stage.likeliest) if stage else None, sure)
        last = profile.interactions[0] if profile.interactions else None
        now = view.session.platform.clock.now()
        told = names.name(last.form) if last else ""
        _tile(say("last_contact"), ago(say, last.at, now) if last else None, told)
        _contract_tile(view)
        risks = profile.risks.risks if profile.risks else None
        grave = sum(risk.severity is Severity.HIGH for risk in risks or ())
        found = say("grave", count=grave) if grave else say("not_grave")
        _tile(
            say("risks_found"), None if risks is None else str(len(risks)), found if risks else "", alarming=grave > 0
        )


def _risk_tile(view: AccountView) -> None:
    say, given = view.say, view.profile.risks
    if given is None:
        _tile(say("risks_found"), None, "")
        return
    grave = sum(risk.severity is Severity.HIGH for risk in given.risks)
    about = say("grave", count=grave) if grave else say("not_grave")
    _tile(say("risks_found"), str(len(given.risks)), about, alarming=grave > 0)


def _contract_tile(view: AccountView) -> None:
    say, contracts = view.say, view.profile.contracts
    running = [each for each in contracts or () if each.ends_on is None or each.ends_on >= view.today]
    ends = [each.ends_on for each in running if each.ends_on is not None]
    if not running:
        _tile(say("contract_end"), None, "" if contracts is None else say("no_contract"))
    elif len(ends) < len(running):
        _tile(say("contract_end"), view.names("open_ended"), "")
    else:
        days = (max(ends) - view.today).days
        until = say("ends_on", day=max(ends))
        _tile(say("contract_end"), view.names("days_left", days=days), until, alarming=days <= 90)


def _tile(name: str, value: str | None, about: str, *, alarming: bool = False) -> None:
    with ui.element("div").classes("tile"):
        Tag("span", name, "soft")
        Tag("span", value or "–", "big" + (" alarm" if alarming else "") if value else "big none")
        Tag("span", about, "soft")


def _packages(view: AccountView, runs: list[Run]) -> None:
    if not runs:
        note(view.say("no_packages"))
    with ui.element("div").classes("runs"):
        for run in runs[:_RUNS_SHOWN]:
            with Tag("a", classes="run").props(f"href=/visits/{run.id}"):
                with ui.element("div").classes("line"):
                    Tag("span", run.request.purpose, "clip")
                    chip(view.names.name(run.status), run.status)
                Tag("div", view.names.filters["moment"](run.created_at), "soft")
