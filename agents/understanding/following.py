"""How a message goes on from the last one: other values for the same question, and answers to what was asked back."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agents.planning.values.months import add_months
from agents.planning.values.periods import Period
from agents.understanding.amounts import day_of, json_money, number_of
from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame, Gap
from agents.understanding.marking import Sign, Sort
from agents.understanding.names import Kind
from agents.understanding.tools import DAY_SLOTS, SLOTS
from core.domain.chat import Call, Reason
from core.domain.money import Money

_SLOTS_OF: dict[Kind | Sort, tuple[str, ...]] = {
    Kind.ACCOUNT: ("account_id", "account"),
    Kind.PRODUCT: ("product_ids", "product_id", "product", "lines"),
    Kind.CONTACT: ("contact_id", "person_id", "contact", "signatories"),
    Kind.DEAL: ("opportunity_id", "deal"),
    Kind.SELLER: ("assignee", "owner"),
    Kind.COMPETITOR: ("competitor",),
    Sort.UNKNOWN: ("account_id", "account", "contact_id"),
    Sort.CODE: ("product_ids", "product_id", "product"),
    Sort.NUMBER: ("quantity", "limit", "lines", "quiet_for_days", "amount"),
    Sort.LASTING: ("quiet_for_days",),
    Sort.DAY: DAY_SLOTS,
    Sort.SPAN: DAY_SLOTS,
    Sort.SHARE: ("discount",),
    Sort.MONEY: ("amount",),
    Sort.MAIL: ("email",),
    Sort.PHONE: ("phone",),
}
_NOT = re.compile(
    r"(?:\bnot\s(?:for\s|at\s)?(?:the\s)?|instead of\s|rather than\s|不是(?:说|问)?|而不是|别看|不要|不看)$"
)
_SUM_FROM = 1000
"""A smaller number alone is no sum of money."""
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
    wanted = _SLOTS_OF.get(sign.sort, ())
    held = next((slot for slot in wanted if slot in args), None)
    return held or next((slot for slot in wanted if slot in slots), None)


def _value_of(sign: Sign, slot: str, draft: Draft, frame: Frame) -> Any:
    """What a sign puts into a slot; None when it does not fit."""
    if sign.sort in (Sort.UNKNOWN, Sort.CODE):
        draft.gaps.append(Gap(slot, Reason.NOT_FOUND, (), frame.marked.text[sign.start : sign.end]))
        return ""
    if isinstance(sign.sort, Kind):
        return _record(sign, slot, draft, frame)
    return _value(sign, slot, draft)


def _value(sign: Sign, slot: str, draft: Draft) -> Any:
    match sign.value:
        case Period() | date():
            day = day_of(sign, last=slot != "since")
            return day.isoformat() if day else None
        case Decimal() as number:
            return _number(number, slot, draft)
        case Money() as money:
            return _money(money, draft)
        case timedelta() as lasting:
            return lasting.days
        case other:
            return str(other).strip() or None


def _number(number: Decimal, slot: str, draft: Draft) -> Any:
    if slot == "lines":
        lines = draft.args.get("lines") or []
        return [{**lines[0], "quantity": number_of(number)}] if len(lines) == 1 else None
    return None if slot == "amount" and number < _SUM_FROM else number_of(number)


def _money(money: Money, draft: Draft) -> Any:
    if "currency" not in SLOTS.get(draft.tool, frozenset()):
        return json_money(money)
    draft.put("currency", money.currency)
    return number_of(money.amount)


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
