"""CSV and XLSX files that come out the same for the same rows."""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path

from openpyxl import Workbook

Cell = str | int | float | date | datetime | None
Rows = Iterable[Sequence[Cell]]

_ZIP_TIME = (2020, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def write_csv(path: Path, headings: Sequence[str], rows: Rows, encoding: str = "utf-8-sig") -> None:
    """Write `rows` under `headings`, quoted where needed, in `encoding`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(headings)
    writer.writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_xlsx(path: Path, sheet: str, headings: Sequence[str], rows: Rows) -> None:
    """Write one sheet, headings in the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.append(list(headings))
    for row in rows:
        page.append(list(row))
    book.save(path)
    settle_zip(path)


def settle_zip(path: Path) -> None:
    """Give an Office file fixed time stamps, so that equal content is equal bytes."""
    with zipfile.ZipFile(path) as source:
        members = [(name, source.read(name)) for name in sorted(source.namelist())]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members:
            settled = (
                _STAMP.sub(rb"\g<1>2020-01-01T00:00:00Z\g<2>", content) if name == "docProps/core.xml" else content
            )
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), settled, zipfile.ZIP_DEFLATED)
