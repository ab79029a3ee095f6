"""Question `list_opportunities`."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from agents.answers.deals import by_closing, in_words, read_deals, total_of
from agents.answers.desk import MOST_CITED, Desk, named, pick
from agents.answers.fields import AccountId, Day
from agents.answers.sellers import Seller, find_caller
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.base import Record
from core.domain.claims import ClaimState, Section
from core.domain.deals import Opportunity, PipelineStage
from tools.spec import ToolArgs


class DealStatus(StrEnum):
    """Which deals are asked for."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    ALL = "all"


class ListOpportunitiesArgs(ToolArgs):
    """Arguments of `list_opportunities`."""

    account_id: AccountId | None = Field(default=None, description="Only deals with this customer")
    status: DealStatus = Field(default=DealStatus.OPEN, description="Which deals")
    closing_by: Day | None = Field(default=None, description="Only deals that are due to close on or before this day")
    mine: bool = Field(default=False, description="Only deals whose owner is the person who asks")


_SHOWN = 5


async def list_opportunities(asking: Asking, args: ListOpportunitiesArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Count the deals and add them up, then tell those that close next (or closed last)."""
    desk = Desk(asking, notebook, Section.HISTORY)
    accounts: tuple[Account, ...] | None = await desk.records("read_accounts")
    if accounts is None:
        return desk.finish({"status": args.status})
    about = pick(accounts, args.account_id, field="account_id", what="account") if args.account_id else None
    seller = await find_caller(desk) if args.mine else None
    if args.mine and seller is None:
        return desk.finish({"status": args.status, "mine": True})
    read = await read_deals(desk, accounts, about)
    if read is None:
        return desk.finish({"status": args.status})
    found = {deal.id: (account, deal) for account, deal in read if _fits(deal, args, seller)}
    deals = by_closing(deal for _, deal in found.values())
    if args.status is not DealStatus.OPEN:
        deals.sort(key=lambda deal: deal.close_on or date.min, reverse=True)
    whose: dict[str, Any] = {
        "mine": args.mine,
        "account": named(about.name) if about else None,
        "kind": notebook.phrase(f"deals_{args.status}"),
        "closing_by": args.closing_by,
    }
    total, mixed = total_of(deals)
    if not deals:
        looked_at: list[Record] = [about] if about else [seller.person] if seller else list(accounts[:MOST_CITED])
        desk.say("deals_none", *looked_at, state=ClaimState.INFERRED, **whose)
    else:
        figures = {"count": len(deals), "total": total, "mixed": mixed}
        desk.say("deals", *deals[:MOST_CITED], state=ClaimState.INFERRED, **whose, **figures)
    for deal in deals[:_SHOWN]:
        _say_deal(desk, deal, None if about else found[deal.id][0])
    desk.say_more(deals[_SHOWN:])
    overdue = [deal for deal in deals if deal.stage.is_open and deal.close_on and deal.close_on < desk.today]
    if overdue:
        names = [named(deal.name) for deal in overdue[:_SHOWN]]
        desk.say("deals_overdue", *overdue, state=ClaimState.INFERRED, count=len(overdue), deals=names)
    return desk.finish(
        {"status": args.status, "mine": args.mine, "count": len(deals), "total": total, "deals": deals[:100]}
        | {"overdue": [deal.id for deal in overdue], "overdue_count": len(overdue)}
    )


def _fits(deal: Opportunity, args: ListOpportunitiesArgs, seller: Seller | None) -> bool:
    wanted = {
        DealStatus.OPEN: deal.stage.is_open,
        DealStatus.WON: deal.stage is PipelineStage.WON,
        DealStatus.LOST: deal.stage is PipelineStage.LOST,
        DealStatus.ALL: True,
    }
    in_time = args.closing_by is None or (deal.close_on is not None and deal.close_on <= args.closing_by)
    return wanted[args.status] and in_time and (seller is None or seller.owns(deal.owner))


def _say_deal(desk: Desk, deal: Opportunity, account: Account | None) -> None:
    desk.say(
        "deal",
        deal,
        **in_words(desk, deal),
        account=named(account.name) if account else None,
        is_open=deal.stage.is_open,
        reason=named(deal.loss_reason or "") or None,
    )


ANSWER = AnswerSpec(
    name="list_opportunities",
    agent="operations",
    purpose="Deals that are open, won or lost: of one customer or of all, of the caller, or closing by a day",
    args_model=ListOpportunitiesArgs,
    run=list_opportunities,
)
