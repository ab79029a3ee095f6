"""The arguments of what is proposed: stock, samples, deals, tasks, reviews and visits."""

import re
from collections.abc import Callable

from agents.understanding import choices
from agents.understanding.amounts import money_of, number_of, put_day, put_quantity
from agents.understanding.choices import choose, choose_by_place
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import SIGNS, Sign, Sort
from agents.understanding.names import Kind
from agents.understanding.people import create_contact, seller_of, update_contact
from agents.understanding.records import deal_options, find_account, find_deal, find_products
from agents.understanding.texts import after, first_quote, tidy, without_deadline
from agents.understanding.unknown import CONTRACT
from core.domain.chat import Reason

_I = re.IGNORECASE
_A = f"[{SIGNS[Kind.ACCOUNT]}{SIGNS[Kind.CONTACT]}{SIGNS[Kind.DEAL]}]"
_S = SIGNS[Kind.SELLER]
_N = SIGNS[Sort.NUMBER]
_P = SIGNS[Kind.PRODUCT]
_R = SIGNS[Sort.SHARE]
_M = SIGNS[Sort.MONEY]

_TASK = re.compile(
    rf"\bremind (?:me|us|{_S}) (?:to|about|that)\s|\b(?:task|to-?do|reminder|follow[- ]?up)\b[^:,]*?(?::|\bto\b)\s|\b(?:ask|tell|get|have) {_S} to\s"
    rf"|\bassign {_S}[^:]*?(?::|\bto\b)\s|don't let me forget to\s|\b(?:i|we) (?:have|need) to\s"
    rf"|提醒(?:我|一下|{_S})?(?:们)?[:,]?|(?:任务|待办|提醒|事项)(?:给{_S})?\s*[:,，]|记得(?:让我|叫我)?|(?:让|安排|请|叫){_S}|别忘了",
    _I,
)
_STEP = re.compile(
    r"\bnext (?:step|action)s?\b[^:]*?(?<![a-z])(?P<head>to|as|is|will be|should be|with|by|:|=)(?![a-z])\s*|\bwhat comes next\b[^:]*:\s*"
    r"|下一步(?:动作|计划|行动)?[^:改设定更写置填是为]{0,6}(?:改为|改成|设为|设成|定为|更新为|更新成|写成|设置为|换成|就是|是|为|:)\s*|接下来(?:要|就|:|就是|计划)?\s*",
    _I,
)
_STEP_BEFORE = re.compile(
    r"(?:把|将)(?P<step>.{2,60}?)(?:设为|设成|定为|作为|写成|记为)[^,]{0,12}下一步|\b(?:set|make|put|record|note|save) (?P<en>.{3,80}?) as (?:the |our )?next (?:step|action)",
    _I,
)
_LOGGED = re.compile(
    rf":\s*|(?:聊了?|谈了?|讨论了?|沟通了?|确认了?)(?=\S)|\babout\b\s|\b(?:that|on)\s(?!{_A})|,\s*", _I
)
_ASKED = re.compile(
    r"\b(?:to|should|must|can|could|shall|needs to|has to)\s+(?:please\s+)?(?:review|check|look (?:at|into|over)|examine|assess|approve|go over|verify|have a look at|take a look at)\s"
    r"|\breview(?:ed|s)?\b\s+(?:of|on|about|for|:)?\s*|\bto (?:review|check)\s|\b(?:legal|finance|supply chain|management)\b[^:,]{0,20}:\s*|\b(?:check|review|look (?:at|into|over))\s"
    r"|(?:帮忙|前|一起|来|先)?(?:审核|评审|审一?下?|看看|看一下|看下|看一看|看|过一下|过目|确认一下|确认|评估一下|评估|把关|把把关|检查一下|检查)(?:一下|下)?",
    _I,
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\b\s|关于|:\s*", _I)
_WORDING = re.compile(
    r"\b(?:to|should|shall|must|needs to|has to)\s(?:read|say|be changed to|become|be|state)\b\s*:?|:\s*|\b(?:changed?|amend(?:ed)?|modif(?:y|ied)|extend(?:ed)?|shorten(?:ed)?|increase(?:d)?|reduce(?:d)?)\b[^:]*?\bto\s"
    r"|(?:改为|改成|修改为|变更为|调整为|调整到|延长到|缩短到|改到|写成|为)\s*:?",
    _I,
)
_WHY = re.compile(
    r"[,.;\s]*(?:\b(?:because|since|as|reason(?:\s+is)?|due to)\b\s*:?|(?:因为|原因是?|理由是?|由于)[::]?)\s*", _I
)
_NAMED = re.compile(r"\b(?:called|named|name|titled)\s+|(?:名称|名字|名为|叫做|叫|名)(?:是|为|:)?\s*|[::]\s*", _I)
_PURPOSE = re.compile(
    r"\b(?:about|regarding|concerning|purpose(?: is)?:?|because|so that|in order to|to (?=discuss|present|win|find|clarify|talk|close|negotiate|show|introduce|review|go through|get|sign|understand|agree|resolve|follow|meet|pitch|explain|demo|train|fix|check|push|convince))\s*"
    r"|(?:主要|想|要|去|顺便)?(?:谈谈|谈一下|谈|聊聊|聊一下|聊|讨论|沟通|交流|演示|介绍|推进|解决|确认)|(?:目的|主题|内容)(?:是|为|:)?\s*|为了",
    _I,
)
_PIECE = re.compile(
    rf"(?:(?P<n1>{_N})\s*(?:台|个|套|件|只|x|×|\*|pcs|pc|units?(?: of)?|pieces?(?: of)?|of the|of)?\s*(?P<p1>{_P})|(?P<p2>{_P})\s*(?:,|:|共|要|买|x|×|\*|各)?\s*(?P<n2>{_N}))"
)


def reserve(frame: Frame, draft: Draft) -> None:
    """`reserve_stock`."""
    find_account(frame, draft, "account")
    find_products(frame, draft, "product")
    put_quantity(frame, draft, needed=True)
    put_day(frame, draft, "until", needed=True, around=True)
    find_deal(frame, draft, "deal", needed=False, guess=False)


def sample(frame: Frame, draft: Draft) -> None:
    """`request_sample`."""
    find_account(frame, draft, "account")
    find_products(frame, draft, "product")
    draft.put("form", frame.given.get("form") or choose(choices.SAMPLES, frame.spelled))
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
            r"^(?:新建|创建|建立?|加|添加|安排|记|设|给.{0,8}派)(?:一?个|一条)?|^(?:create|add|make|set up|open)\s+(?:a|the|an)\s+",
            "",
            rest,
            flags=_I,
        )
        subject = (
            tidy(re.sub(r"(?:a |the )?(?:task|to-?do|reminder)(?: for)?|任务|待办|提醒", "", bare, flags=_I))
            if bare == rest
            else ""
        )
        draft.sure *= 0.85
    put_text(frame, draft, "subject", subject)
    draft.used.update(sign.at for sign in frame.signs)


