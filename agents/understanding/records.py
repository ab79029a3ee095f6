"""Which account, product, person or deal a request is about."""

import re
from collections.abc import Iterable, Sequence

from agents.understanding.descriptions import fitting_accounts
from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sign, Sort
from agents.understanding.names import Kind, Names
from agents.understanding.unknown import CONTRACT
from core.domain.chat import Reason

_READS_STOCK = frozenset({"check_stock", "find_price"})
_OF_ITS_DEAL = 0.93
"""How sure we are that the one product which an account is buying is meant."""
MOST_OPTIONS = 6
"""As many are offered to choose from."""


def find_account(
    frame: Frame, draft: Draft, slot: str = "account_id", *, needed: bool = True, remembered: bool = True
) -> str | None:
    """Put the account that is meant into `slot`, or note why it cannot be told."""
    if slot in frame.given:
        draft.account_id = str(frame.given[slot])
        draft.put(slot, draft.account_id)
        return draft.account_id
    for reach, signs in (("said", frame.signs), ("message", None)):
        if signs is None and _strange(frame, draft, slot):
            return None
        found = frame.around(Kind.ACCOUNT, Kind.CONTACT, Kind.DEAL) if signs is None else signs
        if _account_of(frame, draft, slot, found, reach):
            return draft.account_id
        if draft.gaps:
            return None
    if remembered and frame.focus.account_id in frame.names.accounts:
        draft.account_id, draft.reach = frame.focus.account_id, "focus"
        draft.put(slot, draft.account_id)
    elif needed:
        draft.lack(slot)
    return draft.account_id


def _account_of(frame: Frame, draft: Draft, slot: str, signs: Sequence[Sign], reach: str) -> bool:
    names = frame.names
    if only := frame.only.get(Kind.ACCOUNT):
        draft.account_id = only
        draft.put(slot, only, *(sign for sign in signs if sign.sort is Kind.ACCOUNT))
        return True
    # A deal that is named says whose it is, whatever place or customer is named beside it.
    whole = any(sign.sort is Kind.DEAL and sign.mention and sign.mention.weight >= 1 for sign in signs)
    for kind in (Kind.DEAL, Kind.ACCOUNT, Kind.CONTACT) if whole else (Kind.ACCOUNT, Kind.DEAL, Kind.CONTACT):
        for sign in signs:
            if sign.sort is not kind or sign.mention is None:
                continue
            ids = sign.mention.ids(kind)
            if kind is Kind.DEAL:
                ids = [names.opportunities[each].account_id for each in ids]
            elif kind is Kind.CONTACT:
                ids = [names.contacts[each].account_id for each in ids]
            ids = list(dict.fromkeys(each for each in ids if each in names.accounts))
            if len(ids) > 1 and frame.focus.account_id in ids and kind is not Kind.ACCOUNT:
                ids = [str(frame.focus.account_id)]
            if len(ids) > 1 and kind is Kind.ACCOUNT:
                draft.lack(slot, Reason.AMBIGUOUS_NAME, account_options(names, ids), sign.mention.said)
                return False
            if len(ids) == 1:
                draft.account_id, draft.reach = ids[0], reach
                draft.sure *= sign.mention.weight
                draft.put(slot, ids[0], *((sign,) if kind is Kind.ACCOUNT else ()))
                return True
    return False


def _strange(frame: Frame, draft: Draft, slot: str) -> bool:
    """Whether the request names an account that nobody knows."""
    sign = next(iter(frame.of(Sort.UNKNOWN)), None)
    if sign is None:
        return False
    said = frame.marked.text[sign.start : sign.end]
    if described := fitting_accounts(frame.names, [said.lower()]):
        draft.lack(slot, Reason.AMBIGUOUS_NAME, account_options(frame.names, described), said)
    else:
        draft.lack(slot, Reason.NOT_FOUND, (), said)
    return True


def account_options(names: Names, ids: Iterable[str]) -> tuple[Option, ...]:
    """Accounts to choose from."""
    return tuple(
        Option(label=names.accounts[each].name, value=each, also=names.accounts[each].aliases)
        for each in list(ids)[:MOST_OPTIONS]
    )


