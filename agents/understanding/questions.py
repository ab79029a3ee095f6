"""The arguments of questions."""

import re
from collections.abc import Callable
from dataclasses import replace

from agents.understanding.amounts import (
    counts,
    days_lasting,
    json_money,
    money_of,
    put_day,
    put_quantity,
    put_share,
)
from agents.understanding.choices import choose, choose_by_place
from agents.understanding.contacts import find_contact
from agents.understanding.deals import find_deal
from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.names import Kind
from agents.understanding.records import find_account, find_products
from agents.understanding.texts import topic_of
from agents.understanding.unknown import has_strange_words

_MINE = re.compile(
    r"\bmy\b|\bi (?:should|need to|must|can|could)\b|\bmine\b|\bi (?:own|have|am|'m|sell|run)\b|\bi'm\b"
    r"|do i have|am i\b|我(?!们|司|方)",
    re.ASCII,
)
_CLOSING = re.compile(
    r"clos|due|land|sign|expected|成交|关单|结单|收口|签下|落袋|落地|关闭|到期|要关|该关|能签|要签|能关|会关|要结",
    re.ASCII,
)
_PEOPLE_ALL = re.compile(
    r"contacts\b|people|stakeholders|map\b|committee|chart|联系人|地图|决策链|决策小组|组织架构|关系|采购小组|人脉|干系人|都有谁|还有谁|哪些人"
    r"|\bknow\b|involved|everyone|everybody|names\b|who'?s who|players|talk to|matters|important|counterpart"
    r"|(?:should|can|could|do|must|would) (?:i|we) (?:meet|see|approach|contact|address|deal with|visit|win over"
    r"|convince)"
    r"|认识|接触|参与|该找|要找|人物|对接|接口人|名单|该见|要见|约谁|找谁|见谁|联络人|通讯录|都有什么人",
    re.ASCII,
)
_SIGNALS_ALL = re.compile(r"signal|\bsay|说|信号|反馈|声音|态度", re.ASCII)
_UNCLEAR = 0.55
"""How sure we are of a question about people or their wishes that says neither which nor that all are meant."""
_UNKNOWN_NAME = 0.3
_THAT_DAY = re.compile(r"that day|same day|那天|当天|同一天")
_GOING = re.compile(r"visit|meet|going to|trip|拜访|走访|去|见")
_VISITS = re.compile(r"visit|trip|package|pack\b|brief|dossier|拜访|走访|材料|资料|行程|包")
_OURS = re.compile(r"on our (?:side|end)|on the team|\bhere\b|among us|我们这边|咱们这边|我方|内部同事")
_THEM = re.compile(r"\b(?:them|they|their)\b|他们|对方|这家|它们|客户", re.ASCII)
_PAST = re.compile(
    r"\b(?:did|went|gone|fell|got away|were|was)\b|\bhave (?:we|they|i) (?!got|open|any)\w+(?:ed|en|ne|st)\b"
    r"|[了掉过]的?(?:单|商机|项目)"
)
_STILL = re.compile(r"open|current|running|now|active|still|due|clos|pending|未|没|在谈|在跟|开着|现在|目前|正在|要|该")
_LIMIT = re.compile(r"\b(?:last|latest|recent|past|newest)\b|最近|最新|上|近|封|条|次", re.ASCII)
_REGIONS = (
    ("east china", r"east china|华东"),
    ("south china", r"south china|华南"),
    ("north china", r"north china|华北"),
    ("southwest china", r"south-?west china|西南"),
    ("central china", r"central china|华中"),
    ("emea", r"\bemea\b|\beurope\b|欧洲|欧非"),
    ("apac", r"\bapac\b|asia[- ]pacific|亚太"),
    ("americas", r"\bamericas?\b|美洲"),
    ("china", r"(?<!east )(?<!south )(?<!north )(?<!west )\bchina\b|国内|中国区"),
)


def find_account_args(frame: Frame, draft: Draft) -> None:
    """`find_account` and all that take nothing but an account."""
    find_account(frame, draft)


