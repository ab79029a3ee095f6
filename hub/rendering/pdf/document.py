"""The package as a PDF: the same order and the same sentences as on the page, each with its sources at the end."""

from io import BytesIO
from pathlib import Path

from reportlab.platypus import Flowable

from core.domain.claims import Section
from core.domain.packages import Package, SectionStatus
from hub.rendering.facts import spoken
from hub.rendering.outline import READING_ORDER, Outline, outline_of
from hub.rendering.pdf.claims import Sentences
from hub.rendering.pdf.letters import chinese_font
from hub.rendering.pdf.sections import SECTIONS
from hub.rendering.pdf.sheet import Document, Sheet


def render_pdf(package: Package, font: Path | None = None) -> bytes:
    """The whole package in its own language, on A4. `font` has letters that are not Latin (SALESHUB_PDF_FONT).

    Text from outside is set as it stands. Raises SetupError when the font named cannot be used.
    """
    outline = outline_of(package)
    sheet = Sheet(package.lang, chinese_font(font))
    says = Sentences(outline, sheet)
    story = [*_head(outline, sheet), *_summary(says), *_gaps(outline, sheet)]
    for section in READING_ORDER:
        story += _section(says, section)
    story += [*_reviews(says), *_sources(outline, sheet)]
    target = BytesIO()
    Document(target, outline.labels("title", account=package.account), sheet).build(story)
    return target.getvalue()


def _head(outline: Outline, sheet: Sheet) -> list[Flowable]:
    package, labels = outline.package, outline.labels
    when = [labels("package_name")]
    if package.visit_on is not None:
        when.append(labels("visit_on", day=package.visit_on))
    if package.attendees:
        when.append(labels("with_people", names=package.attendees))
    made = labels("made", at=package.created_at, seconds=package.elapsed_ms / 1000, engine=labels.engine(package))
    return [
        sheet.paragraph(sheet.markup(" · ".join(when)), "kicker"),
        sheet.paragraph(sheet.markup(package.account), "title"),
        sheet.paragraph(sheet.markup(package.purpose), "purpose"),
        sheet.paragraph(sheet.markup(f"{labels.name(package.status)} · {made}"), "soft"),
    ]


def _heading(sheet: Sheet, text: str) -> list[Flowable]:
    return [sheet.paragraph(sheet.markup(text), "h2")]


def _summary(says: Sentences) -> list[Flowable]:
    outline, sheet = says.outline, says.sheet
    if not outline.summary:
        return []
    return [*_heading(sheet, outline.labels("read_first")), *sheet.bullets(says.claims(outline.summary))]


def _gaps(outline: Outline, sheet: Sheet) -> list[Flowable]:
    labels = outline.labels
    if not outline.gaps:
        return []
    told = (labels.pair(labels.name(section), reason) for section, reason in outline.gaps)
    return [*_heading(sheet, labels("gaps")), *sheet.bullets(sheet.markup(each) for each in told)]


def _section(says: Sentences, section: Section) -> list[Flowable]:
    outline, sheet, labels = says.outline, says.sheet, says.outline.labels
    part = outline.package.sections.of(section)
    found = _heading(sheet, labels.name(section))
    if part.status is not SectionStatus.OK:
        why = labels.pair(labels.name(part.status), part.reason or labels("section_missing"))
        found.append(sheet.paragraph(sheet.markup(why), "gap"))
    if part.data is not None:
        found += SECTIONS[section](says, part.data)
    return [*found, *sheet.bullets(says.claims(outline.remaining(section)))]


def _reviews(says: Sentences) -> list[Flowable]:
    outline, sheet, labels = says.outline, says.sheet, says.outline.labels
    if not outline.package.reviews:
        return []
    found = _heading(sheet, labels("reviews"))
    for review in outline.package.reviews:
        claims = outline.of(review.claims)
        named = labels.name(review.department)
        if not claims:
            found.append(sheet.paragraph(sheet.markup(labels.pair(named, labels("review_nothing")))))
            continue
        due = labels.apposition(labels("review_items", count=len(claims)), labels("review_due", at=review.due_at))
        found.append(sheet.paragraph(sheet.strong(labels.pair(named, "")) + sheet.markup(due)))
        for claim in claims:
            text = outline.reference(claim)
            item = says.claim(claim) if text is None else sheet.markup(text) + says.marks(claim)
            found.append(sheet.paragraph(item, "item", "•"))
    return found


def _sources(outline: Outline, sheet: Sheet) -> list[Flowable]:
    labels = outline.labels
    if not outline.sources:
        return []
    found = _heading(sheet, labels("sources"))
    for number, evidence in outline.sources:
        anchor = f'<a name="s{number}"/>'
        if evidence is None:
            found.append(sheet.paragraph(anchor + sheet.markup(labels("source_hidden")), "source", str(number)))
            continue
        system = labels.name(evidence.source)
        where = labels("source_line", system=system, record=evidence.record, at=evidence.as_of)
        said = labels("quoted", text=spoken(labels, evidence))
        text = f"{anchor}{sheet.soft(where)}<br/>{sheet.markup(said)}"
        found.append(sheet.paragraph(text, "source", str(number)))
    return found
