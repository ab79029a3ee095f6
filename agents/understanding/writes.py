"""The arguments of what is proposed: stock, samples, deals, quotes, tasks and activities."""

import re
from collections.abc import Callable

from agents.understanding.amounts import money_of, number_of, put_day, put_quantity
from agents.understanding.choices import choose, choose_by_place
from agents.understanding.deals import put_open_deal, put_said_deal
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import SIGNS, Sort
from agents.understanding.names import Kind
from agents.understanding.papers import amendment, review, signature, visit
from agents.understanding.people import create_contact, seller_of, update_contact
from agents.understanding.records import find_account, find_products
from agents.understanding.texts import after, first_quote, put_text, tidy, without_deadline

# ASCII: a Chinese character beside a Latin word is no part of it.
_I = re.IGNORECASE | re.ASCII
_A = f"[{SIGNS[Kind.ACCOUNT]}{SIGNS[Kind.CONTACT]}{SIGNS[Kind.DEAL]}]"
_S = SIGNS[Kind.SELLER]
_N = SIGNS[Sort.NUMBER]
_P = SIGNS[Kind.PRODUCT]
_R = SIGNS[Sort.SHARE]
_M = SIGNS[Sort.MONEY]

_TASK = re.compile(
    rf"\bremind (?:me|us|{_S}) (?:to|about|that)\s|\b(?:task|to-?do|reminder|follow[- ]?up)\b[^:,]*?(?::"
    rf"|\bto\b)\s|\b(?:ask|tell|get|have) {_S} to\s"
    rf"|\bassign {_S}[^:]*?(?::|\bto\b)\s|don't let me forget to\s|\b(?:i|we) (?:have|need) to\s"
    rf"|提醒(?:我|一下|{_S})?(?:们)?[:,]?|(?:任务|待办|提醒|事项)(?:给{_S})?\s*[:,，]|记得(?:让我|叫我)?|(?:让|安排|请|叫){_S}|别忘了",
    _I,
)
_STEP = re.compile(
    r"\bnext (?:step|action|thing|move|to-?do)s?\b[^:]*?"
    r"(?P<head>(?<![a-z])(?:to(?! do\b)|as|is|will be|should be|with|by)(?![a-z])|[:=])\s*"
    r"|\bwhat comes next\b[^:]*:\s*"
    r"|下一步(?:动作|计划|行动)?[^:改设定更写置填是为]{0,6}(?:改为|改成|设为|设成|定为|更新为|更新成|写成|设置为|换成|就是|是|为|:)\s*|接下来(?:要|就|:|就是|计划)?\s*",
    _I,
)
_STEP_BEFORE = re.compile(
    r"(?:把|将)(?P<step>.{2,60}?)(?:设为|设成|定为|作为|写成|记为)[^,]{0,12}下一步|\b(?:set|make|put|record|note"
    r"|save) (?P<en>.{3,80}?) as (?:the |our )?next (?:step|action)",
    _I,
)
_TAIL = re.compile(
    r"[,;.]\s*(?:please |can you |could you )*(?:store|save|record|note|set|enter|put|update|log|write|keep|file)\b"
    r"[^,;]{0,40}$|[,;]\s*(?:请|帮我|麻烦)?(?:记|登记|更新|写|存|填|录)[^,;]{0,8}$",
    _I,
)
_LOGGED = re.compile(
    rf":\s*|(?:聊了?|谈了?|讨论了?|沟通了?|确认了?)(?=\S)|\babout\b\s|\b(?:that|on)\s(?!{_A})|,\s*", _I
)
_WAREHOUSE = re.compile(
    r"从(?P<han>[\u3400-\u9fff]{1,6}仓库?)|\b(?:from|in|at|out of) (?:the |our )?"
    r"(?P<en>[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?= (?:warehouse|depot)\b)"
)
_NOTE = re.compile(r"\bnotes?\b(?! (?:that|down))(?=.*\b(?:to|on|for|in|at)\b)|备注|笔记")
_AT_PLACE = re.compile(r"\b(?:in|from|at|out of)\s$", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:called|named|name|titled)\s+|(?:名称|名字|名为|叫做|叫|名)(?:是|为|:)?\s*|[::]\s*", _I)
_A_LINE_LESS = 0.5
"""How sure we are of a quote when a product that was named is in none of its lines."""
_PIECE = re.compile(
    rf"(?:(?P<n1>{_N})\s*(?:台|个|套|件|只|x|×|\*|pcs|pc|units?(?: of)?|pieces?(?: of)?|of the"
    rf"|of)?\s*(?P<p1>{_P})|(?P<p2>{_P})\s*(?:,|:|共|要|买|x|×|\*|各)?\s*(?P<n2>{_N}))"
)


