"""Text of PDF, DOCX and TXT documents."""

import logging
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from connectors.exports.archives import DAMAGED, open_measured
from connectors.exports.decoding import read_text
from connectors.exports.outcome import RefusedError

MAX_PAGES = 500
MAX_PDF_BYTES = 100 * 2**20
MAX_CHARACTERS = 2_000_000


def read_document(path: Path) -> str:
    """The text of a document, table rows as `name: value` lines. Raises RefusedError."""
    suffix = path.suffix.lower()
    text = _pdf(path) if suffix == ".pdf" else _docx(path) if suffix == ".docx" else read_text(path)
    if len(text) > MAX_CHARACTERS:
        raise RefusedError("file", f"more than {MAX_CHARACTERS} characters of text")
    return text


def _pdf(path: Path) -> str:
    if path.stat().st_size > MAX_PDF_BYTES:
        raise RefusedError("file", f"larger than {MAX_PDF_BYTES // 2**20} MiB")
    # pypdf reports every oddity of a file through logging; what matters is whether text comes out.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedError("file", "the PDF is encrypted: save it without a password")
        if len(reader.pages) > MAX_PAGES:
            raise RefusedError("file", f"more than {MAX_PAGES} pages")
        text = "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, *DAMAGED):
        raise RefusedError("file", "not a readable PDF") from None
    if not text.strip():
        raise RefusedError("file", "the PDF holds no text, only pictures: run text recognition on it first")
    return text


def _docx(path: Path) -> str:
    with open_measured(path):
        pass
    try:
        return "\n".join(_blocks(path))
    except (PackageNotFoundError, *DAMAGED):
        raise RefusedError("file", "not a readable DOCX document") from None


def _blocks(path: Path) -> Iterator[str]:
    """Paragraphs and table rows in reading order."""
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # A merged cell is listed once for every column it covers.
                cells = list(dict.fromkeys(cell.text.strip() for cell in row.cells))
                yield ": ".join(cell.rstrip(":：") for cell in cells if cell)
        else:
            yield block.text
