"""Whatever a file holds: it is read or refused, and never stops the import."""

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.domain.accounts import Account
from tests.unit.exports.conftest import TODAY, read_folder
from tests.unit.exports.test_archives import zipped
from tests.unit.exports.test_contracts import ENGLISH, as_docx, as_pdf
from tests.unit.exports.test_tables import workbook

SUFFIXES = [
    *(".csv", ".tsv", ".xlsx", ".pdf", ".docx", ".txt", ".mbox", ".eml", ".vtt", ".srt", ".md", ".jsonl", ".zip"),
    *(".exe", ""),
]
ACME = Account(id="A1", name="Acme", domain="acme.example")
PIECES = [
    *("Account Name,Stage,Amount,Close Date\n", "Acme,Won,1e5,2026-01-01\n", "=1+1", '"', "\x00", "\r", "\n\n", ";"),
    *("WEBVTT\n\n", "00:00:01.000 --> 00:00:02.000\n", "1\n", "A: b\n", "Account: Acme\n", "Date: 2026-02-31\n"),
    *('{"id": "x", "account": "Acme"', '"at": 5}', "From x Mon\n", "From: a@acme.example\n", "Date: x\n\n", "# 甲\n"),
    *("Contract No: 1\n", "1. Payment\n", "甲方：Acme\n", "99999999999999999999", "\ud7ff", "第一条 付款\n", "合同"),
    *(
        "Content-Type: multipart/mixed; boundary=x\n",
        "--x\n",
        "Content-Transfer-Encoding: base64\n",
        "=?gb2312?B?!!?=\n",
    ),
]
CONTENT = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=20).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)


def outcome_of(name: str, content: bytes) -> int:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / name).write_bytes(content)
        result = read_folder(Path(place), [ACME])
    assert all(refusal.file and refusal.field and refusal.reason for refusal in result.refusals)
    return len(result.records) + len(result.refusals) + len(result.tables)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=25, deadline=None)
@given(content=CONTENT)
def test_any_content_is_read_or_refused(suffix: str, content: bytes) -> None:
    assert outcome_of(f"{TODAY}_Acme_market{suffix}", content) > 0


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
@settings(max_examples=20, deadline=None)
@given(content=CONTENT)
def test_office_files_with_any_parts_are_read_or_refused(suffix: str, content: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in ("[Content_Types].xml", "xl/workbook.xml", "word/document.xml", "_rels/.rels"):
            archive.writestr(part, content)
    assert outcome_of(f"contract{suffix}", buffer.getvalue()) > 0


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {
        ".xlsx": workbook(["Account Name", "Employees"], ["Horizon", 5]),
        ".docx": as_docx(ENGLISH),
        ".pdf": as_pdf(ENGLISH),
        ".zip": zipped({"accounts.csv": "Account Name,Industry\nHorizon,Steel\n"}),
    }


PLACES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8)


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".pdf", ".zip"])
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(changes=PLACES, cut=st.floats(0.01, 1))
def test_a_damaged_document_is_read_or_refused(
    documents: dict[str, bytes], suffix: str, changes: list[tuple[float, int]], cut: float
) -> None:
    damaged = bytearray(documents[suffix])
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    assert outcome_of(f"contract{suffix}", bytes(damaged)) > 0
    assert outcome_of(f"contract{suffix}", bytes(damaged[: int(cut * len(damaged)) or 1])) > 0


def test_entities_in_a_workbook_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", bomb)
        archive.writestr("xl/workbook.xml", bomb)
    assert outcome_of("accounts.xlsx", buffer.getvalue()) == 1
