"""Reading the files of a set, so that a fault names file, line and remedy."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import InvalidInputError
from evals.suites.suite import Item

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_lines(path: Path) -> list[Item]:
    """The objects of a JSON Lines file. Raises InvalidInputError when it is missing or a line is no JSON object."""
    return [item for _number, item in _numbered(path)]


def read_models(path: Path, model: type[ModelT]) -> list[ModelT]:
    """The objects of a JSON Lines file as `model`. Raises InvalidInputError naming file, line and field."""
    return [validated(path, f"line {number}", model, item) for number, item in _numbered(path)]


def validated(path: Path, place: str, model: type[ModelT], item: object) -> ModelT:
    """`item`, read at `place` of a file, as `model`. Raises InvalidInputError naming file, place and field."""
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "it"
        raise unusable(path, f"{place}: {field}: {first['msg']}") from error


def _numbered(path: Path) -> Iterator[tuple[int, Item]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise unusable(path, f"line {number} is not JSON: {error}") from error
        if not isinstance(item, dict):
            raise unusable(path, f"line {number} is not a JSON object")
        yield number, item


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises InvalidInputError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise unusable(path, f"cannot be read: {error}") from error


def unusable(path: Path, problem: str) -> InvalidInputError:
    """What to raise when a file of a set is not as it should be."""
    return InvalidInputError(
        f"{path.name}: {problem}",
        field="--data",
        remedy="Give a folder in the set’s own format, and name the set with --set if the folder is called otherwise.",
    )
