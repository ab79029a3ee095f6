"""Reading the files of a set, so that a fault names file, line and remedy."""

import json
from pathlib import Path

from core.errors import InvalidInputError
from evals.suites.suite import Item


def read_lines(path: Path) -> list[Item]:
    """The objects of a JSON Lines file. Raises InvalidInputError when it is missing or a line is no JSON object."""
    items: list[Item] = []
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise _unusable(path, f"line {number} is not JSON: {error}") from error
        if not isinstance(item, dict):
            raise _unusable(path, f"line {number} is not a JSON object")
        items.append(item)
    return items


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises InvalidInputError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, f"cannot be read: {error}") from error


def _unusable(path: Path, problem: str) -> InvalidInputError:
    return InvalidInputError(
        f"{path.name}: {problem}",
        field="--data",
        remedy="Give a folder in the set’s own format, and name the set with --set if the folder is called otherwise.",
    )