def reserve(frame: Frame, draft: Draft) -> None:
    """`reserve_stock`."""
    find_account(frame, draft, "account")
    find_products(frame, draft, "product")
    put_quantity(frame, draft, needed=True)
    put_day(frame, draft, "until", needed=True, around=True)
    put_said_deal(frame, draft, "deal")
    warehouse = _WAREHOUSE.search(frame.text)
    draft.put("warehouse", frame.given.get("warehouse") or (warehouse and (warehouse["han"] or warehouse["en"])))
    for sign in frame.of(Sort.UNKNOWN):
        # "in Houston": a place that is no customer.
        if _AT_PLACE.search(frame.marked.marked[frame.start : sign.at]):
            draft.put("warehouse", frame.marked.text[sign.start : sign.end], sign)


def sample(frame: Frame, draft: Draft) -> None:
    """`request_sample`."""
    find_account(frame, draft, "account")
    find_products(frame, draft, "product")
    draft.put("form", frame.given.get("form") or choose("samples", frame.spelled))
    put_quantity(frame, draft)
    put_day(frame, draft, "needed_on", needed=True)


def task(frame: Frame, draft: Draft) -> None:
    """`create_task`."""
    find_account(frame, draft, "account")
    put_day(frame, draft, "due_on", needed=True)
    seller = seller_of(frame)
    if seller is not None:
        draft.put("assignee", seller[1], seller[0])
    quoted = first_quote(frame)
    subject = quoted[1] if quoted else after(frame, _TASK)
    if not subject:
        rest = without_deadline(frame, frame.start, frame.end)
        bare = re.sub(
            r"^(?:新建|创建|建立?|加|添加|安排|记|设|给.{0,8}派)(?:一?个|一条)?"
            r"|^(?:create|add|make|set up|open)\s+(?:a|the|an)\s+",
            "",
            rest,
            flags=_I,
        )
        subject = tidy(re.sub(r"(?:a |the )?(?:task|to-?do|reminder)(?: for)?|任务|待办|提醒", "", bare, flags=_I))
        if bare != rest and not _says_something(frame, subject):
            subject = ""
        draft.sure *= 0.85
    put_text(frame, draft, "subject", subject)
    draft.used.update(sign.at for sign in frame.signs)


def _says_something(frame: Frame, text: str) -> bool:
    """Whether there are words of its own in a text, besides names and small words."""
    for sign in frame.signs:
        text = text.replace(frame.marked.text[sign.start : sign.end], " ")
    text = re.sub(r"\b(?:for|the|of|at|with|by|on|to|and|please)\b|[的给在为把跟和请帮我一个条下]", " ", text, flags=_I)
    return bool(re.search(r"[a-z]{3,}|[\u3400-\u9fff]{2,}", text, _I))


