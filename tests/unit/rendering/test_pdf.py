"""The package as a PDF: everything that is on the page, in letters that can be read again."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.errors import SetupError
from core.language import Lang
from hub.rendering.labels import load_labels
from hub.rendering.outline import READING_ORDER, outline_of
from hub.rendering.pdf.document import render_pdf
from hub.rendering.pdf.letters import marked_up
from tests.packages import build_package

HOSTILE = '</para><font color="red">x</font> & <a href="http://evil.example">click</a> \x00\x1b 恶意'


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in read(content).pages)


@pytest.mark.parametrize("lang", Lang)
def test_it_holds_every_sentence_and_every_source(lang: Lang) -> None:
    package = build_package(lang)
    found, outline = text_of(render_pdf(package)), outline_of(package)
    for claim in outline.reading:
        assert "".join(claim.text.split()) in found
    for _number, evidence in outline.sources:
        assert evidence is None or "".join(evidence.record.split()) in found
    for section in READING_ORDER:
        assert "".join(outline.labels.name(section).split()) in found


def test_sections_are_its_bookmarks_and_sources_are_one_click_away() -> None:
    package = build_package()
    document, labels = read(render_pdf(package)), load_labels(package.lang)
    titles = {entry.title for entry in document.outline if not isinstance(entry, list)}
    assert {labels.name(section) for section in READING_ORDER} <= titles
    links = [note for page in document.pages for note in page.get("/Annots", ()) if note.get_object().get("/Dest")]
    assert links
    assert document.metadata is not None
    assert document.metadata.title == labels("title", account=package.account)


def test_text_from_outside_is_set_as_it_stands() -> None:
    package = build_package(account=HOSTILE)
    package = package.model_copy(
        update={
            "purpose": HOSTILE,
            "claims": tuple(claim.model_copy(update={"text": HOSTILE}) for claim in package.claims),
            "evidence": {id_: each.model_copy(update={"quote": HOSTILE}) for id_, each in package.evidence.items()},
        }
    )
    document = read(render_pdf(package))
    assert '<fontcolor="red">x</font>&<ahref=' in text_of(render_pdf(package))
    addresses = [
        note.get_object().get("/A", {}).get("/URI") for page in document.pages for note in page.get("/Annots", ())
    ]
    assert not any(addresses)


def test_a_font_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    other = tmp_path / "font.ttf"
    other.write_text("no font")
    with pytest.raises(SetupError, match="SALESHUB_PDF_FONT"):
        render_pdf(build_package(), other)


def test_letters_are_in_a_font_that_has_them() -> None:
    assert marked_up("Zhou 周 <b>", "cn") == 'Zhou <font name="cn">周</font> &lt;b&gt;'
