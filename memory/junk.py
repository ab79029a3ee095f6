"""What in a memory is of no use: told by form alone, so that a person can check each case."""

import re
from enum import StrEnum

from core.text import split_sentences


class Junk(StrEnum):
    """Why a passage says nothing of the account.

    *courtesy*: greetings and thanks only. *disclaimer*: confidentiality notices. *quoted*: the history below a
    mail. *automatic*: out-of-office and delivery notices. *bulk*: newsletters and promotions. *secret*: a password or a
    key, which belongs nowhere.
    """

    COURTESY = "courtesy"
    DISCLAIMER = "disclaimer"
    QUOTED = "quoted"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    SECRET = "secret"  # noqa: S105


_SECRET = re.compile(
    r"(?:password|passwd|passcode|api[ _-]?key|secret[ _-]?key|access[ _-]?token|密码|口令)"
    r"\s*(?:is|:|=|：|是|为)\s*\S{6,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(
    r"^\W*(?:automatic reply|auto-?reply|out of (?:the )?office|undeliver\w+|mail delivery|delivery status"
    r"|自动回复|系统退信)"
    r"|\bi(?:'m|’m| am| will be)(?: currently)? (?:out of (?:the )?office|on (?:annual |parental |sick )?leave)\b"
    r"|\bdelivery has failed\b|\bdo not reply to this (?:e-?mail|message)\b"
    r"|投递失败|本邮件由系统自动|请勿(?:直接)?回复",
    re.IGNORECASE,
)
_BULK = re.compile(
    r"\bunsubscribe\b|\bview (?:this (?:e-?mail|message) )?in (?:your )?browser\b"
    r"|\bmanage (?:your )?(?:email )?preferences\b|\byou(?:'re|’re| are) receiving this\b|退订|取消订阅|在浏览器中查看",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\b(?:this|the) (?:e-?mail|message|communication)\b.{0,80}\b(?:confidential|intended (?:only|solely)|privileged)"
    r"|\bif you (?:are not the intended|have received this (?:e-?mail|message) in error)"
    r"|\bplease consider the environment before printing"
    r"|(?:本|此)(?:邮件|信息).{0,30}(?:保密|机密|仅供|收件人)|如(?:果您)?误收(?:本|此)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED_LINE = re.compile(
    r"\s*(?:>|On .{6,80} wrote:\s*$|-{2,}\s*(?:Original|Forwarded) Message|-{2,}\s*原始邮件"
    r"|(?:From|Sent|To|Subject|发件人|发送时间|收件人|主题)[:：])",
    re.IGNORECASE,
)
# A name may follow, nothing else: "Thanks, Ana" says nothing, "Thanks for the 40 pumps" does.
_COURTESY = re.compile(
    r"(?:[\W_]*(?:(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening)"
    r"|(?:many )?thanks(?: (?:again|a lot|in advance))?"
    r"|thank you(?: (?:so|very) much)?|(?:best |kind |warm )?regards|cheers|yours sincerely)"
    r"(?:,? (?:all|team|everyone|(?:Mr|Mrs|Ms|Dr)\.? ?[A-Z]\w+|[A-Z]\w+)){0,3}"
    r"|(?i:ok(?:ay)?|noted|got it|sounds good|great|sure|you(?:'re| are) welcome|talk soon|bye"
    r"|have a (?:nice|great|good) \w+)"
    r"|(?:尊敬的)?(?:[\u4e00-\u9fff]{1,3}(?:总|经理|工|先生|女士|老师))?[，, ]?(?:您好|你好|早上好|下午好)"
    r"|谢谢(?:您|你)?|多谢|感谢|收到|好的|明白|辛苦了?|不客气|祝好|此致|敬礼|再见|顺祝商祺|祝(?:您)?(?:工作顺利|周末愉快)"
    r"))+[\W_]*"
)
_LONGEST_COURTESY = 200


def junk_of(text: str) -> Junk | None:
    """Why a passage is of no use; None when it may be of some.

    A secret counts wherever it stands; anything else must be all there is, or most of it.
    """
    if _SECRET.search(text):
        return Junk.SECRET
    told = {Junk.AUTOMATIC: _AUTOMATIC, Junk.BULK: _BULK}
    sent = next((kind for kind, pattern in told.items() if pattern.search(text)), None)
    if sent is not None:
        return sent
    return Junk.QUOTED if _is_quoted(text) else _says_nothing(text)


def _is_quoted(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and 2 * sum(bool(_QUOTED_LINE.match(line)) for line in lines) > len(lines)


def _says_nothing(text: str) -> Junk | None:
    sentences = [part for part in split_sentences(text) if part.strip()]
    left = [part for part in sentences if not _DISCLAIMER.search(part)]
    if len(left) < len(sentences) and 2 * sum(map(len, left)) < len(text.strip()):
        return Junk.DISCLAIMER
    only = len(text) <= _LONGEST_COURTESY and (not sentences or _COURTESY.fullmatch(text))
    return Junk.COURTESY if only else None
