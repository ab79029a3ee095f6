"""Language models by role, the budgets, and what was spent: by day, person, model and role."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta

from nicegui import ui

from console.admin_frame import admin_words
from console.charts import spend_options
from console.elements import Tag, chip, note, row, table
from console.session import Session
from core.domain.health import BudgetState, ModelOfRole
from core.domain.spending import SpendBy, SpendRow
from hub.model_roles import list_budgets, list_models
from hub.spending import spend_by

USUAL_SPAN = 30
_SPANS = (7, USUAL_SPAN, 90)
_NEARLY = 0.8


def show_models(session: Session, days: int) -> None:
    """The models, the budgets, and the spending of the last `days` days (UTC)."""
    days = days if days in _SPANS else USUAL_SPAN
    with ui.element("div").classes("stack"):
        _budgets(session, list_budgets(session.platform, session.caller))
        with Tag("section", classes="panel"):
            _models(session, list_models(session.platform, session.caller))
        with Tag("section", classes="panel"):
            _spend(session, days)


def _budgets(session: Session, budgets: Sequence[BudgetState]) -> None:
    say, number = admin_words(session), session.names.filters["number"]
    with ui.element("div").classes("tiles"):
        for each in budgets:
            with ui.element("div").classes("tile"):
                Tag("span", say.name(each.span), "soft")
                Tag("span", number(each.spent, 4 if each.spent < 1 else 2), "big")
                if each.limit is None:
                    Tag("span", say("budget_none"), "soft")
                    continue
                used = float(each.spent / each.limit)
                Tag("span", say("budget_of", limit=each.limit), "soft")
                colour = "high" if used >= 1 else "medium" if used >= _NEARLY else "accent"
                with Tag("span", classes="meter").style(f"--c: var(--{colour})"):
                    Tag("i").style(f"width: {min(used, 1) * 100:.1f}%")
                Tag("span", say("budget_left", share=used), "soft")


def _models(session: Session, models: Sequence[ModelOfRole]) -> None:
    say, number = admin_words(session), session.names.filters["number"]
    Tag("h2", say("models_by_role"))
    if not models:
        with ui.element("div").classes("nothing"):
            Tag("p", say("models_none"), "strong")
            note(say("models_none_text"))
        return
    made = table([say(f"col_{name}") for name in ("role", "model", "endpoint", "limits", "prices")])
    for each in models:
        known = each.price_in is not None and each.price_out is not None
        prices = f"{number(each.price_in, 4)} / {number(each.price_out, 4)}" if known else say("no_price")
        name = f"{each.name} ({say('stands_in')})" if each.is_fallback else each.name
        role = "" if each.is_fallback else say.name(each.role)
        row(made, (role, "strong"), name, each.host or say("in_process"), _limits(session, each), prices)


def _limits(session: Session, model: ModelOfRole) -> str:
    say = admin_words(session)
    found = []
    if model.calls is not None:
        found.append(say("limit_calls", count=model.calls))
    if model.tokens is not None:
        found.append(say("limit_tokens", count=model.tokens))
    if model.seconds is not None:
        found.append(say("limit_seconds", count=model.seconds))
    if model.money is not None:
        found.append(say("limit_money", count=model.money))
    return session.names.apposition(*found) if found else "–"


def _spend(session: Session, days: int) -> None:
    say = admin_words(session)
    today = session.platform.clock.now().astimezone(UTC).date()
    since = today - timedelta(days=days - 1)
    with ui.element("div").classes("line"):
        Tag("h2", say("spend"))
        with Tag("nav", classes="segments") as nav:
            for span in _SPANS:
                link = Tag("a", say("spend_since", days=span)).props(f"href=/admin/models?days={span}")
                if span == days:
                    link.props("aria-current=true")
        nav.props["aria-label"] = say("spend")
    by_day = spend_by(session.platform, session.caller, since, SpendBy.DAY)
    if not by_day:
        Tag("p", say("spend_none"), "nothing")
        return
    found = {date.fromisoformat(each.heading): each for each in by_day}
    all_days = [since + timedelta(days=place) for place in range(days)]
    costs = [float(found[day].cost) if day in found else 0.0 for day in all_days]
    chart = ui.echart(spend_options(all_days, costs, say("col_cost")), renderer="svg").classes("weeks")
    chart.props("role=img").props["aria-label"] = say("spend_by_day")
    with Tag("details"):
        Tag("summary", say("spend_by_day"))
        _rows(session, "col_day", by_day, {})
    people = {user.id: user.name for user in session.users}
    roles = {name.removeprefix("model_role_"): say(name) for name in say.book.kinds if name.startswith("model_role_")}
    parts: tuple[tuple[SpendBy, str, dict[str, str]], ...] = (
        (SpendBy.USER, "col_person", people),
        (SpendBy.MODEL, "col_model", {}),
        (SpendBy.ROLE, "col_role", roles),
    )
    for by, heading, names in parts:
        Tag("h3", say(f"spend_by_{by}"))
        _rows(session, heading, spend_by(session.platform, session.caller, since, by), names)


def _rows(session: Session, heading: str, rows: Sequence[SpendRow], names: dict[str, str]) -> None:
    say, number = admin_words(session), session.names.filters["number"]
    head = [say(heading), *(say(f"col_{name}") for name in ("calls", "tokens_in", "tokens_out", "cost"))]
    body, _right = table(head, (1, 2, 3, 4))
    for each in rows:
        with body, Tag("tr"):
            Tag("td", names.get(each.heading, each.heading))
            for value in (each.calls, each.input_tokens, each.output_tokens):
                Tag("td", number(value), "n")
            with Tag("td", classes="n"):
                Tag("span", number(each.cost, 4))
                if each.unpriced:
                    chip(say("unpriced", count=each.unpriced), "medium")
