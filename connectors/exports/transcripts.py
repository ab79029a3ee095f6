"""Meetings and calls from VTT, SRT and text files: whose, when, and who said what."""

import html
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path, PurePosixPath

import srt  # type: ignore[import-untyped]
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from connectors.exports.batch import Batch
from connectors.exports.correspondents import build_interaction
from connectors.exports.dates import DateError, parse_date, parse_instant
from connectors.exports.directory import stable_id
from connectors.exports.outcome import RefusedError
from core.domain.accounts import Account
from core.domain.interactions import Interaction, InteractionKind, Turn

# Midday UTC lies on the same calendar day from America to East Asia.
_NO_TIME = time(12, 0, tzinfo=UTC)
_JOINED = 600
_HEADER = re.compile(
    r"^\W*(?P<name>account|customer|client|company|date|when|time|topic|subject|title|kind|type|participants|attendees|"
    r"客户|客户名称|公司|日期|时间|会议时间|会议日期|主题|会议主题|类型|参会人|参会人员|与会人员)\s*[:：](?P<value>.+)$",
    re.IGNORECASE,
)
_HEADER_FIELDS = {
    **dict.fromkeys(("account", "customer", "client", "company", "客户", "客户名称", "公司"), "account"),
    **dict.fromkeys(("date", "when", "time", "日期", "时间", "会议时间", "会议日期"), "date"),
    **dict.fromkeys(("topic", "subject", "title", "主题", "会议主题"), "topic"),
    **dict.fromkeys(("kind", "type", "类型"), "kind"),
    **dict.fromkeys(("participants", "attendees", "参会人", "参会人员", "与会人员"), "people"),
}
_FILE_DATE = re.compile(r"(\d{4}[-.]\d{1,2}[-.]\d{1,2}|\d{8}|\d{4}年\d{1,2}月\d{1,2}日)")
_SPOKEN = re.compile(
    r"^(?:[\[(]?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)[\])]?\s+)?(?P<speaker>[^\d:：\s](?:[^:：]{0,39}?|[^:：]{0,118}[)）]))"
    r"(?:\s*[\[(](?P<after>\d{1,2}:\d{2}(?::\d{2})?)[\])])?\s*[:：](?!//)\s*(?P<text>.*)$"
)
_CALL = re.compile(r"\b(phone )?call\b|电话|通话", re.IGNORECASE)
_REMEDY = "name the file <date>_<account>_<topic>, or start it with the lines “Account: …” and “Date: …”"


def read_transcript(path: Path, file: str, text: str, batch: Batch) -> Interaction:
    """The meeting or call in a VTT, SRT or text file whose content is `text`. Raises RefusedError."""
    header, body = _split_header(text, path.suffix.lower())
    turns = _TURNS[path.suffix.lower()](body)
    account, topic = _account_and_topic(file, header, batch)
    at = _held_at(file, header, batch)
    is_call = _CALL.search(header.get("kind", "") or PurePosixPath(file).stem.replace("_", " "))
    form = InteractionKind.CALL if is_call else InteractionKind.MEETING
    speakers = list(dict.fromkeys(turn.speaker for turn in turns))
    people = [name.strip() for name in re.split(r"[,，;；、]", header.get("people", "")) if name.strip()]
    return build_interaction(
        batch.directory,
        account,
        id_=stable_id(form, account.id, at.date().isoformat(), PurePosixPath(file).stem),
        form=form,
        at=at,
        recipients=people or speakers,
        subject=header.get("topic") or topic,
        text=body,
        turns=turns,
    )


def read_turns(suffix: str, text: str) -> tuple[list[Turn], str | None]:
    """The turns of a VTT, SRT or text transcript, and the date its header writes, if any. Raises RefusedError."""
    header, body = _split_header(text, suffix)
    return _TURNS[suffix](body), header.get("date")


def looks_spoken(text: str) -> bool:
    """Whether a text file is a transcript: at least three lines, and half of its lines, begin with a speaker."""
    lines = [line for line in text.splitlines() if line.strip() and not _HEADER.match(line)]
    spoken = sum(_SPOKEN.match(line.strip()) is not None for line in lines[:200])
    return spoken >= 3 and spoken * 2 >= len(lines[:200])


def _split_header(text: str, suffix: str) -> tuple[dict[str, str], str]:
    """Header fields, and the body without the lines that hold them (VTT keeps its notes: the reader skips them)."""
    header: dict[str, str] = {}
    body: list[str] = []
    for number, line in enumerate(text.splitlines()):
        found = _HEADER.match(line) if number < 40 and len(header) < 5 else None
        name = _HEADER_FIELDS[found["name"].casefold()] if found else ""
        if found and name not in header:
            header[name] = found["value"].strip()
        if not found or suffix != ".txt":
            body.append(line)
    return header, "\n".join(body)


