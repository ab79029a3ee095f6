import io
import stat
import zipfile
from pathlib import Path

import pytest

from tests.unit.exports.conftest import Reader, read_folder

ACCOUNTS = "Account Name,Industry\nHorizon,Steel\n"


def zipped(members: dict[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_is_read_like_a_folder(read: Reader) -> None:
    result = read({"all.zip": zipped({"crm/accounts.csv": ACCOUNTS, "__MACOSX/x": "x"})})
    assert [record.kind for record in result.records] == ["account"]
    assert result.tables[0].file == "all.zip/crm/accounts.csv"


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.xlsx", "bomb.docx"])
def test_a_zip_bomb_is_refused_before_it_is_opened(read: Reader, name: str) -> None:
    bomb = zipped({f"xl/part{i}.xml": b"\0" * 5_000_000 for i in range(3)})
    [(row, field, reason)] = read({name: bomb}).refused
    assert (row, field) == (None, "file")
    assert "zip bomb" in reason


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_a_member_whose_path_escapes_is_refused_and_the_rest_is_read(read: Reader, tmp_path: Path, name: str) -> None:
    result = read({"mixed.zip": zipped({name: ACCOUNTS, "accounts.csv": ACCOUNTS})})
    assert len(result.records) == 1
    assert [(field, reason) for _, field, reason in result.refused] == [("path", "the path escapes the archive")]
    assert not list(tmp_path.rglob("evil.csv"))


def test_links_in_archives_are_refused(read: Reader) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("accounts.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "symbolic links" in read({"links.zip": buffer.getvalue()}).refused[0][2]


def test_an_archive_in_an_archive_is_refused(read: Reader) -> None:
    result = read({"outer.zip": zipped({"inner.zip": zipped({"accounts.csv": ACCOUNTS})})})
    assert "inside an archive" in result.refused[0][2]


@pytest.mark.parametrize("name", ["broken.zip", "broken.xlsx", "broken.docx", "broken.pdf"])
def test_a_damaged_file_is_refused(read: Reader, name: str) -> None:
    [(row, field, reason)] = read({name: b"PK\x03\x04 this is not what it says"}).refused
    assert (row, field) == (None, "file")
    assert "not a readable" in reason


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.zip", "a.mbox", "a.vtt", "a.pdf", "a.jsonl"])
def test_an_empty_file_is_refused(read: Reader, name: str) -> None:
    assert read({name: b""}).refused == [(None, "file", "empty file")]


@pytest.mark.parametrize(("name", "remedy"), [("a.xls", "XLSX"), ("a.doc", "DOCX"), ("a.exe", "accepted are CSV")])
def test_an_unknown_kind_of_file_names_what_is_accepted(read: Reader, name: str, remedy: str) -> None:
    assert remedy in read({name: b"x"}).refused[0][2]


def test_links_that_leave_the_folder_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "accounts.csv").write_text(ACCOUNTS)
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "accounts.csv").symlink_to(outside / "accounts.csv")
    (folder / "sub").symlink_to(outside, target_is_directory=True)
    result = read_folder(folder, [])
    assert result.records == []
    assert [refusal.file for refusal in result.refusals] == ["accounts.csv", "sub"]
    assert {refusal.field for refusal in result.refusals} == {"path"}


def test_hidden_and_temporary_files_are_left_out_with_a_note(read: Reader) -> None:
    result = read({".DS_Store": "x", "~$accounts.xlsx": "x", "accounts.csv": ACCOUNTS})
    assert len(result.records) == 1
    assert result.refusals == []
    assert result.notes == ["2 hidden or temporary files were left out"]


def test_binary_data_under_a_text_name_is_refused(read: Reader) -> None:
    assert read({"a.csv": bytes(range(256)) * 4}).records == []
    assert read({"b.csv": b"a,b\n\x00\x01,2\n"}).refused[0][1] == "file"