def deal(frame: Frame, draft: Draft) -> None:
    """`create_opportunity`."""
    find_account(frame, draft, "account")
    quoted = first_quote(frame)
    if frame.of(Kind.PRODUCT):
        find_products(frame, draft, "product")
        put_quantity(frame, draft)
    put_day(frame, draft, "close_on")
    if money := money_of(frame, draft):
        draft.put("amount", number_of(money[1].amount), money[0])
        draft.put("currency", money[1].currency)
    name = (
        quoted[1]
        if quoted
        else re.split(rf"[,;]|\s(?:for|worth|closing|over|at)\s(?=[^,]*{_ANY_SIGN})", after(frame, _NAMED))[0].strip()
    )
    if not name and "product" in draft.args:
        account = frame.names.accounts.get(draft.account_id or "")
        short = next(iter(account.aliases), account.name) if account else ""
        name = f"{short} - {draft.args.get('quantity', 1)} x {draft.args['product']}" if short else ""
    put_text(frame, draft, "name", name)
    seller = seller_of(frame)
    if seller is not None:
        draft.put("owner", seller[1], seller[0])


_ANY_SIGN = r"[\ue000-\ue0ff]"


def update_deal(frame: Frame, draft: Draft) -> None:
    """`update_opportunity`."""
    find_account(frame, draft, "account")
    put_open_deal(frame, draft)
    wording = frame.wording
    closes = re.search(r"clos|due|成交|关单|日期|结单|签单", wording)
    days = frame.of(Sort.DAY) or frame.of(Sort.SPAN)
    if days and (closes or re.search(r"push|postpone|delay|slip|shift|move|推迟|延|提前|改到|推到", wording)):
        put_day(frame, draft, "close_on")
    value = re.search(r"amount|value|worth|size|金额|合同额|总价|价值", wording)
    if money := money_of(frame, draft) if (value or frame.of(Sort.MONEY)) else None:
        draft.put("amount", number_of(money[1].amount), money[0])
        if money[0].sort is Sort.MONEY:
            draft.put("currency", money[1].currency)
    draft.put("stage", frame.given.get("stage") or choose_by_place("stages", _without_subject(frame.spelled)))
    seller = seller_of(frame)
    if seller is not None:
        draft.put("owner", seller[1], seller[0])
    renamed = re.search(r"\brenam|改名|名称改", wording)
    quoted = first_quote(frame)
    if renamed and quoted:
        draft.put("name", quoted[1], quoted[0])
    draft.used.update(sign.at for sign in frame.of(Kind.PRODUCT))
    for slot in ("close_on", "amount", "currency", "owner", "name"):
        if slot in frame.given and slot not in draft.args:
            draft.put(slot, frame.given[slot])
    if not draft.args.keys() & {"name", "stage", "amount", "close_on", "owner"}:
        draft.lack("stage")


def _without_subject(wording: str) -> str:
    """The wording without words that name a field: 预计成交日 is no stage."""
    return re.sub(r"预计成交日?期?|成交日期?|成交时间|close date|closing date|expected close", " ", wording)


def next_step(frame: Frame, draft: Draft) -> None:
    """`set_next_step`."""
    find_account(frame, draft, "account")
    put_open_deal(frame, draft)
    quoted = first_quote(frame)
    before = _STEP_BEFORE.search(frame.marked.marked[frame.start : frame.end])
    text = quoted[1] if quoted else ""
    if not text and before is not None:
        group = "step" if before["step"] else "en"
        text = tidy(frame.plain(frame.start + before.start(group), frame.start + before.end(group)))
    text = text or tidy(_TAIL.sub("", _after_raw(frame, _STEP)))
    put_text(frame, draft, "next_step", text)
    draft.used.update(sign.at for sign in frame.signs)


def _after_raw(frame: Frame, pattern: re.Pattern[str]) -> str:
    match = pattern.search(frame.marked.marked[frame.start : frame.end])
    return frame.plain(frame.start + match.end(), frame.end) if match else ""


