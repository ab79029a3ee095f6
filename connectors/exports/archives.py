"""Zip files (archives of exports, and the office formats) are measured before anything in them is opened."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from connectors.exports.outcome import Refusal, RefusedError

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 200 * 2**20
MAX_TOTAL_BYTES = 500 * 2**20
# Deflate reaches about 1000:1 on constant data; spreadsheets and mail stay below 40:1.
MAX_RATIO = 150
_RATIO_MATTERS_FROM = 2**20
# What readers of zip containers, and of the documents in them, raise on damaged data.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError),
    *(ValueError, TypeError, LookupError, AttributeError, SyntaxError, AssertionError),
)
_ARCHIVES = {".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".zst"}


@contextmanager
def open_measured(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip file at `path`, refused when its central directory shows a bomb. Raises RefusedError."""
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED:
        raise RefusedError("file", "not a readable zip container") from None
    with archive:
        _measure(archive)
        yield archive


def extract(archive: zipfile.ZipFile, shown: str, into: Path) -> Iterator[Refusal]:
    """Write the members of a measured archive below `into`; yields a refusal for each that stays out."""
    for member in archive.infolist():
        if member.is_dir():
            continue
        try:
            target = into / _safe_path(member)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(archive, member, target)
        except RefusedError as refused:
            yield refused.at(f"{shown}/{member.filename}")
        except DAMAGED:
            yield Refusal(f"{shown}/{member.filename}", None, "file", "damaged or encrypted archive member")


def _measure(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise RefusedError("file", f"zip bomb: {len(members)} members, at most {MAX_MEMBERS} are accepted")
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MAX_TOTAL_BYTES:
        raise RefusedError("file", f"zip bomb: {total // 2**20} MiB unpacked, at most {MAX_TOTAL_BYTES // 2**20}")
    largest = max((member.file_size for member in members), default=0)
    if largest > MAX_MEMBER_BYTES:
        raise RefusedError("file", f"zip bomb: a member of {largest // 2**20} MiB")
    if total > _RATIO_MATTERS_FROM and total > MAX_RATIO * max(packed, 1):
        raise RefusedError("file", f"zip bomb: unpacks to {total // max(packed, 1)} times its size")


def _safe_path(member: zipfile.ZipInfo) -> PurePosixPath:
    """The member's path, when it stays inside the folder it is unpacked to."""
    name = member.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or PureWindowsPath(name).is_absolute() or PureWindowsPath(name).drive or ".." in path.parts:
        raise RefusedError("path", "the path escapes the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedError("path", "symbolic links in archives are not followed")
    if path.suffix.lower() in _ARCHIVES:
        raise RefusedError("file", "an archive inside an archive is not opened: unpack it first")
    return path


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one member, stopping where it grows beyond what it declared."""
    left = member.file_size
    with archive.open(member) as source, target.open("wb") as sink:
        while chunk := source.read(2**20):
            left -= len(chunk)
            if left < 0:
                raise RefusedError("file", "zip bomb: larger than its directory says")
            sink.write(chunk)
