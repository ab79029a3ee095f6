"""The package as Markdown: fit for a terminal, a mail or a wiki, with sources as numbered footnotes."""

import re

from core.domain.claims import Claim, ClaimState
from core.domain.packages import Package, SectionStatus
from hub.rendering.facts import spoken
from hub.rendering.markdown_sections import BRIEF_SECTIONS, SECTIONS, edited, mark, notes
from hub.rendering.marked import bullets, escape
from hub.rendering.outline import READING_ORDER, Outline, outline_of

_BLANK_LINES = re.compile(r"\n{3,}")


def render_markdown(package: Package) -> str:
    """The whole package in its own language. Text from outside is escaped: it cannot mark up, link or embed."""
    outline = outline_of(package)
    lines = [*_head(outline), *_summary(outline), *_gaps(outline)]
    for section in READING_ORDER:
        lines += ["", f"## {outline.labels.name(section)}", ""]
        part = package.sections.of(section)
        if part.status is not SectionStatus.OK:
            lines += [f"> **{outline.labels.name(part.status)}** {escape(part.reason or '')}", ""]
        if part.status is not SectionStatus.MISSING:
            lines += SECTIONS[section](outline)
        lines += bullets(mark(outline, claim) for claim in outline.remaining(section))
    lines += [*_reviews(outline), *_sources(outline)]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def render_brief(package: Package) -> str:
    """What fits a few screens: the plan, the risks and short tables, the pre-reviews counted; no sources.

    The numbers in brackets are those of the sources of the whole package.
    """
    outline = outline_of(package)
    lines = [*_head(outline), *_summary(outline), *_gaps(outline)]
    for section, write in BRIEF_SECTIONS.items():
        body = write(outline)
        if any(body):
            lines += ["", f"## {outline.labels.name(section)}", "", *body]
    lines += [*_review_counts(outline), "", outline.labels("brief_more", run=escape(package.run_id))]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _head(outline: Outline) -> list[str]:
    package, labels = outline.package, outline.labels
    made = labels(
        "made", at=package.created_at, seconds=package.elapsed_ms / 1000, engine=escape(labels.engine(package))
    )
    when = []
    if package.visit_on is not None:
        when.append(labels("visit_on", day=package.visit_on))
    if package.attendees:
        when.append(labels("with_people", names=[escape(name) for name in package.attendees]))
    return [
        f"# {labels('title', account=escape(package.account))}",
        "",
        f"{labels.pair(_strong(labels('purpose')), escape(package.purpose))}  ",
        *([f"{' · '.join(when)}  "] if when else []),
        made,
        "",
    ]


def _summary(outline: Outline) -> list[str]:
    if not outline.summary:
        return []
    return [f"## {outline.labels('read_first')}", *bullets(mark(outline, claim) for claim in outline.summary)]


def _gaps(outline: Outline) -> list[str]:
    if not outline.gaps:
        return []
    labels = outline.labels
    named = (labels.pair(_strong(labels.name(section)), escape(reason)) for section, reason in outline.gaps)
    return [f"## {labels('gaps')}", *bullets(named)]


def _reviews(outline: Outline) -> list[str]:
    if not outline.package.reviews:
        return []
    labels = outline.labels
    lines = ["", f"## {labels('reviews')}", ""]
    for review in outline.package.reviews:
        claims = outline.of(review.claims)
        if not claims:
            lines += [labels.pair(_strong(labels.name(review.department)), labels("review_nothing")), ""]
            continue
        due = labels("review_due", at=review.due_at)
        lines += [labels.apposition(_strong(labels.name(review.department)), due)]
        lines += bullets(_flagged(outline, claim) for claim in claims)
    return lines


def _review_counts(outline: Outline) -> list[str]:
    labels = outline.labels
    lines = [
        labels.pair(
            _strong(labels.name(review.department)),
            labels.apposition(labels("review_items", count=count), labels("review_due", at=review.due_at))
            if (count := len(outline.of(review.claims)))
            else labels("review_nothing"),
        )
        for review in outline.package.reviews
    ]
    return ["", f"## {labels('reviews')}", *bullets(lines)] if lines else []


def _flagged(outline: Outline, claim: Claim) -> str:
    """A claim as a reviewer finds it: its section, and so many of its words that one knows it again."""
    labels = outline.labels
    flag = "" if claim.state is ClaimState.SUPPORTED else labels.aside(labels.name(claim.state))
    text = escape(outline.reference(claim) or claim.text)
    return labels.pair(f"*{labels.name(claim.section)}*", text + flag + edited(outline, claim) + notes(outline, claim))


def _sources(outline: Outline) -> list[str]:
    if not outline.sources:
        return []
    labels = outline.labels
    lines = ["", f"## {labels('sources')}", ""]
    for number, evidence in outline.sources:
        if evidence is None:
            lines += [f"[^{number}]: {labels('source_hidden')}", ""]
            continue
        system, record = labels.name(evidence.source), escape(evidence.record)
        where = labels("source_line", system=system, record=record, at=evidence.as_of)
        lines += [f"[^{number}]: {labels.pair(where, labels('quoted', text=escape(spoken(labels, evidence))))}", ""]
    return lines


def _strong(text: str) -> str:
    return f"**{text}**"
