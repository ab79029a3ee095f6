"""Which deal a request is about."""

from collections.abc import Iterable

from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.names import Kind, Names
from agents.understanding.records import MOST_OPTIONS, fixed, said_account
from agents.understanding.unknown import CONTRACT
from core.domain.chat import Reason


def find_deal(frame: Frame, draft: Draft, slot: str) -> None:
    """Put the deal that is asked about into `slot`: the one said, the one spoken of, or the account's only open one."""
    if put_said_deal(frame, draft, slot) or draft.gaps:
        return
    account_id = said_account(frame)
    remembered = _remembered(frame, account_id)
    if remembered is not None:
        draft.put(slot, remembered)
        draft.reach = "focus"
        return
    _put_open_one(frame, draft, slot, account_id or frame.focus.account_id)
    if slot not in draft.args and not draft.gaps:
        draft.lack(slot)


def put_said_deal(frame: Frame, draft: Draft, slot: str) -> bool:
    """Put the deal that the request names into `slot`; note a name that fits several, or a code that fits none."""
    if fixed(frame, draft, slot, Kind.DEAL) is not None:
        return True
    sign = next(iter(frame.of(Kind.DEAL)), None)
    if sign is not None and sign.mention is not None:
        ids = sign.mention.ids(Kind.DEAL)
        if len(ids) > 1:
            draft.lack(slot, Reason.AMBIGUOUS_NAME, deal_options(frame.names, ids))
            return False
        draft.sure *= sign.mention.weight
        draft.put(slot, ids[0], sign)
        return True
    strange = next((each for each in frame.of(Sort.CODE) if not CONTRACT.fullmatch(str(each.value))), None)
    if strange is not None:
        draft.lack(slot, Reason.NOT_FOUND, (), str(strange.value))
    return False


def put_open_deal(frame: Frame, draft: Draft, slot: str = "deal") -> None:
    """Put the deal that is to be changed into `slot`; one without open deals is left to the tool that refuses it."""
    if put_said_deal(frame, draft, slot) or any(gap.slot == slot for gap in draft.gaps) or draft.account_id is None:
        return
    remembered = _remembered(frame, draft.account_id)
    if remembered is not None:
        draft.put(slot, remembered)
    else:
        _put_open_one(frame, draft, slot, draft.account_id)


def _remembered(frame: Frame, account_id: str | None) -> str | None:
    """The deal that the conversation is about, unless the request is about another account."""
    deal = frame.names.opportunities.get(frame.focus.opportunity_id or "")
    return deal.id if deal is not None and account_id in (None, deal.account_id) else None


def _put_open_one(frame: Frame, draft: Draft, slot: str, account_id: str | None) -> None:
    """The account's only open deal, or the only one about the product that is named; several are offered."""
    deals = frame.names.open_deals(account_id) if account_id else []
    wanted = {each for sign in frame.of(Kind.PRODUCT) if sign.mention for each in sign.mention.ids(Kind.PRODUCT)}
    fitting = [deal.id for deal in deals if deal.product_id in wanted] or [deal.id for deal in deals]
    if len(fitting) == 1:
        draft.put(slot, fitting[0])
    elif fitting:
        draft.lack(slot, Reason.AMBIGUOUS_NAME, deal_options(frame.names, fitting))


def deal_options(names: Names, ids: Iterable[str]) -> tuple[Option, ...]:
    """Deals to choose from."""
    found = [names.opportunities[each] for each in list(ids)[:MOST_OPTIONS]]
    return tuple(Option(label=f"{each.name} ({each.id})", value=each.id, also=(each.name, each.id)) for each in found)
