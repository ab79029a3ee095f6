"""The items of a folder in the set's format."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from agents.planning.spec import ToolSchema, schema_from_function
from evals.suites.reading import read_models, unusable

ANSWERED = ("multiple", "live_multiple")
IRRELEVANT = "irrelevance"


class _Message(BaseModel):
    role: str
    content: str


class _Function(BaseModel):
    name: str = Field(min_length=1)
    description: str = ""
    parameters: dict[str, Any]


class _Line(BaseModel):
    id: str
    question: list[list[_Message]] = Field(min_length=1)
    function: list[_Function] = Field(min_length=1)


class _Answer(BaseModel):
    id: str
    ground_truth: list[dict[str, dict[str, list[Any]]]] = Field(min_length=1)


@dataclass(frozen=True)
class Asked:
    """A request and the tools at hand; `wanted` is the one right tool with the values each argument may have.

    `part` is the file it stands in; `wanted` is None when no tool at hand is of use.
    """

    id: str
    part: str
    question: str
    tools: tuple[ToolSchema, ...]
    wanted: tuple[str, Mapping[str, list[Any]]] | None


def load_items(folder: Path) -> list[Asked]:
    """The items of the files that are there, of `multiple`, `live_multiple` and `irrelevance`.

    Raises InvalidInputError naming file and line when one is not in the set's format, or when there is no file.
    """
    items: list[Asked] = []
    for part in ANSWERED:
        path = folder / f"{part}.jsonl"
        if path.exists():
            items += _answered(part, path, folder / f"{part}_answers.jsonl")
    path = folder / f"{IRRELEVANT}.jsonl"
    if path.exists():
        items += [_asked(IRRELEVANT, line, None) for line in read_models(path, _Line)]
    if not items:
        raise unusable(
            folder / "multiple.jsonl", "neither this nor live_multiple.jsonl nor irrelevance.jsonl has items"
        )
    return items


def _answered(part: str, path: Path, answers: Path) -> list[Asked]:
    wanted = {answer.id: answer.ground_truth[0] for answer in read_models(answers, _Answer)}
    items = []
    for line in read_models(path, _Line):
        call = wanted.get(line.id)
        if not call:
            raise unusable(answers, f"has no answer to “{line.id}”")
        name, arguments = next(iter(call.items()))
        if name not in {function.name for function in line.function}:
            raise unusable(answers, f"“{line.id}” is answered with “{name}”, which is not among its functions")
        items.append(_asked(part, line, (name, arguments)))
    return items


def _asked(part: str, line: _Line, wanted: tuple[str, Mapping[str, list[Any]]] | None) -> Asked:
    said = " ".join(message.content for message in line.question[0] if message.role == "user")
    tools = tuple(schema_from_function(function.model_dump()) for function in line.function)
    return Asked(line.id, part, said, tools, wanted)
