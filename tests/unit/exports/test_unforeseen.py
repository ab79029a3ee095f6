from collections.abc import Iterator
from typing import NoReturn

import pytest

from connectors.exports import table_files
from connectors.exports.outcome import Outcome
from connectors.exports.rows import Row
from core.domain.base import Record
from tests.unit.exports.conftest import Reader
from tests.unit.exports.test_interactions import KNOWN, mail

DEALS = "Opportunity ID,Account Name,Stage\nO1,Acme,Won\nO2,Acme,Lost\n"


def test_a_failing_row_is_refused_and_the_rest_is_read(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    build = table_files._BUILDERS["opportunity"]

    def fail_on_first(row: Row) -> Record:
        if row.need("id") == "O1":
            raise ArithmeticError("never\nprovided for")
        return build(row)

    monkeypatch.setitem(table_files._BUILDERS, "opportunity", fail_on_first)
    result = read({"deals.csv": DEALS})
    assert [record.id for record in result.records] == ["O2"]
    assert result.refused == [
        (2, "row", "cannot be read (ArithmeticError: never provided for): correct it or leave it out")
    ]


@pytest.mark.parametrize("step", ["plan_tables", "read_table"])
def test_a_failing_table_is_refused_and_the_other_files_are_read(
    read: Reader, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_given: object) -> Iterator[Outcome]:
        yield from ()
        raise RecursionError

    monkeypatch.setattr(f"connectors.exports.read.{step}", fail)
    result = read({"deals.csv": DEALS, "a.eml": mail("bo@acme-drives.example", "wang.fang@vendor.example")}, KNOWN)
    assert [record.kind for record in result.records] == ["interaction"]
    assert [(refusal.file, refusal.field) for refusal in result.refusals] == [("deals.csv", "file")]


def test_a_failing_mail_or_document_is_refused(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> NoReturn:
        raise RecursionError

    monkeypatch.setattr("connectors.exports.mails.body_of", fail)
    monkeypatch.setattr("connectors.exports.read.read_contract", fail)
    result = read({"a.eml": mail("bo@acme-drives.example", "x@y.example"), "contract.docx": b"x"}, KNOWN)
    assert result.records == []
    assert {(refusal.file, refusal.row) for refusal in result.refusals} == {("a.eml", 1), ("contract.docx", None)}
