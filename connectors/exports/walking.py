"""From the paths a user names to the files to read: folders walked, archives unpacked, nothing outside them touched."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.exports.archives import extract, open_measured
from connectors.exports.outcome import Note, Refusal, RefusedError

_JUNK = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read and the name it is reported under: relative to the folder or archive it was found in."""

    path: Path
    shown: str

    @property
    def suffix(self) -> str:
        """The file's ending in lower case, with its dot."""
        return self.path.suffix.lower()


def find_files(paths: Sequence[Path], stack: ExitStack) -> Iterator[SourceFile | Refusal | Note]:
    """The files below `paths`, in order of their names; archives are unpacked until `stack` closes."""
    for given in paths:
        if given.is_dir():
            yield from _below(given, "", stack)
        else:
            yield from _one(given, given.name, stack)


def _below(folder: Path, prefix: str, stack: ExitStack) -> Iterator[SourceFile | Refusal | Note]:
    root = folder.resolve()
    skipped = 0
    for place, subfolders, names in os.walk(folder):
        subfolders.sort()
        for name in sorted([*names, *subfolders]):
            path = Path(place) / name
            shown = prefix + path.relative_to(folder).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield Refusal(shown, None, "path", "a link that leads outside the given folder is not followed")
            elif name in subfolders or (path.is_symlink() and path.is_dir()):
                continue
            elif name.startswith((".", "~$")) or name.lower() in _JUNK or "__MACOSX" in shown:
                skipped += 1
            else:
                yield from _one(path, shown, stack)
    if skipped:
        yield Note(prefix.rstrip("/") or folder.name, f"{skipped} hidden or temporary files were left out")


def _one(path: Path, shown: str, stack: ExitStack) -> Iterator[SourceFile | Refusal | Note]:
    if not path.is_file():
        yield Refusal(shown, None, "file", "not a regular file")
    elif path.stat().st_size == 0:
        yield Refusal(shown, None, "file", "empty file")
    elif not os.access(path, os.R_OK):
        yield Refusal(shown, None, "file", "not readable: check its permissions")
    elif path.suffix.lower() == ".zip":
        yield from _unpacked(path, shown, stack)
    else:
        yield SourceFile(path, shown)


def _unpacked(path: Path, shown: str, stack: ExitStack) -> Iterator[SourceFile | Refusal | Note]:
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="saleshub-")))
    try:
        with open_measured(path) as archive:
            yield from extract(archive, shown, folder)
    except RefusedError as refused:
        yield refused.at(shown)
    else:
        yield from _below(folder, f"{shown}/", stack)
