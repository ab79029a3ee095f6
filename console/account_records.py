"""What the systems hold of a customer: exchanges, open deals, contracts and orders."""

from collections.abc import Sequence
from datetime import date

from nicegui import ui

from console.account_charts import COLOURS, contact_options
from console.account_view import AccountView
from console.elements import Tag, chip, note, row, table
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, Order
from core.domain.interactions import Author, Interaction
from hub.rendering.labels import Labels, load_labels

_TIMELINE = 10
_ORDERS = 6
_GIST = 180


def show_deals(view: AccountView, deals: Sequence[Opportunity]) -> None:
    """Deals that can still be won, the next to close first."""
    if not deals:
        note(view.say("no_deals"))
    stages, money = load_labels(view.session.lang, "effects"), view.names.filters["money"]
    for deal in sorted(deals, key=lambda deal: deal.close_on or date.max):
        about = [stages(f"value_{deal.stage}")]
        if deal.close_on:
            about.append(view.say("closes_on", day=deal.close_on))
        if deal.discount:
            about.append(view.say("at_discount", share=deal.discount))
        if deal.competitor:
            about.append(view.say("against", name=deal.competitor))
        late = deal.close_on is not None and deal.close_on < view.today
        with ui.element("div").classes("entry"):
            with ui.element("div").classes("line"):
                Tag("strong", deal.name)
                Tag("span", money(deal.amount) if deal.amount else "–", "n")
            Tag("div", " · ".join(about), "soft warn" if late else "soft")
            if deal.next_step:
                Tag("div", view.say("next_step", text=deal.next_step), "soft")


def show_contracts(view: AccountView, contracts: Sequence[Contract]) -> None:
    """Contracts with the time they hold, the one that ends last first."""
    if not contracts:
        note(view.say("no_contracts"))
    for contract in sorted(contracts, key=lambda each: each.ends_on or date.max, reverse=True):
        over = contract.ends_on is not None and contract.ends_on < view.today
        term = view.term(contract.starts_on or contract.signed_on, contract.ends_on)
        with ui.element("div").classes("entry"):
            with ui.element("div").classes("line"):
                Tag("strong", contract.title)
                if contract.value:
                    Tag("span", view.names.filters["money"](contract.value), "n")
            with ui.element("div"):
                Tag("span", " · ".join(filter(None, (contract.number, term))), "soft")
                if over:
                    chip(view.say("over"), "plain over")


def show_orders(view: AccountView, orders: Sequence[Order]) -> None:
    """The latest orders."""
    if not orders:
        note(view.say("no_orders"))
        return
    money, day = view.names.filters["money"], view.names.filters["date"]
    rows = table([view.say(f"column_{name}") for name in ("order", "product", "amount", "delivery")], (2,))
    for order in reversed(orders[-_ORDERS:]):
        product = " × ".join(filter(None, (str(order.quantity or ""), order.product_id)))
        delivery = filter(None, (day(order.delivery_on) if order.delivery_on else None, order.status))
        row(rows, order.id, product, money(order.amount) if order.amount else "–", " · ".join(delivery) or "–")


def show_timeline(view: AccountView, found: Sequence[Interaction]) -> None:
    """Exchanges by month, then one by one, the newest first."""
    if not found:
        note(view.say("no_exchanges"))
        return
    chart = ui.echart(contact_options(found, view.today, view.names), renderer="svg").classes("months")
    chart.props("role=img").props["aria-label"] = view.say("timeline_chart")
    with ui.element("div").classes("legend"):
        for form, colour in COLOURS.items():
            if any(each.form is form for each in found):
                with Tag("span"):
                    Tag("i", classes="sq").style(f"background: {colour}")
                    Tag("span", view.names.name(form))
    place = Tag("ol", classes="exchanges")
    with place:
        for each in found[:_TIMELINE]:
            _exchange(view.say, view.names, each)
    older = found[_TIMELINE:]
    if not older:
        return

    def show_older() -> None:
        more.delete()
        with place:
            for each in older:
                _exchange(view.say, view.names, each)

    more = Tag("button", view.say("older", count=len(older)), "button quiet").on("click", show_older)


def _exchange(say: Labels, names: Labels, item: Interaction) -> None:
    gist = " ".join(item.text.split())
    whole = len(gist) <= _GIST
    with Tag("li").style(f"--c: {COLOURS[item.form]}"):
        with ui.element("div").classes("when"):
            Tag("span", names.filters["date"](item.at))
            Tag("span", names.name(item.form), "soft")
        with ui.element("div"):
            with ui.element("div"):
                Tag("strong", item.subject or say("no_subject"))
                if item.author is Author.INTERNAL:
                    chip(say("internal"), "plain over")
            if item.sender:
                people = say("from_to", sender=item.sender, names=list(item.recipients[:3])) if item.recipients else ""
                Tag("div", people or item.sender, "soft")
            if whole:
                Tag("p", item.text, "said")
            else:
                with Tag("details"):
                    Tag("summary", f"{gist[:_GIST].rstrip()}…")
                    Tag("p", item.text, "said")
