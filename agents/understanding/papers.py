"""The arguments of what is proposed on paper: reviews, amendments, signatures; and of visits."""

import re

from agents.understanding.amounts import put_day
from agents.understanding.choices import choose_by_place
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sign, Sort
from agents.understanding.names import Kind
from agents.understanding.records import find_account
from agents.understanding.texts import after, first_quote, put_text, tidy, without_deadline
from agents.understanding.unknown import CONTRACT

# ASCII: a Chinese character beside a Latin word is no part of it.
_I = re.IGNORECASE | re.ASCII
_ANY_SIGN = r"[\ue000-\ue0ff]"
_ASKED = re.compile(
    r"\b(?:to|should|must|can|could|shall|needs to|has to)\s+(?:please\s+)?(?:review|check|look (?:at|into|over)"
    r"|examine|assess|approve|go over|verify|have a look at|take a look at)\s"
    r"|\breview(?:ed|s)?\b\s+(?:of|on|about|for|:)?\s*|\bto (?:review|check)\s|\b(?:legal|finance|supply chain"
    r"|management)\b[^:,]{0,20}:\s*|\b(?:check|review|look (?:at|into|over))\s"
    r"|(?:帮忙|前|一起|来|先)?(?:审核|评审|审一?下?|看看|看一下|看下|看一看|看|过一下|过目|确认一下|确认|评估一下|评估|把关|把把关|检查一下|检查)(?:一下|下)?",
    _I,
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\b\s|关于|:\s*", _I)
_WORDING = re.compile(
    r"\b(?:to|should|shall|must|needs to|has to)\s(?:read|say|be changed to|become|be|state)\b\s*:?|:\s*"
    r"|\b(?:changed?|amend(?:ed)?|modif(?:y|ied)|extend(?:ed)?|shorten(?:ed)?|increase(?:d)?"
    r"|reduce(?:d)?)\b[^:]*?\bto\s"
    r"|(?:改为|改成|修改为|变更为|调整为|调整到|延长到|缩短到|改到|写成|为)\s*:?",
    _I,
)
_WHY = re.compile(
    r"[,.;\s]*(?:\b(?:because|since|as|reason(?:\s+is)?|due to)\b\s*:?|(?:因为|原因是?|理由是?|由于)[::]?)\s*", _I
)
_PURPOSE = re.compile(
    r"\b(?:about|regarding|concerning|purpose(?: is)?:?|because|so that|in order to|to (?=discuss|present|win"
    r"|find|clarify|talk|close|negotiate|show|introduce|review|go through|get|sign|understand|agree|resolve"
    r"|follow|meet|pitch|explain|demo|train|fix|check|push|convince))\s*"
    r"|(?:主要|想|要|去|顺便)?(?:谈谈|谈一下|谈|聊聊|聊一下|聊|讨论|沟通|交流|演示|介绍|推进|解决|确认)|(?:目的|主题|内容)(?:是|为|:)?\s*|为了",
    _I,
)


def contract_of(frame: Frame) -> Sign | None:
    """The contract that is named by its number."""
    codes = [*frame.of(Sort.CODE), *frame.around(Sort.CODE)]
    return next((sign for sign in codes if CONTRACT.fullmatch(str(sign.value))), None)


def review(frame: Frame, draft: Draft) -> None:
    """`open_review`."""
    find_account(frame, draft, "account")
    department = frame.given.get("department") or choose_by_place("departments", frame.spelled)
    if department is None and re.search(r"contract|clause|terms|合同|条款", frame.wording):
        department = "legal"
        draft.sure *= 0.8
    if department:
        draft.put("department", department)
    else:
        draft.lack("department")
    contract = contract_of(frame)
    if contract is not None:
        draft.put("contract", str(contract.value).upper(), contract)
    quoted = first_quote(frame)
    asked = after(frame, _ASKED) or after(frame, _ABOUT) or (quoted[1] if quoted else "")
    bare = re.sub(
        rf"{_ANY_SIGN}|\b(?:a|an|the|for|with|of|at|by|in|please|legal|finance|review|supply chain)\b"
        r"|的|一下|法务|财务|评审|审核",
        "",
        frame.wording,
    )
    if asked and not re.search(r"[a-z]{3,}|[\u3400-\u9fff]{2,}", _of_names(frame, asked)):
        asked = ""
    if not asked and re.search(
        r"terms|clause|contract|limit|liab|warrant|payment|deliver|条款|合同|账期|付款|额度|责任|质保|交期", bare
    ):
        asked = without_deadline(frame, frame.start, frame.end)
    put_text(frame, draft, "question", asked)
    if "question" in draft.args:
        draft.put("subject", frame.given.get("subject") or str(draft.args["question"])[:300])
    put_day(frame, draft, "due_on", needed=True)
    draft.used.update(sign.at for sign in frame.signs)


def _of_names(frame: Frame, text: str) -> str:
    """The text without the names of the request and small words."""
    for sign in frame.signs:
        text = text.replace(frame.marked.text[sign.start : sign.end], " ")
    return re.sub(r"\b(?:for|the|of|at|with|by|and|please|customer|client|is)\b|客户|的|一下|是", " ", text, flags=_I)


def amendment(frame: Frame, draft: Draft) -> None:
    """`request_amendment`."""
    find_account(frame, draft, "account")
    contract = contract_of(frame)
    if contract is not None:
        draft.put("contract", str(contract.value).upper(), contract)
    elif "contract" in frame.given:
        draft.put("contract", frame.given["contract"])
    else:
        draft.lack("contract")
    clause = frame.given.get("clause") or choose_by_place("clauses", frame.spelled)
    if clause:
        draft.put("clause", clause)
    else:
        draft.lack("clause")
    marked = frame.marked.marked
    why = _WHY.search(marked, frame.start, frame.end)
    end = why.start() if why else frame.end
    quoted = first_quote(frame)
    match = _WORDING.search(marked, frame.start, end)
    wording = quoted[1] if quoted and quoted[0].at < end else tidy(frame.plain(match.end(), end)) if match else ""
    put_text(frame, draft, "wording", wording)
    put_text(frame, draft, "reason", tidy(frame.plain(why.end(), frame.end)) if why else "")
    draft.used.update(sign.at for sign in frame.signs)


def signature(frame: Frame, draft: Draft) -> None:
    """`schedule_signature`."""
    find_account(frame, draft, "account")
    contract = contract_of(frame)
    if contract is not None:
        draft.put("contract", str(contract.value).upper(), contract)
    elif "contract" in frame.given:
        draft.put("contract", frame.given["contract"])
    else:
        draft.lack("contract")
    put_day(frame, draft, "on", needed=True)
    signing = [sign for sign in frame.of(Kind.CONTACT, Kind.SELLER) if sign.mention is not None]
    ids = []
    for sign in signing:
        meant = sign.mention.ids(sign.sort) if sign.mention and isinstance(sign.sort, Kind) else []
        if sign.sort is Kind.CONTACT and len(meant) > 1:
            meant = [each for each in meant if frame.names.contacts[each].account_id == draft.account_id]
        if len(meant) == 1:
            ids.append(meant[0] if sign.sort is Kind.CONTACT else frame.names.sellers[meant[0]].name)
            draft.put("signatories", None, sign)
    put_text(frame, draft, "signatories", list(dict.fromkeys(ids)) or None)


def visit(frame: Frame, draft: Draft) -> None:
    """`prepare_visit`."""
    find_account(frame, draft)
    put_day(frame, draft, "at")
    purpose = after(frame, _PURPOSE)
    draft.put("purpose", frame.given.get("purpose") or purpose or tidy(frame.plain(frame.start, frame.end)))
    draft.used.update(sign.at for sign in frame.signs)
