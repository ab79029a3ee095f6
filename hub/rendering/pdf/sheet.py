"""The look of the PDF: colours as on the page, styles of paragraphs and tables, and what stands on every sheet."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from core.language import Lang
from hub.rendering.pdf.letters import LATIN, LATIN_BOLD, font_of, marked_up
from hub.rendering.style import TEMPLATES

MARGIN = 46
WIDTH = A4[0] - 2 * MARGIN
_NARROWEST, _WIDEST = 46.0, 100.0
_TAG = re.compile(r"<[^>]+>")
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


@cache
def colours() -> dict[str, Color]:
    """The colours of the light page by their names there."""
    return {name: HexColor(value) for name, value in _COLOUR.findall((TEMPLATES / "light.css").read_text("utf-8"))}


@dataclass(frozen=True)
class Sheet:
    """What is needed to set text: the language, and the font for letters that are not Latin."""

    lang: Lang
    chinese: str

    def markup(self, text: str) -> str:
        """Text from anywhere as markup that shows it as it stands."""
        return marked_up(text, self.chinese)

    def strong(self, text: str) -> str:
        """The same, set off."""
        return f'<font name="{LATIN_BOLD}">{self.markup(text)}</font>'

    def soft(self, text: str) -> str:
        """The same, quiet."""
        return f'<font color="{colours()["muted"].hexval()}" size="8.5">{self.markup(text)}</font>'

    def paragraph(self, markup: str, style: str = "text", bullet: str | None = None) -> Paragraph:
        """A paragraph of markup."""
        return Paragraph(markup, self._style(style), bulletText=bullet)

    def bullets(self, items: Iterable[str]) -> list[Flowable]:
        """A list of markup."""
        return [self.paragraph(item, "item", "•") for item in items]

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], figures: Iterable[int] = ()) -> list[Flowable]:
        """A table of markup, its head repeated on every sheet; columns in `figures` are set right.

        Nothing without rows.
        """
        right, found = set(figures), [tuple(row) for row in rows]
        if not found:
            return []
        cells = [
            [self.paragraph(cell, "figure" if place in right else "cell") for place, cell in enumerate(row)]
            for row in found
        ]
        top = [
            self.paragraph(self.markup(name), "head_right" if place in right else "head")
            for place, name in enumerate(head)
        ]
        narrow = {place: self._room([row[place] for row in found]) for place in right}
        wide = (WIDTH - sum(narrow.values())) / max(1, len(head) - len(right))
        widths = [narrow.get(place, wide) for place in range(len(head))]
        made = Table([top, *cells], colWidths=widths, repeatRows=1, hAlign="LEFT")
        made.setStyle(_table_style())
        return [made, Spacer(1, 8)]

    def _room(self, cells: Iterable[str]) -> float:
        """How wide a column of figures must be for none of them to break, within reason."""
        lines = (_TAG.sub("", line) for cell in cells for line in cell.split("<br/>"))
        widest = max(stringWidth(line, font_of(line, self.chinese, bold=True), 8.6) for line in lines)
        return min(max(widest + 10, _NARROWEST), _WIDEST)

    def _style(self, name: str) -> ParagraphStyle:
        return _styles(self.lang)[name]


@cache
def _styles(lang: Lang) -> dict[str, ParagraphStyle]:
    shade = colours()
    chinese: dict[str, Any] = {"wordWrap": "CJK"} if lang is Lang.ZH else {}
    text = ParagraphStyle(
        "text", fontName=LATIN, fontSize=9.8, leading=14.2, textColor=shade["ink"], spaceAfter=3, **chinese
    )
    small = ParagraphStyle("small", text, fontSize=8.6, leading=11.6, spaceAfter=0)
    head = ParagraphStyle("head", small, fontName=LATIN_BOLD, fontSize=7.8, textColor=shade["muted"])
    return {
        "text": text,
        "kicker": ParagraphStyle("kicker", text, textColor=shade["muted"], fontSize=9),
        "title": ParagraphStyle("title", text, fontName=LATIN_BOLD, fontSize=22, leading=27, spaceAfter=4),
        "purpose": ParagraphStyle("purpose", text, fontSize=12, leading=16.5, spaceAfter=5),
        "h2": ParagraphStyle(
            "h2", text, fontName=LATIN_BOLD, fontSize=13, leading=17, spaceBefore=15, spaceAfter=5, keepWithNext=1
        ),
        "h3": ParagraphStyle("h3", head, fontSize=8.6, leading=12, spaceBefore=6, spaceAfter=3, keepWithNext=1),
        "item": ParagraphStyle("item", text, leftIndent=11, bulletIndent=1, bulletColor=shade["accent"]),
        "soft": ParagraphStyle("soft", text, textColor=shade["muted"], fontSize=8.6, leading=12),
        "gap": ParagraphStyle(
            "gap", text, textColor=shade["medium"], backColor=shade["medium-soft"], borderPadding=5, spaceAfter=9
        ),
        "quote": ParagraphStyle("quote", text, leftIndent=11, textColor=shade["muted"]),
        "source": ParagraphStyle("source", small, leftIndent=22, bulletIndent=0, spaceAfter=4),
        "cell": small,
        "figure": ParagraphStyle("figure", small, alignment=2),
        "head": head,
        "head_right": ParagraphStyle("head_right", head, alignment=2),
    }


def _table_style() -> TableStyle:
    shade = colours()
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, shade["ink"]),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, shade["line"]),
        ]
    )


class Document(BaseDocTemplate):
    """A document whose headings are its bookmarks, with its title and the page on every sheet."""

    def __init__(self, target: Any, title: str, sheet: Sheet) -> None:
        super().__init__(target, pagesize=A4, title=title, author="saleshub", lang=sheet.lang.value)
        body = Frame(MARGIN, MARGIN, WIDTH, A4[1] - 2 * MARGIN, leftPadding=0, rightPadding=0, topPadding=0)
        self.addPageTemplates(PageTemplate("sheet", [body], onPage=self._foot))
        self._running = title
        self._sheet = sheet

    def _foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFillColor(colours()["muted"])
        canvas.setFont(font_of(self._running, self._sheet.chinese), 8)
        canvas.drawString(MARGIN, MARGIN - 20, self._running[:90])
        canvas.setFont(LATIN, 8)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN - 20, str(canvas.getPageNumber()))
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - the library calls it so
        """Make a bookmark of a heading."""
        if isinstance(flowable, Paragraph) and flowable.style.name == "h2":
            key = f"h{id(flowable)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, 0)