def find_products(frame: Frame, draft: Draft, slot: str, *, several: bool = False) -> None:
    """Put the product, or with `several` the products that are meant into `slot`, or note what is open."""
    if slot in frame.given:
        draft.put(slot, frame.given[slot])
        return
    if only := frame.only.get(Kind.PRODUCT):
        draft.put(slot, [only] if several else only, *frame.of(Kind.PRODUCT))
        return
    signs = frame.of(Kind.PRODUCT)
    if not signs:
        strange = next((sign for sign in frame.of(Sort.CODE) if not CONTRACT.fullmatch(str(sign.value))), None)
        if strange is not None:
            draft.lack(slot, Reason.NOT_FOUND, (), str(strange.value))
            return
        near = frame.around(Kind.PRODUCT)
        signs = (
            near[:1]
            if not several
            else [sign for sign in near if (sign.at < frame.start) == (near[0].at < frame.start)]
        )
        draft.reach = "message" if signs and draft.reach == "said" else draft.reach
    ids: list[str] = []
    for sign in signs:
        meant = sign.mention.ids(Kind.PRODUCT) if sign.mention else []
        if len(meant) > 1:
            draft.lack(
                slot,
                Reason.AMBIGUOUS_NAME,
                product_options(frame.names, meant),
                sign.mention.said if sign.mention else "",
            )
            return
        ids += meant
        draft.sure *= sign.mention.weight if sign.mention else 1
        draft.put(slot, None, sign)
    ids = list(dict.fromkeys(ids))
    if not ids:
        ids = _remembered_products(frame, draft, slot)
        if draft.gaps:
            return
    if not several and len(ids) > 1:
        draft.lack(slot, Reason.AMBIGUOUS_NAME, product_options(frame.names, ids))
    elif ids:
        draft.put(slot, ids if several else ids[0])
    else:
        _put_from_deals(frame, draft, slot, several=several)


def _put_from_deals(frame: Frame, draft: Draft, slot: str, *, several: bool) -> None:
    """The one product that the account is buying; several are offered, and so is one that would be written of."""
    options = _products_of_deals(frame, draft.account_id or _account_at_hand(frame))
    if len(options) == 1 and draft.tool in _READS_STOCK:
        draft.sure *= _OF_ITS_DEAL
        draft.put(slot, [options[0].value] if several else options[0].value)
    else:
        draft.lack(slot, options=options)


def fixed(frame: Frame, draft: Draft, slot: str, kind: Kind) -> str | None:
    """What is known before anything is read: given by an earlier message, or the one record that the call is for."""
    value = frame.given.get(slot) or frame.only.get(kind)
    if value is not None:
        draft.put(slot, value, *frame.of(kind))
    return None if value is None else str(value)


def said_account(frame: Frame) -> str | None:
    """The account that the request names without doubt."""
    ids = [each for sign in frame.of(Kind.ACCOUNT) if sign.mention for each in sign.mention.ids(Kind.ACCOUNT)]
    return ids[0] if len(set(ids)) == 1 else None


def _remembered_products(frame: Frame, draft: Draft, slot: str) -> list[str]:
    named = frame.of(Kind.ACCOUNT) and draft.tool in ("check_stock", "find_price")
    known = [each for each in frame.focus.product_ids if each in frame.names.products]
    if named and frame.focus.account_id not in {said_account(frame)} and known and not frame.of(Sort.NUMBER):
        return []
    described = _described_products(frame.names, frame.wording)
    if described and not set(known) <= set(described):
        draft.lack(slot, Reason.AMBIGUOUS_NAME, product_options(frame.names, described))
        return []
    if known:
        draft.reach = "focus"
    return known


def _described_products(names: Names, wording: str) -> list[str]:
    """The products of a family that is named: pumps, 机器人."""
    for family in ("compressor", "robot", "drive", "vacuum pump", "pump", "空压机", "机器人", "变频器", "真空泵", "泵"):
        if re.search(rf"\b{family}s?\b" if family.isascii() else family, wording):
            return [
                each.id
                for each in names.products.values()
                if family in each.name.lower() or family in (each.name_zh or "")
            ]
    return []


def product_options(names: Names, ids: Iterable[str]) -> tuple[Option, ...]:
    """Products to choose from."""
    found = [names.products[each] for each in list(ids)[:MOST_OPTIONS]]
    return tuple(
        Option(label=each.id, value=each.id, also=tuple(filter(None, (each.name, each.name_zh)))) for each in found
    )


def _account_at_hand(frame: Frame) -> str | None:
    """The account of the request, else the nearest one in the message, else the one that the conversation is about."""
    if found := said_account(frame):
        return found
    for sign in frame.around(Kind.ACCOUNT):
        ids = sign.mention.ids(Kind.ACCOUNT) if sign.mention else []
        return ids[0] if len(ids) == 1 else None
    return frame.focus.account_id


def _products_of_deals(frame: Frame, account_id: str | None) -> tuple[Option, ...]:
    if account_id is None:
        return ()
    deals = frame.names.open_deals(account_id)
    ids = dict.fromkeys(deal.product_id for deal in deals if deal.product_id in frame.names.products)
    return product_options(frame.names, [each for each in ids if each])
