"""Stock, prices, offers, contracts and people as tables."""

from collections.abc import Callable, Iterable, Sequence

from console.elements import Tag, chip, row, table
from core.domain.views.operations import ContractTerm, Cover, Quote
from core.domain.views.people import Stakeholder
from core.domain.views.proposals import Offer
from hub.rendering.labels import Labels

_SOON_DAYS = 60


def _head(labels: Labels, *names: str) -> list[str]:
    return [labels(f"col_{name}") for name in names]


def show_offers(labels: Labels, offers: Sequence[Offer]) -> None:
    """Proposed prices."""
    if not offers:
        return
    money, number = labels.filters["money"], labels.filters["number"]
    rows = table(_head(labels, "product", "quantity", "list", "offer", "total", "approval"), (1, 2, 3, 4))
    for offer in offers:
        row(
            rows,
            offer.product,
            number(offer.quantity),
            money(offer.list_price),
            (money(offer.unit_price), "strong"),
            money(offer.total),
            (labels("needs_approval"), "warn") if offer.needs_approval else (labels("within_policy"), "fine"),
        )


def show_covers(labels: Labels, covers: Sequence[Cover]) -> None:
    """Whether stock covers the need."""
    if not covers:
        return
    number, date = labels.filters["number"], labels.filters["date"]
    Tag("h3", labels("stock"))
    rows = table(_head(labels, "product", "needed", "available", "incoming", "short", "ready"), (1, 2, 3, 4))
    for cover in covers:
        incoming = number(cover.incoming)
        if cover.incoming_on:
            incoming = labels("incoming_on", count=cover.incoming, day=cover.incoming_on)
        row(
            rows,
            cover.product,
            number(cover.needed),
            number(cover.available),
            incoming,
            (number(cover.short_by), "bad" if cover.short_by > 0 else ""),
            date(cover.ready_on) if cover.ready_on else labels("not_known"),
        )


def show_quotes(labels: Labels, quotes: Sequence[Quote]) -> None:
    """How far prices may go down."""
    if not quotes:
        return
    number, money, percent = (labels.filters[name] for name in ("number", "money", "percent"))
    Tag("h3", labels("prices"))
    names = ("product", "quantity", "list", "floor_rep", "floor_approved", "asked", "play")
    rows = table(_head(labels, *names), (1, 2, 3, 4, 5))
    for quote in quotes:
        asked = quote.asked_discount
        beyond = asked is not None and asked > quote.max_discount_rep
        row(
            rows,
            quote.product,
            number(quote.quantity),
            money(quote.unit_price),
            f"{money(quote.floor_rep)} (−{percent(quote.max_discount_rep)})",
            f"{money(quote.floor_approved)} (−{percent(quote.max_discount_approved)})",
            ("–" if asked is None else percent(asked), "bad" if beyond else ""),
            quote.play or "–",
        )


def show_contracts(labels: Labels, contracts: Sequence[ContractTerm]) -> None:
    """Contracts with their end."""
    if not contracts:
        return
    money, date = labels.filters["money"], labels.filters["date"]
    Tag("h3", labels("contracts"))
    rows = table(_head(labels, "contract", "value", "ends"), (1,))
    for term in contracts:
        ends = date(term.ends_on) if term.ends_on else labels("open_ended")
        soon = term.days_left is not None and term.days_left < _SOON_DAYS
        if term.days_left is not None:
            left = term.days_left
            ends += labels.aside(labels("days_left", days=left) if left >= 0 else labels("days_over", days=-left))
        title = term.title + (labels.aside(term.number) if term.number else "")
        row(rows, title, money(term.value) if term.value else "–", (ends, "bad" if soon else ""))


def show_people(labels: Labels, people: Iterable[Stakeholder], opened: Callable[[Stakeholder], None]) -> None:
    """People with role, stance and influence; a click on a name opens the person."""
    percent, date = labels.filters["percent"], labels.filters["date"]
    body, _right = table(_head(labels, "name", "role", "stance", "influence", "last_seen"), (3,))
    for person in people:
        with body, Tag("tr"):
            with Tag("td"):
                Tag("button", person.name, "name").on("click", lambda person=person: opened(person))
                if not person.active:
                    chip(labels("left_company"), "stale")
                if person.title:
                    Tag("div", person.title, "soft")
            Tag("td", labels.name(person.main_role) if person.main_role else "–")
            with Tag("td"), Tag("span", classes=f"legend {person.stance}"), Tag("span"):
                Tag("i")
                Tag("span", labels.name(person.stance))
            with Tag("td", classes="n"):
                Tag("strong", percent(person.influence, 0))
                share = labels("influence_range", low=person.influence_low, high=person.influence_high)
                Tag("span", f" {share}", "soft")
            Tag("td", date(person.last_seen) if person.last_seen else "–")