def quote(frame: Frame, draft: Draft) -> None:
    """`draft_quote`."""
    find_account(frame, draft, "account")
    put_said_deal(frame, draft, "deal")
    if "lines" in frame.given:
        draft.put("lines", frame.given["lines"])
        return
    lines = _lines(frame, draft)
    shares = [sign for sign in frame.of(Sort.SHARE) if hasattr(sign.value, "quantize") and 0 < sign.value < 1]  # type: ignore[operator]
    prices = frame.of(Sort.MONEY)
    for line in lines:
        if len(shares) == 1:
            line["discount"] = number_of(shares[0].value)  # type: ignore[arg-type]
        elif len(prices) == 1 and re.search(r"each|per (?:unit|piece)|apiece|\bat\b|单价|每台|一台", frame.wording):
            line["unit_price"] = number_of(prices[0].value.amount)  # type: ignore[union-attr]
            draft.put("currency", prices[0].value.currency)  # type: ignore[union-attr]
    draft.used.update(sign.at for sign in [*shares[:1], *prices[:1]])
    if any(sign.at not in draft.used for sign in frame.of(Kind.PRODUCT)):
        draft.sure *= _A_LINE_LESS
    if lines:
        draft.put("lines", lines)
    else:
        draft.lack("lines")
    if frame.of(Sort.DAY, Sort.SPAN) and re.search(r"valid|good|until|till|有效|到", frame.wording):
        put_day(frame, draft, "valid_until")


def _lines(frame: Frame, draft: Draft) -> list[dict[str, object]]:
    wording = frame.marked.marked[frame.start : frame.end]
    signs = {sign.at - frame.start: sign for sign in frame.signs}
    lines: list[dict[str, object]] = []
    for match in _PIECE.finditer(wording):
        number = signs[match.start("n1") if match["n1"] else match.start("n2")]
        product = signs[match.start("p1") if match["p1"] else match.start("p2")]
        ids = product.mention.ids(Kind.PRODUCT) if product.mention else []
        if len(ids) == 1:
            lines.append({"product": ids[0], "quantity": number_of(number.value)})  # type: ignore[arg-type]
            draft.used.update((number.at, product.at))
    if lines or not (frame.of(Kind.PRODUCT) or frame.of(Sort.NUMBER)):
        return lines
    inner = Draft(draft.tool, account_id=draft.account_id)
    find_products(frame, inner, "product")
    put_quantity(frame, inner)
    draft.gaps += inner.gaps
    draft.sure *= inner.sure
    draft.used |= inner.used
    if "product" in inner.args and "quantity" in inner.args:
        return [{"product": inner.args["product"], "quantity": inner.args["quantity"]}]
    return []


def activity(frame: Frame, draft: Draft) -> None:
    """`log_activity`."""
    find_account(frame, draft, "account")
    put_said_deal(frame, draft, "deal")
    # "Add a note: the meeting moved" is a note, whatever it is about.
    form = "note" if _NOTE.search(frame.spelled.split(":")[0]) else choose_by_place("forms", frame.spelled, last="note")
    draft.put("form", frame.given.get("form") or form or "note")
    quoted = first_quote(frame)
    match = _LOGGED.search(frame.marked.marked[frame.start : frame.end])
    told = tidy(_TAIL.sub("", frame.plain(frame.start + match.end(), frame.end))) if match else ""
    subject = told or (quoted[1] if quoted else "")
    put_text(frame, draft, "subject", (subject or tidy(frame.plain(frame.start, frame.end)))[:300])
    draft.used.update(sign.at for sign in frame.signs)


WRITES: dict[str, Callable[[Frame, Draft], None]] = {
    "create_contact": create_contact,
    "create_opportunity": deal,
    "create_task": task,
    "draft_quote": quote,
    "log_activity": activity,
    "open_review": review,
    "prepare_visit": visit,
    "request_amendment": amendment,
    "request_sample": sample,
    "reserve_stock": reserve,
    "schedule_signature": signature,
    "set_next_step": next_step,
    "update_contact": update_contact,
    "update_opportunity": update_deal,
}