def put_text(frame: Frame, draft: Draft, slot: str, text: str | None) -> None:
    """Free text; what was given before stays, and nothing at all is missing."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
    elif text:
        draft.put(slot, text)
    else:
        draft.lack(slot)


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
    _put_deal(frame, draft)
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
    draft.put("stage", frame.given.get("stage") or choose_by_place(choices.STAGES, _without_subject(frame.spelled)))
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


def _put_deal(frame: Frame, draft: Draft) -> None:
    """The deal of a change, which may be left out while the account has one open."""
    before = len(draft.gaps)
    found = find_deal(frame, draft, "deal", needed=False, guess=False)
    if found is not None or len(draft.gaps) > before or draft.account_id is None:
        return
    remembered = frame.names.opportunities.get(frame.focus.opportunity_id or "")
    if remembered is not None and remembered.account_id == draft.account_id:
        draft.put("deal", remembered.id)
        return
    wanted = {each for sign in frame.of(Kind.PRODUCT) if sign.mention for each in sign.mention.ids(Kind.PRODUCT)}
    deals = frame.names.open_deals(draft.account_id)
    fitting = [each for each in deals if each.product_id in wanted] or deals
    if len(fitting) == 1:
        draft.put("deal", fitting[0].id)
    elif fitting:
        draft.lack("deal", Reason.AMBIGUOUS_NAME, deal_options(frame.names, [each.id for each in fitting]))


def next_step(frame: Frame, draft: Draft) -> None:
    """`set_next_step`."""
    find_account(frame, draft, "account")
    _put_deal(frame, draft)
    quoted = first_quote(frame)
    before = _STEP_BEFORE.search(frame.marked.marked[frame.start : frame.end])
    text = quoted[1] if quoted else ""
    if not text and before is not None:
        group = "step" if before["step"] else "en"
        text = tidy(frame.plain(frame.start + before.start(group), frame.start + before.end(group)))
    text = text or tidy(_after_raw(frame, _STEP))
    put_text(frame, draft, "next_step", text)
    draft.used.update(sign.at for sign in frame.signs)


def _after_raw(frame: Frame, pattern: re.Pattern[str]) -> str:
    match = pattern.search(frame.marked.marked[frame.start : frame.end])
    return frame.plain(frame.start + match.end(), frame.end) if match else ""


def quote(frame: Frame, draft: Draft) -> None:
    """`draft_quote`."""
    find_account(frame, draft, "account")
    find_deal(frame, draft, "deal", needed=False, guess=False)
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
    if lines:
        draft.put("lines", lines)
    else:
        draft.lack("lines")
    if frame.of(Sort.DAY) and re.search(r"valid|until|till|有效|到", frame.wording):
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
    find_deal(frame, draft, "deal", needed=False, guess=False)
    draft.put("form", frame.given.get("form") or choose_by_place(choices.FORMS, frame.spelled, last="note") or "note")
    quoted = first_quote(frame)
    match = _LOGGED.search(frame.marked.marked[frame.start : frame.end])
    told = tidy(frame.plain(frame.start + match.end(), frame.end)) if match else ""
    subject = told or (quoted[1] if quoted else "")
    put_text(frame, draft, "subject", (subject or tidy(frame.plain(frame.start, frame.end)))[:300])
    draft.used.update(sign.at for sign in frame.signs)


def contract_of(frame: Frame) -> Sign | None:
    """The contract that is named by its number."""
    codes = [*frame.of(Sort.CODE), *frame.around(Sort.CODE)]
    return next((sign for sign in codes if CONTRACT.fullmatch(str(sign.value))), None)


def review(frame: Frame, draft: Draft) -> None:
    """`open_review`."""
    find_account(frame, draft, "account")
    department = frame.given.get("department") or choose_by_place(choices.DEPARTMENTS, frame.spelled)
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
        rf"{_ANY_SIGN}|\b(?:a|an|the|for|with|of|at|by|in|please|legal|finance|review|supply chain)\b|的|一下|法务|财务|评审|审核",
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
    return re.sub(r"\b(?:for|the|of|at|with|by|and|please)\b|的|一下", " ", text, flags=_I)


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
    clause = frame.given.get("clause") or choose_by_place(choices.CLAUSES, frame.spelled)
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
    put_text(frame, draft, "signatories", list(dict.fromkeys(ids)) or None)  # type: ignore[arg-type]


def visit(frame: Frame, draft: Draft) -> None:
    """`prepare_visit`."""
    find_account(frame, draft)
    put_day(frame, draft, "at")
    purpose = after(frame, _PURPOSE)
    draft.put("purpose", frame.given.get("purpose") or purpose or tidy(frame.plain(frame.start, frame.end)))
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
