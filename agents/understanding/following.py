"""How a message goes on from the last one: other values for the same question, and answers to what was asked back."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agents.planning.values.months import add_months
from agents.understanding.amounts import day_of, number_of
from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame, Gap
from agents.understanding.marking import Sign, Sort
from agents.understanding.names import Kind
from agents.understanding.tools import DAY_SLOTS, SLOTS
from core.domain.chat import Call, Reason
from core.domain.money import Money

_NOT = re.compile(
    r"(?:\bnot\s(?:for\s|at\s)?(?:the\s)?|instead of\s|rather than\s|不是(?:说|问)?|而不是|别看|不要|不看)$"
)
_WEEK_AFTER = re.compile(r"week after|following week|下下周|再下周|后一周")
_MONTH_AFTER = re.compile(r"month after|following month|下下个?月|再下个?月")
_ORDINALS = (
    r"\bfirst\b|第一|^1$|前面",
    r"\bsecond\b|第二|^2$",
    r"\bthird\b|第三|^3$",
    r"\bfourth\b|第四|^4$",
    r"\bfifth\b|第五|^5$",
)
_LAST_ONE = re.compile(r"\blast one\b|最后")


def vary(calls: Sequence[Call], frame: Frame) -> list[Draft]:
    """The last calls with the values of this request in place of their own; none where nothing fits."""
    drafts = []
    for call in calls:
        draft = Draft(call.tool, dict(call.args))
        if _vary(draft, frame):
            drafts.append(draft)
    return drafts


def _vary(draft: Draft, frame: Frame) -> bool:
    slots = SLOTS.get(draft.tool, frozenset())
    changed = _shift(draft, frame)
    for sign in _meant(frame, draft):
        slot = _slot_for(sign, slots, draft.args)
        if slot is None:
            continue
        value = _value_of(sign, slot, draft, frame)
        if value is None:
            continue
        changed = True
        if slot in ("account", "account_id") and draft.args.get(slot) != value:
            for other in ("deal", "opportunity_id", "person_id", "contact", "contract"):
                draft.args.pop(other, None)
        draft.put(slot, value, sign)
        if draft.gaps:
            draft.args.pop(slot, None)
    return changed or bool(draft.gaps)


def _meant(frame: Frame, draft: Draft) -> list[Sign]:
    """The signs that count: not what is said to be wrong, and of several of a sort the last."""
    kept: dict[Kind | Sort, Sign] = {}
    held = {str(value) for value in draft.args.values()}
    several = [sign for sign in frame.signs if sign.sort is Kind.PRODUCT]
    for sign in frame.signs:
        if _NOT.search(frame.marked.marked[frame.start : sign.at].lower()):
            continue
        ids = {named.id for named in sign.mention.meant} if sign.mention else set()
        if sign.sort in kept and ids & held:
            continue
        kept[sign.sort] = sign
    if Kind.PRODUCT in kept and "product_ids" in draft.args and len(several) > 1:
        return [sign for sort, sign in kept.items() if sort is not Kind.PRODUCT] + several[-1:]
    return list(kept.values())


def _slot_for(sign: Sign, slots: frozenset[str], args: Mapping[str, Any]) -> str | None:
    match sign.sort:
        case Kind.ACCOUNT:
            wanted: tuple[str, ...] = ("account_id", "account")
        case Sort.UNKNOWN:
            wanted = ("account_id", "account", "contact_id")
        case Kind.PRODUCT:
            wanted = ("product_ids", "product_id", "product", "lines")
        case Kind.CONTACT:
            wanted = ("contact_id", "person_id", "contact", "signatories")
        case Kind.DEAL:
            wanted = ("opportunity_id", "deal")
        case Kind.SELLER:
            wanted = ("assignee", "owner")
        case Kind.COMPETITOR:
            wanted = ("competitor",)
        case Sort.NUMBER:
            wanted = ("quantity", "limit", "lines", "quiet_for_days", "amount")
        case Sort.LASTING:
            wanted = ("quiet_for_days",)
        case Sort.DAY | Sort.SPAN:
            wanted = DAY_SLOTS
        case Sort.SHARE:
            wanted = ("discount",)
        case Sort.MONEY:
            wanted = ("amount",)
        case Sort.CODE:
            wanted = ("product_ids", "product_id", "product") if sign.value else ()
        case Sort.MAIL:
            wanted = ("email",)
        case Sort.PHONE:
            wanted = ("phone",)
        case _:
            wanted = ()
    held = next((slot for slot in wanted if slot in args), None)
    return held or next((slot for slot in wanted if slot in slots), None)


def _value_of(sign: Sign, slot: str, draft: Draft, frame: Frame) -> Any:
    if sign.sort in (Sort.UNKNOWN, Sort.CODE):
        draft.gaps.append(Gap(slot, Reason.NOT_FOUND, (), frame.marked.text[sign.start : sign.end]))
        return ""
    if isinstance(sign.sort, Kind):
        return _record(sign, slot, draft, frame)
    value = sign.value
    if sign.sort in (Sort.DAY, Sort.SPAN):
        day = day_of(sign, last=slot != "since")
        return day.isoformat() if day else None
    if slot == "lines" and isinstance(value, Decimal):
        lines = draft.args.get("lines") or []
        return [{**lines[0], "quantity": number_of(value)}] if len(lines) == 1 else None
    if isinstance(value, timedelta):
        return value.days
    if isinstance(value, Money):
        if "currency" in SLOTS.get(draft.tool, frozenset()):
            draft.put("currency", value.currency)
            return number_of(value.amount)
        return {"amount": number_of(value.amount), "currency": value.currency}
    if isinstance(value, Decimal):
        if slot == "amount" and value < 1000:
            return None
        return number_of(value)
    return str(value).strip() if isinstance(value, str) else None


def _record(sign: Sign, slot: str, draft: Draft, frame: Frame) -> Any:
    assert sign.mention is not None and isinstance(sign.sort, Kind)  # noqa: S101, PT018 - names have their mention
    ids = sign.mention.ids(sign.sort)
    draft.sure *= sign.mention.weight
    if len(ids) > 1:
        options = tuple(Option(label=_label(frame, sign.sort, each), value=each) for each in ids[:6])
        draft.gaps.append(Gap(slot, Reason.AMBIGUOUS_NAME, options, sign.mention.said))
        return ""
    if sign.sort is Kind.SELLER:
        return frame.names.sellers[ids[0]].name
    if slot == "product_ids":
        return ids
    if slot == "signatories":
        return ids
    if slot == "lines":
        lines = draft.args.get("lines") or []
        return [{**lines[0], "product": ids[0]}] if len(lines) == 1 else None
    return ids[0]


def _label(frame: Frame, kind: Kind, key: str) -> str:
    names = frame.names
    match kind:
        case Kind.ACCOUNT:
            return names.accounts[key].name
        case Kind.CONTACT:
            return names.contacts[key].name
        case Kind.DEAL:
            return names.opportunities[key].name
        case _:
            return key


def _shift(draft: Draft, frame: Frame) -> bool:
    """“The week after”: the day of the last call, moved on."""
    slot = next((each for each in DAY_SLOTS if each in draft.args), None)
    if slot is None or frame.of(Sort.DAY, Sort.SPAN):
        return False
    day = date.fromisoformat(str(draft.args[slot])[:10])
    if _WEEK_AFTER.search(frame.wording):
        draft.put(slot, (day + timedelta(days=7)).isoformat())
    elif _MONTH_AFTER.search(frame.wording):
        draft.put(slot, add_months(day, 1).isoformat())
    else:
        return False
    return True


def chosen(text: str, options: Sequence[Option]) -> Option | None:
    """The option that a reply picks by its name or its place; None when it picks none."""
    folded = " ".join(text.lower().split()).strip(" .,!?。，？！")
    for option in options:
        if folded in {option.label.lower(), option.value.lower(), *(name.lower() for name in option.also)}:
            return option
    if len(folded) > 24:
        return None
    for place, pattern in enumerate(_ORDINALS):
        if place < len(options) and re.search(pattern, folded):
            return options[place]
    return options[-1] if options and _LAST_ONE.search(folded) else None
