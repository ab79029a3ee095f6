"""The project's own format for interactions, JSON Lines; `docs/reference/interchange.md` is its reference."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.exports.batch import Batch
from connectors.exports.correspondents import build_interaction
from connectors.exports.dates import DateError, parse_instant
from connectors.exports.decoding import read_text
from connectors.exports.outcome import Found, Note, Notes, Origin, Outcome, Refusal, RefusedError, unforeseen
from core.domain.interactions import Interaction, InteractionKind, Turn
from core.identity import Role
from core.language import Lang


class Line(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: str = Field(min_length=1, max_length=200)
    account: str = Field(min_length=1, max_length=200)
    kind: InteractionKind = Field(strict=False)
    at: str
    sender: str | None = Field(default=None, alias="from")
    to: list[str] = Field(default_factory=list)
    subject: str | None = None
    text: str | None = None
    lang: Lang | None = Field(default=None, strict=False)
    turns: list[Turn] = Field(default_factory=list)
    audience: frozenset[Role] = Field(default=frozenset(), strict=False)


def read_interchange(path: Path, file: str, batch: Batch) -> Iterator[Outcome]:
    """The interactions of a JSON Lines file, and a refusal for each line that cannot be taken in."""
    notes = Notes(file)
    try:
        text = read_text(path)
    except RefusedError as refused:
        yield refused.at(file)
        return
    if not text.strip():
        yield RefusedError("file", "no interaction in the file").at(file)
    for number, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        try:
            record = _read_line(content, batch, notes)
        except RefusedError as refused:
            yield refused.at(file, number)
            continue
        except ValidationError as fault:
            yield _refusal(fault, file, number)
            continue
        except Exception as fault:
            yield unforeseen(fault, file, number)
            continue
        origin = Origin(file, number)
        yield from (Found(made, origin) for made in batch.pending)
        batch.pending.clear()
        yield Found(record, origin)
    yield from (Note(file, text) for text in notes.texts)


def _read_line(content: str, batch: Batch, notes: Notes) -> Interaction:
    try:
        data = json.loads(content)
    except (json.JSONDecodeError, RecursionError):
        raise RefusedError("line", "not valid JSON") from None
    if not isinstance(data, dict):
        raise RefusedError("line", "not a JSON object")
    if data.get("text") is not None and data.get("turns"):
        raise RefusedError("text", "give either text or turns")
    # Arrays are lists in JSON and tuples or sets in our models; strictness would refuse them.
    line = Line.model_validate_json(content)
    if unknown := sorted(line.model_extra or {}):
        notes.say(f"unknown fields left out: {', '.join(unknown)}")
    try:
        at = parse_instant(line.at, batch.believed, need_zone=True)
    except DateError as fault:
        raise RefusedError("at", str(fault)) from None
    return build_interaction(
        batch.directory,
        batch.account(line.account, notes),
        id_=line.id,
        form=line.kind,
        at=at,
        sender=line.sender,
        recipients=line.to,
        subject=line.subject,
        text=line.text or "",
        turns=line.turns,
        lang=line.lang,
        audience=line.audience,
    )


def _refusal(fault: ValidationError, file: str, number: int) -> Refusal:
    first = fault.errors()[0]
    reason = "missing" if first["type"] == "missing" else first["msg"]
    return Refusal(file, number, ".".join(map(str, first["loc"])) or "line", reason)