def interactions(frame: Frame, draft: Draft) -> None:
    """`find_interactions`."""
    person = find_contact(frame, draft, "person_id", needed=False)
    if person is not None:
        draft.account_id = frame.names.contacts[person].account_id
        draft.put("account_id", draft.account_id, *frame.of(Kind.ACCOUNT))
    else:
        find_account(frame, draft)
    # "hear from" and "contact" may be of any form.
    draft.put(
        "kind",
        frame.given.get("kind") or choose_by_place("interactions", frame.spelled),
    )
    spans = [sign for sign in frame.of(Sort.SPAN) if sign.at not in draft.used]
    put_day(frame, draft, "since", last=False)
    if (
        not spans
        and "since" in draft.args
        and not frame.given.get("since")
        and draft.args["since"] > frame.today.isoformat()
    ):
        draft.args.pop("since")
    numbers = counts(frame)
    if numbers and numbers[0][1] <= 20 and _LIMIT.search(frame.wording):
        draft.put("limit", numbers[0][1], numbers[0][0])


def history(frame: Frame, draft: Draft) -> None:
    """`recall_history`."""
    find_account(frame, draft)
    # "… complained about noise. What were their words?": the sentence before says about what.
    points_back = frame.start > 0 and not frame.of(*Kind) and draft.reach == "message"
    topic = topic_of(replace(frame, start=0) if points_back else frame)
    draft.put("query", frame.given.get("query") or topic, *frame.signs)


def people(frame: Frame, draft: Draft) -> None:
    """`find_people`."""
    find_account(frame, draft)
    role = frame.given.get("role") or choose("roles", frame.spelled)
    draft.put("role", role)
    if _OURS.search(frame.spelled):
        # Perhaps one of ours is meant, and not one of theirs.
        draft.sure *= _UNCLEAR
    if role is None and not _PEOPLE_ALL.search(frame.spelled):
        draft.sure *= _UNCLEAR


def contact(frame: Frame, draft: Draft) -> None:
    """`find_contact`."""
    find_contact(frame, draft, "contact_id")
    draft.used.update(sign.at for sign in frame.of(Kind.ACCOUNT))


def stock(frame: Frame, draft: Draft) -> None:
    """`check_stock`."""
    find_products(frame, draft, "product_ids", several=True)
    put_quantity(frame, draft)
    put_day(frame, draft, "by")
    draft.used.update(sign.at for sign in frame.of(Kind.ACCOUNT))


def price(frame: Frame, draft: Draft) -> None:
    """`find_price`."""
    find_products(frame, draft, "product_id")
    put_quantity(frame, draft)
    named = frame.of(Kind.ACCOUNT, Sort.UNKNOWN) or "account_id" in frame.given
    if named or (_THEM.search(frame.wording) and frame.around(Kind.ACCOUNT)):
        find_account(frame, draft, needed=False)


def approvals(frame: Frame, draft: Draft) -> None:
    """`find_approval_path`."""
    find_account(frame, draft)
    put_share(frame, draft)
    if "amount" in frame.given:
        draft.put("amount", frame.given["amount"])
    elif money := money_of(frame, draft):
        draft.put("amount", json_money(money[1]), money[0])


def opportunities(frame: Frame, draft: Draft) -> None:
    """`list_opportunities`."""
    mine = bool(_MINE.search(frame.wording)) or bool(frame.given.get("mine"))
    closing = bool(_CLOSING.search(frame.wording)) and bool(frame.of(Sort.DAY, Sort.SPAN))
    alone = (
        mine or closing or re.search(r"\ball (?:the |our )?(?:open |won |lost )?(?:deals|opp)|所有|全部", frame.wording)
    )
    find_account(frame, draft, needed=False, remembered=not alone)
    if mine and not draft.account_id:
        draft.put("mine", value=True)
    if draft.account_id is None and not draft.gaps and has_strange_words(frame.text):
        # Perhaps a customer whom we do not know; all deals of everybody would not answer that.
        draft.sure *= _UNKNOWN_NAME
    status = frame.given.get("status") or choose("statuses", frame.spelled)
    draft.put("status", status)
    if status is None and _PAST.search(frame.spelled) and not _STILL.search(frame.spelled):
        # Something happened to them, and we do not know the word for it.
        draft.sure *= _UNCLEAR
    if closing or "closing_by" in frame.given:
        put_day(frame, draft, "closing_by")
    else:
        draft.used.update(sign.at for sign in frame.of(Sort.SPAN) if status)