def _account_and_topic(file: str, header: dict[str, str], batch: Batch) -> tuple[Account, str | None]:
    """The account from the header, else from the file name's parts; what follows it in the name is the topic."""
    parts = [part for part in _FILE_DATE.sub("_", PurePosixPath(file).stem).split("_") if part.strip(" -")]
    if named := header.get("account"):
        return batch.directory.account(named).account, None
    for part in parts:
        for name in (part.strip(), part.strip().replace("-", " ")):
            try:
                found = batch.directory.account(name).account
            except RefusedError:
                continue
            topic = " ".join(parts[parts.index(part) + 1 :]).replace("-", " ").strip()
            return found, topic or None
    if not parts:
        raise RefusedError("account", f"neither the file name nor a header line names the account: {_REMEDY}")
    try:
        return batch.directory.account(parts[0].replace("-", " ")).account, None
    except RefusedError as unknown:
        raise RefusedError("account", f"{unknown.reason}; {_REMEDY}") from None


def _held_at(file: str, header: dict[str, str], batch: Batch) -> datetime:
    given = header.get("date")
    in_name = _FILE_DATE.search(PurePosixPath(file).stem)
    try:
        if given and re.search(r"\d:\d\d", given):
            return parse_instant(given, batch.believed, need_zone=False)
        if given or in_name:
            day = parse_date(given or (in_name[1] if in_name else ""), batch.believed)
            return datetime.combine(day, _NO_TIME)
    except DateError as fault:
        raise RefusedError("date", str(fault)) from None
    raise RefusedError("date", f"neither the file name nor a header line says when it was: {_REMEDY}")


def _vtt(text: str) -> list[Turn]:
    try:
        captions = webvtt.WebVTT.from_string(text)
    except (MalformedFileError, MalformedCaptionError, ValueError) as fault:
        raise RefusedError("file", f"not valid WebVTT: {fault}" if str(fault) else "not valid WebVTT") from None
    return _join(
        _turn(html.unescape(caption.text), caption.voice, _seconds(caption.start), _seconds(caption.end))
        for caption in captions.captions
    )


def _srt(text: str) -> list[Turn]:
    try:
        cues = list(srt.parse(text.replace("\ufeff", "")))
    except (srt.SRTParseError, ValueError):
        raise RefusedError("file", "not valid SRT") from None
    return _join(_turn(cue.content, None, cue.start.total_seconds(), cue.end.total_seconds()) for cue in cues)


def _plain(text: str) -> list[Turn]:
    """Turns of a text where lines begin with a speaker; none when it is prose, such as minutes."""
    if not looks_spoken(text):
        return []
    turns: list[Turn] = []
    for raw in text.splitlines():
        line = raw.strip()
        if found := _SPOKEN.match(line):
            clock = found["clock"] or found["after"]
            start = _seconds(clock) if clock else None
            turns.append(Turn(speaker=found["speaker"].strip(), start=start, text=found["text"]))
        elif line and turns:
            turns[-1] = turns[-1].model_copy(update={"text": f"{turns[-1].text} {line}".strip()})
    return [turn for turn in turns if turn.text]


_TURNS = {".vtt": _vtt, ".srt": _srt, ".txt": _plain}


def _turn(text: str, voice: str | None, start: float, end: float) -> Turn | None:
    words = " ".join(text.split())
    if not voice and (found := _SPOKEN.match(words)):
        voice, words = found["speaker"].strip(), found["text"]
    return Turn(speaker=voice or "", start=start, end=end, text=words) if words else None


def _join(cues: Iterable[Turn | None]) -> list[Turn]:
    """Turns from cues: a cue without speaker goes on; what one says in a row is one turn, up to 600 characters."""
    return list(_joined(cues))


def _joined(cues: Iterable[Turn | None]) -> Iterator[Turn]:
    last: Turn | None = None
    for cue in filter(None, cues):
        speaker = cue.speaker or (last.speaker if last else "Speaker")
        if last and last.speaker == speaker and len(last.text) + len(cue.text) < _JOINED:
            last = last.model_copy(update={"text": f"{last.text} {cue.text}", "end": cue.end})
            continue
        if last:
            yield last
        last = cue.model_copy(update={"speaker": speaker})
    if last:
        yield last


def _seconds(clock: str) -> float:
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total
