"""A package on the screen: what to know first, then section by section, each sentence with its sources."""

import asyncio
from collections.abc import Callable
from functools import partial

from nicegui import ui

from console.acting import show_refusal
from console.drawer import Drawer
from console.elements import Tag, chip, note
from console.review_view import STATUS_CHIPS
from console.sections import SECTIONS, View
from console.session import Session
from console.share_panel import SharePanel, share_words
from core.domain.claims import Section
from core.domain.packages import Package, SectionStatus
from core.errors import HubError
from core.policy.permissions import Action, may
from hub.effects.proposing import propose_follow_ups
from hub.rendering.html import render_html
from hub.rendering.labels import load_labels
from hub.rendering.markdown import render_markdown
from hub.rendering.outline import READING_ORDER, outline_of


def show_package(session: Session, package: Package) -> None:
    """Draw the package, in its own language."""
    outline = outline_of(package)
    view = View(outline, Drawer(outline), session.say)
    with ui.element("div").classes("package"):
        _contents(view)
        with Tag("article"):
            _title(view)
            _actions(session, package)
            _summary(view)
            for section in READING_ORDER:
                _section(view, section)
            _reviews(session, view)
            _sources(view)
            Tag("footer", view.labels("footer"))


def _title(view: View) -> None:
    package, labels = view.outline.package, view.labels
    when = [labels("package_name")]
    if package.visit_on:
        when.append(labels("visit_on", day=package.visit_on))
    if package.attendees:
        when.append(labels("with_people", names=package.attendees))
    Tag("p", " · ".join(when), "kicker")
    Tag("h1", package.account)
    Tag("p", package.purpose, "purpose")
    with Tag("p", classes="meta"):
        chip(labels.name(package.status), package.status)
        made = labels("made", at=package.created_at, seconds=package.elapsed_ms / 1000, engine=labels.engine(package))
        Tag("span", made)


def _actions(session: Session, package: Package) -> None:
    say = session.say
    with ui.element("div").classes("actions"):
        if may(session.came_as, Action.PROPOSE_EFFECT):
            Tag("button", say("follow_up"), "button").on("click", lambda: _propose(session, package))
        Tag("button", share_words(session)("share"), "button quiet").on("click", SharePanel(session, package).open)
        Tag("a", f"↓ {say('pdf')}", "button quiet").props["href"] = f"/visits/{package.run_id}/package.pdf"
        printable = Tag("a", say("print"), "button quiet").props("target=_blank rel=noopener")
        printable.props["href"] = f"/visits/{package.run_id}/print"
        for label, write, suffix, kind in (
            (say("markdown"), render_markdown, "md", "text/markdown"),
            (say("web_page"), render_html, "html", "text/html"),
            (say("json"), _as_json, "json", "application/json"),
        ):
            button = Tag("button", f"↓ {label}", "button quiet")
            button.on("click", partial(_download, package, write, suffix, kind))
            button.props["title"] = say("download")


async def _propose(session: Session, package: Package) -> None:
    """Propose what the package suggests to write, and show what has become of it."""
    try:
        found = await asyncio.to_thread(propose_follow_ups, session.platform, session.caller, package.run_id)
    except HubError as error:
        show_refusal(session, error)
        return
    ui.navigate.to(f"/effects?run={package.run_id}" if found.effects else "/effects")


def _download(package: Package, write: Callable[[Package], str], suffix: str, kind: str) -> None:
    ui.download.content(write(package), f"visit-{package.run_id}.{suffix}", kind)


def _as_json(package: Package) -> str:
    return package.model_dump_json(indent=2)


def _summary(view: View) -> None:
    outline, labels = view.outline, view.labels
    if outline.summary:
        with ui.element("div").classes("summary"):
            Tag("h2", labels("read_first"))
            view.claims(outline.summary)
    if outline.gaps:
        with ui.element("div").classes("gaps"):
            Tag("strong", labels("gaps"))
            with Tag("ul"):
                for section, reason in outline.gaps:
                    with Tag("li"):
                        Tag("a", labels.name(section)).props(f"href=#{section}")
                        Tag("span", f" {reason}")


def _contents(view: View) -> None:
    labels = view.labels
    with Tag("nav", classes="contents") as nav:
        for section in READING_ORDER:
            status = view.outline.package.sections.of(section).status
            Tag("a", labels.name(section), status).props(f"href=#{section}")
        Tag("a", labels("reviews")).props("href=#reviews")
        Tag("a", labels("sources")).props("href=#sources")
    nav.props["aria-label"] = labels("contents")


def _section(view: View, section: Section) -> None:
    part, labels = view.outline.package.sections.of(section), view.labels
    with Tag("section").props(f"id={section}"):
        with Tag("header"):
            Tag("h2", labels.name(section))
            if part.status is not SectionStatus.OK:
                chip(labels.name(part.status), part.status)
            if part.as_of is not None:
                Tag("span", labels("as_of", at=part.as_of), "as-of")
        if part.status is not SectionStatus.OK:
            Tag("p", part.reason or labels("section_missing"), f"reason {part.status}")
        if part.data is not None:
            SECTIONS[section](view, part.data)
        view.claims(view.outline.remaining(section))


def _reviews(session: Session, view: View) -> None:
    labels, reviews = view.labels, view.outline.package.reviews
    say = load_labels(session.lang, "reviews")
    if not reviews:
        return
    with Tag("section").props("id=reviews"):
        with Tag("header"):
            Tag("h2", labels("reviews"))
        with ui.element("div").classes("cards"):
            for review in reviews:
                claims = view.outline.of(review.claims)
                with ui.element("div").classes("card"):
                    with ui.element("div").classes("line"):
                        Tag("a", labels.name(review.department), "strong").props(f"href=/reviews/{review.id}")
                        chip(say.name(review.status), STATUS_CHIPS[review.status])
                    if not claims:
                        note(labels("review_nothing"))
                        continue
                    if not review.status.is_over:
                        note(labels("review_due", at=review.due_at))
                    with Tag("details"):
                        Tag("summary", labels("review_items", count=len(claims)))
                        view.claims(claims)


def _sources(view: View) -> None:
    labels = view.labels
    with Tag("section").props("id=sources"), Tag("details"):
        Tag("summary", f"{labels('sources')} ({len(view.outline.sources)})")
        for number, evidence in view.outline.sources:
            with ui.element("div").classes("source"):
                Tag("span", str(number), "soft")
                with ui.element("div"):
                    view.drawer.source(evidence)