def opportunity(frame: Frame, draft: Draft) -> None:
    """`find_opportunity`."""
    find_deal(frame, draft, "opportunity_id")
    draft.used.update(sign.at for sign in frame.of(Kind.ACCOUNT, Kind.PRODUCT))


def market(frame: Frame, draft: Draft) -> None:
    """`find_market_moves`."""
    find_account(frame, draft)
    named = next(iter(frame.of(Kind.COMPETITOR)), None)
    if named is not None and named.mention is not None:
        draft.put("competitor", named.mention.meant[0].id, named)
    elif "competitor" in frame.given:
        draft.put("competitor", frame.given["competitor"])


def experts(frame: Frame, draft: Draft) -> None:
    """`find_experts`."""
    find_account(frame, draft)
    put_day(frame, draft, "on", last=False, around=_of_visit(frame))


def _of_visit(frame: Frame) -> bool:
    """Whether the day may be that of a visit told of before."""
    return bool(_THAT_DAY.search(frame.wording) or _GOING.search(frame.marked.marked[: frame.start].lower()))


def accounts(frame: Frame, draft: Draft) -> None:
    """`list_accounts`."""
    if _MINE.search(frame.wording):
        draft.put("mine", value=True)
    known = {(account.region or "").casefold(): account.region for account in frame.names.accounts.values()}
    for region, pattern in _REGIONS:
        if re.search(pattern, frame.text.lower(), re.ASCII) and (region in known or region == "china"):
            draft.put("region", known.get(region) or "China")
            break
    lasting = days_lasting(frame)
    if "quiet_for_days" in frame.given:
        draft.put("quiet_for_days", frame.given["quiet_for_days"])
    elif lasting is not None:
        draft.put("quiet_for_days", lasting[1], lasting[0])
    elif re.search(r"quiet|silent|contact|neglect|dormant|sleep|inactive|cold|talked|没|未|沉|冷", frame.wording):
        draft.lack("quiet_for_days", options=tuple(Option(label=str(days), value=str(days)) for days in (30, 60, 90)))
    strange = frame.of(Sort.UNKNOWN) or has_strange_words(frame.text)
    if strange and not draft.args.keys() & {"region", "quiet_for_days"} and not draft.gaps:
        # A place that we keep no customers by, or not our customers at all.
        draft.sure *= _UNKNOWN_NAME


def signals(frame: Frame, draft: Draft) -> None:
    """`list_signals`."""
    find_account(frame, draft)
    kind = frame.given.get("kind") or choose("signals", frame.spelled)
    draft.put("kind", kind)
    if kind is None and not _SIGNALS_ALL.search(frame.spelled):
        draft.sure *= _UNCLEAR


def nothing(frame: Frame, draft: Draft) -> None:
    """What takes no arguments."""
    draft.used.update(sign.at for sign in frame.signs)


def effects(frame: Frame, draft: Draft) -> None:
    """`list_effects`."""
    draft.put("status", choose("effects", frame.spelled))
    draft.used.update(sign.at for sign in frame.signs)


def visits(frame: Frame, draft: Draft) -> None:
    """`find_visit`."""
    plural = re.search(r"\bvisits\b|\bpackages\b|我的|有哪些", frame.wording)
    find_account(frame, draft, needed=False, remembered=not plural)
    if draft.account_id is None and not _VISITS.search(frame.spelled):
        draft.sure *= _UNKNOWN_NAME
    draft.used.update(sign.at for sign in frame.signs)


QUESTIONS: dict[str, Callable[[Frame, Draft], None]] = {
    "check_stock": stock,
    "find_account": find_account_args,
    "find_approval_path": approvals,
    "find_contact": contact,
    "find_experts": experts,
    "find_interactions": interactions,
    "find_market_moves": market,
    "find_opportunity": opportunity,
    "find_people": people,
    "find_price": price,
    "find_references": find_account_args,
    "find_stage": find_account_args,
    "find_visit": visits,
    "help": nothing,
    "list_accounts": accounts,
    "list_contracts": find_account_args,
    "list_effects": effects,
    "list_opportunities": opportunities,
    "list_orders": find_account_args,
    "list_risks": find_account_args,
    "list_signals": signals,
    "list_tasks": nothing,
    "recall_history": history,
    "suggest_proposal": find_account_args,
}
