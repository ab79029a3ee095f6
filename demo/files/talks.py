"""Mailboxes, transcripts and the interchange file: what was written and said."""

import json
from collections.abc import Sequence
from email.header import Header
from email.utils import format_datetime, formataddr
from pathlib import Path

from demo.world import Message, Spoken, World

_SUFFIXES = ("vtt", "srt", "txt")


def write_mailboxes(folder: Path, world: World) -> None:
    """One mbox per region, messages by time."""
    folder.mkdir(parents=True, exist_ok=True)
    boxes: dict[str, list[Message]] = {}
    for message in world.messages:
        if message.form == "mail":
            boxes.setdefault(message.account.region, []).append(message)
    for region, messages in boxes.items():
        name = region.lower().replace(" ", "_") + ".mbox"
        (folder / name).write_bytes(b"".join(map(_as_mbox, messages)))


def _as_mbox(message: Message) -> bytes:
    """The message in mbox form. Written by hand: the standard library's generator takes 20 times as long."""
    lines = [
        f"From {message.sender_mail} {message.at:%a %b %d %H:%M:%S %Y}",
        f"From: {_address(message.sender, message.sender_mail)}",
        f"To: {_addresses(message.to)}",
    ]
    if message.cc:
        lines.append(f"Cc: {_addresses(message.cc)}")
    lines += [
        f"Date: {format_datetime(message.at)}",
        f"Subject: {_encoded(message.subject)}",
        f"Message-ID: <{message.id}>",
    ]
    if message.reply_to:
        lines += [f"In-Reply-To: <{message.reply_to}>", f"References: <{message.reply_to}>"]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", ""]
    body = "\n".join(">" + line if line.startswith("From ") else line for line in message.text.splitlines())
    return ("\n".join(lines) + f"\n{body}\n\n").encode()


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode()


def _address(name: str, mail: str) -> str:
    return formataddr((name, mail))


def _addresses(people: Sequence[tuple[str, str]]) -> str:
    return ", ".join(_address(name, mail) for name, mail in people)


def write_transcripts(folder: Path, world: World) -> None:
    """One file per meeting, as VTT, SRT and plain text by turns; the message's id becomes the file's stem."""
    folder.mkdir(parents=True, exist_ok=True)
    meetings = [message for message in world.messages if message.form == "meeting"]
    for index, message in enumerate(meetings):
        suffix = _SUFFIXES[index % 3]
        content = {"vtt": _vtt, "srt": _srt, "txt": _txt}[suffix](message)
        (folder / f"{message.id}.{suffix}").write_text(content, encoding="utf-8")


def name_meeting(message: Message, taken: set[str]) -> str:
    """`<date>_<account>_<topic>`, numbered when two meetings of a day share a topic."""
    stem = f"{message.at:%Y-%m-%d}_{message.account.short}_{message.subject.replace(' ', '-')}"
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(name)
    return name


def _clock(seconds: float, comma: str) -> str:
    millis = round(seconds * 1000)
    hours, rest = divmod(millis, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}{comma}{rest % 1000:03d}"


def _vtt(message: Message) -> str:
    cues = [
        f"{_clock(turn.start, '.')} --> {_clock(turn.end, '.')}\n<v {turn.speaker}>{turn.text}</v>\n"
        for turn in message.turns
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def _srt(message: Message) -> str:
    cues = [
        f"{number}\n{_clock(turn.start, ',')} --> {_clock(turn.end, ',')}\n{turn.speaker}: {turn.text}\n"
        for number, turn in enumerate(message.turns, 1)
    ]
    return "\n".join(cues)


def _txt(message: Message) -> str:
    separator = "：" if message.lang == "zh" else ": "
    return "\n".join(f"{turn.speaker}{separator}{turn.text}" for turn in message.turns) + "\n"


def _turn(turn: Spoken) -> dict[str, str | float]:
    return {"speaker": turn.speaker, "start": turn.start, "end": turn.end, "text": turn.text}


def write_interchange(path: Path, world: World) -> None:
    """Calls, posts and notes in the interchange format, one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for message in world.messages:
        if message.form in ("mail", "meeting"):
            continue
        entry: dict[str, object] = {
            "id": message.id,
            "account": message.account.name,
            "kind": message.form,
            "at": message.at.isoformat(),
            "from": message.sender_mail or message.sender,
            "to": [mail or name for name, mail in message.to],
            "subject": message.subject,
        }
        if message.turns:
            entry["turns"] = [_turn(turn) for turn in message.turns]
        else:
            entry["text"] = message.text
        entry["lang"] = message.lang
        lines.append(json.dumps(entry, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
