"""One transcript file by itself: VTT, SRT, TXT, DOCX, or turns as JSON. Recordings come another way, through speech."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from connectors.exports.dates import DateError, DateRange, parse_date
from connectors.exports.decoding import read_text
from connectors.exports.documents import read_document
from connectors.exports.outcome import RefusedError
from connectors.exports.transcripts import read_turns
from core.domain.interactions import Turn

SPOKEN_SUFFIXES = (".vtt", ".srt", ".txt", ".docx")

_TURNS = TypeAdapter(list[Turn])
_FILE_DATE = re.compile(r"(\d{4}[-.]\d{1,2}[-.]\d{1,2}|(?<!\d)\d{8}(?!\d)|\d{4}年\d{1,2}月\d{1,2}日)")
# “Ada Holm   0:03” or “张三 00:01:02” on a line of its own, as meeting programs export; what was said follows.
_HEADING = re.compile(r"^(?P<speaker>[^\d:：\s][^:：]{0,60}?)\s+(?P<clock>(?:\d{1,2}:)?\d{1,2}:\d{2})(?:\.\d+)?\s*$")


@dataclass(frozen=True, slots=True)
class SpokenFile:
    """The turns of a transcript, and the day of the meeting where the file or its name says it."""

    turns: tuple[Turn, ...]
    held_on: date | None


def read_spoken(path: Path, today: date) -> SpokenFile:
    """The transcript in a file; dates far from `today` are not believed. Raises RefusedError.

    A DOCX is read like text. JSON is `{"turns": [{"speaker", "text", "start", "end"}], "date"}`.
    """
    suffix = path.suffix.lower()
    if suffix == ".json":
        return _json(path)
    text = read_document(path) if suffix == ".docx" else read_text(path)
    plain = suffix in (".txt", ".docx")
    turns, written = read_turns(".txt" if plain else suffix, _joined_headings(text) if plain else text)
    if not turns:
        raise RefusedError("file", "no line names a speaker: write each turn as “Name: words”")
    told = _day(written, DateRange.around(today)) if written else None
    return SpokenFile(tuple(turns), told or named_day(path.name, today))


def named_day(name: str, today: date) -> date | None:
    """The day that a file's name says, where it says one that is not far from `today`."""
    named = _FILE_DATE.search(name)
    return _day(named[1], DateRange.around(today)) if named else None


def _day(text: str, believed: DateRange) -> date | None:
    try:
        return parse_date(text, believed)
    except DateError:
        return None


def _joined_headings(text: str) -> str:
    """The text with each speaker's line and what follows it on one line."""
    lines: list[str] = []
    open_heading = ""
    for raw in text.splitlines():
        line = raw.strip()
        if found := _HEADING.match(line):
            open_heading = f"[{found['clock']}] {found['speaker']}: "
        elif line:
            lines.append(open_heading + line)
            open_heading = ""
    return "\n".join(lines)


def _json(path: Path) -> SpokenFile:
    try:
        given = json.loads(read_text(path))
        turns = _TURNS.validate_python(given["turns"])
        held_on = date.fromisoformat(given["date"]) if given.get("date") else None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise RefusedError("file", "not a JSON object with turns") from None
    return SpokenFile(tuple(turns), held_on)
