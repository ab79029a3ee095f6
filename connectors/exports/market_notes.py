"""Competitor notes written as Markdown: a heading is a competitor or a title, a date line dates what follows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from connectors.exports.batch import Batch
from connectors.exports.dates import DateError, parse_date
from connectors.exports.directory import stable_id
from connectors.exports.outcome import Found, Origin, Outcome, RefusedError
from connectors.exports.vocabulary import meaning
from core.domain.market import MarketNote, MoveKind

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FIELD = re.compile(
    r"^\W*(?P<name>date|competitor|account|customer|region|industry|kind|type|source|日期|竞争对手|客户|区域|行业|类型|来源)"
    r"\W*[:：]\W*(?P<value>[^*]+?)\W*$",
    re.IGNORECASE,
)
_FIELDS = {
    **dict.fromkeys(("date", "日期"), "date"),
    **dict.fromkeys(("competitor", "竞争对手"), "competitor"),
    **dict.fromkeys(("account", "customer", "客户"), "account"),
    **dict.fromkeys(("region", "区域"), "region"),
    **dict.fromkeys(("industry", "行业"), "industry"),
    **dict.fromkeys(("kind", "type", "类型"), "move"),
    **dict.fromkeys(("source", "来源"), "source"),
}
_MARKS = " -–—:：·()（）|"
_DATED = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")


@dataclass
class _Section:
    """What stands under one heading."""

    line: int
    level: int
    title: str
    competitor: str | None
    fields: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def read_market_notes(text: str, file: str, batch: Batch) -> Iterator[Outcome]:
    """One note for each heading that has text under it."""
    count = 0
    for section in _sections(text):
        if not any(section.lines):
            continue
        count += 1
        try:
            yield Found(_note(section, batch), Origin(file, section.line))
        except RefusedError as refused:
            yield refused.at(file, section.line)
    if not count:
        yield RefusedError("file", "no note: write “## Competitor” and text under it").at(file)


def _sections(text: str) -> Iterator[_Section]:
    """Headings with their text; the competitor of a deeper heading is the heading above it."""
    path: dict[int, str] = {}
    current: _Section | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if heading := _HEADING.match(line):
            if current:
                yield current
            level = len(heading[1])
            above = [path[depth] for depth in sorted(path) if 1 < depth < level]
            path = {depth: title for depth, title in path.items() if depth < level} | {level: heading[2]}
            current = _Section(number, level, heading[2], above[0] if above else None)
        elif current is None:
            continue
        elif (found := _FIELD.match(line)) and (not current.lines or line.startswith(("-", "*"))):
            current.fields[_FIELDS[found["name"].casefold()]] = found["value"].strip()
        elif line or current.lines:
            current.lines.append(line)
    if current:
        yield current


def _note(section: _Section, batch: Batch) -> MarketNote:
    text = "\n".join(section.lines).strip()
    title, move = _title_and_move(section)
    competitor = section.fields.get("competitor") or section.competitor or re.split(r"\s+[-–—|]\s+|[:：]", title)[0]
    if not competitor:
        raise RefusedError("competitor", "no heading names the competitor")
    at = _noted_on(section, text, batch)
    named = section.fields.get("account")
    account = batch.directory.account(named).account if named else None
    return MarketNote(
        id=stable_id("note", competitor, at, title, text),
        region=section.fields.get("region") or (account.region if account else None),
        competitor=competitor.strip(),
        title=title or competitor,
        text=text,
        move=move,
        at=at,
        account_id=account.id if account else None,
        industry=section.fields.get("industry"),
        source=section.fields.get("source"),
    )


def _title_and_move(section: _Section) -> tuple[str, MoveKind]:
    """The heading without its date, and what the competitor did: from a field, or a word beside the title."""
    parts = [part.strip() for part in re.split(r"\s[·|]\s", _DATED.sub("", section.title)) if part.strip(_MARKS)]
    move = meaning("move", section.fields.get("move", ""))
    if move is None and len(parts) > 1:
        move = meaning("move", parts[0]) or meaning("move", parts[-1])
        parts = [part for part in parts if meaning("move", part) is None] or parts
    return " · ".join(parts).strip(_MARKS), MoveKind(move or MoveKind.OTHER)


def _noted_on(section: _Section, text: str, batch: Batch) -> date | None:
    """The date of the date line, of the heading, or at the beginning of the text."""
    found = _DATED.search(section.title) or _DATED.match(text.lstrip("-*_ "))
    given = section.fields.get("date") or (found[0] if found else None)
    if given is None:
        return None
    try:
        return parse_date(given, batch.believed)
    except DateError as fault:
        raise RefusedError("date", str(fault)) from None
