"""Mail from mbox and EML files: who wrote to whom, when, and the words that are new in it."""

import mailbox
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

from connectors.exports.batch import Batch
from connectors.exports.correspondents import account_of_mail, build_interaction
from connectors.exports.dates import DateError, within
from connectors.exports.decoding import MAX_TEXT_BYTES, decode
from connectors.exports.outcome import Found, Origin, Outcome, RefusedError, unforeseen
from core.domain.interactions import Interaction, InteractionKind


class _Policy(EmailPolicy):
    """The default policy, parsing equal headers (types, addresses) once: that is most of the time a mail takes."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """The header as an object."""
        return _parse_header(name, value)


@lru_cache(maxsize=4096)
def _parse_header(name: str, value: str) -> Any:
    return policy.default.header_fetch_parse(name, value)


_PARSER = cast("BytesParser[EmailMessage]", BytesParser(EmailMessage, policy=_Policy()))
_REPLY_HEAD = re.compile(
    r"^\s*(on .{4,120} wrote:|在.{4,80}写道[:：]|于.{4,80}写道[:：]|"
    r"-{2,}\s*(original message|forwarded message|原始邮件|转发邮件|原邮件|回复的原邮件).*|"
    r"_{10,}|from:\s.+@.+|发件人[:：].*)\s*$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(r"^(-- ?|—+|-{3,})$")
_CLOSING = re.compile(
    r"^((best|kind|warm|many)?\s*(regards|wishes|thanks)|best|thanks|thank you|cheers|sincerely|"
    r"yours (sincerely|truly)|此致|敬礼|顺颂商祺|商祺|祝好|谢谢|祝商祺|顺祝商祺|此致敬礼)[,，.。!！]?$",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 6
_SIGNATURE_WIDTH = 60
_SENT_FROM = re.compile(r"^(sent from my .*|发自我的.*|从我的.*发送)$", re.IGNORECASE)
_INVISIBLE = {"script", "style", "head", "title", "noscript", "template"}
_BLOCK = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote"}


def read_mails(path: Path, file: str, batch: Batch) -> Iterator[Outcome]:
    """The mails of an mbox or EML file; each that cannot be taken in is refused with its number."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        yield RefusedError("file", f"larger than {MAX_TEXT_BYTES // 2**20} MiB: split it").at(file)
        return
    count = 0
    for count, message in enumerate(_messages(path), start=1):
        origin = Origin(file, count)
        try:
            yield Found(_read_mail(message, batch), origin)
        except RefusedError as refused:
            yield refused.at(file, count)
        except (MessageError, LookupError, ValueError, TypeError, AttributeError):
            yield RefusedError("message", "damaged: the mail cannot be decoded").at(file, count)
        except Exception as fault:
            yield unforeseen(fault, file, count)
    if not count:
        yield RefusedError("file", "no mail in the file").at(file)


def _messages(path: Path) -> Iterator[EmailMessage]:
    if path.suffix.lower() == ".eml":
        with path.open("rb") as source:
            yield _PARSER.parse(source)
        return
    box = mailbox.mbox(path, factory=None, create=False)
    try:
        for key in box.iterkeys():
            yield _PARSER.parsebytes(box.get_bytes(key))
    finally:
        box.close()


def _read_mail(message: EmailMessage, batch: Batch) -> Interaction:
    senders = _addresses(message, "From")
    if not senders:
        raise RefusedError("From", "no sender")
    recipients = [address for name in ("To", "Cc") for address in _addresses(message, name)]
    at = _sent_at(message, batch)
    subject = str(message["Subject"] or "").strip() or None
    text = new_words(body_of(message))
    account = account_of_mail(batch.directory, senders[0], recipients)
    return build_interaction(
        batch.directory,
        account,
        id_=mail_id(senders[0], at, str(message["Message-ID"] or ""), subject, text),
        form=InteractionKind.MAIL,
        at=at,
        sender=senders[0],
        recipients=recipients,
        subject=subject,
        text=text or (subject or ""),
    )


def mail_id(sender: str, at: datetime, message_id: str, subject: str | None, text: str) -> str:
    """The id under which a mail is kept, by whichever way it comes."""
    # The sender chooses the Message-ID: alone it could name any record we hold.
    given = message_id.strip().strip("<>")
    key = (given,) if given else (subject, text)
    return f"mail:{sha256(repr((sender, at.isoformat(), *key)).encode()).hexdigest()[:20]}"


def _addresses(message: EmailMessage, header: str) -> list[str]:
    """Mail addresses of a header, lower case, in order."""
    values = [str(value) for value in message.get_all(header, [])]
    return [address.casefold() for _, address in getaddresses(values) if "@" in address]


def _sent_at(message: EmailMessage, batch: Batch) -> datetime:
    raw = str(message["Date"] or "")
    try:
        at = parsedate_to_datetime(raw)
        within(at.date(), batch.believed)
    except DateError as fault:
        raise RefusedError("Date", str(fault)) from None
    except (ValueError, TypeError):
        raise RefusedError("Date", f"“{raw[:40]}” is not a date" if raw else "missing") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def body_of(message: EmailMessage) -> str:
    """The readable text of a mail: the plain part, else the HTML part without its marks."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    try:
        text = data.decode("gb18030" if charset in ("gb2312", "gbk") else charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        text = decode(data)
    return strip_html(text) if part.get_content_subtype() == "html" else text


def new_words(body: str) -> str:
    """The body without the quoted mail it answers and without the signature."""
    kept: list[str] = []
    for raw in body.replace("\r\n", "\n").split("\n"):
        line = raw.rstrip()
        if _REPLY_HEAD.match(line) or _SIGN_OFF.match(line):
            break
        if not line.startswith(">") and not _SENT_FROM.match(line.strip()):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_unsigned(kept))).strip()


def _unsigned(lines: list[str]) -> list[str]:
    """The lines above a closing such as “Best regards,” that has only a few short lines under it."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    last = end - 1
    for start in range(last, max(0, last - _SIGNATURE_LINES), -1):
        if len(lines[start]) > _SIGNATURE_WIDTH:
            break
        if _CLOSING.match(lines[start].strip()):
            end = start
    return lines[:end]


class _Text(HTMLParser):
    """Collects the visible text; scripts, styles and links to elsewhere are not kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks start a new line; what is invisible is skipped."""
        self._hidden += tag in _INVISIBLE
        if tag in _BLOCK:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a block ends the line."""
        self._hidden = max(0, self._hidden - (tag in _INVISIBLE))
        if tag in _BLOCK:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Visible words."""
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def strip_html(html: str) -> str:
    """The visible text of an HTML document, blocks on lines of their own."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (line.strip() for line in "".join(parser.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
