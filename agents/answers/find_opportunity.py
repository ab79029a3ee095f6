"""Question `find_opportunity`."""

import asyncio

from agents.analysis.deals import plausible_quantity
from agents.analysis.price_quotes import asked_discount
from agents.analysis.stock_cover import name_of
from agents.answers.deals import in_words
from agents.answers.desk import Desk, named
from agents.answers.fields import OpportunityId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.deals import Opportunity
from core.domain.products import Product
from tools.spec import ToolArgs


class FindOpportunityArgs(ToolArgs):
    """Arguments of `find_opportunity`."""

    opportunity_id: OpportunityId


async def find_opportunity(asking: Asking, args: FindOpportunityArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say where the deal stands, what is asked for, and what comes next."""
    desk = Desk(asking, notebook, Section.HISTORY)
    found, products = await asyncio.gather(
        desk.seek("read_opportunities", args.opportunity_id, field="opportunity_id", what="deal"),
        desk.records("read_products", needed=False),
    )
    if found is None:
        return desk.finish({"opportunity_id": args.opportunity_id})
    account: Account = found[0]
    deal: Opportunity = found[1]
    _say_standing(desk, deal, account)
    product = next((one for one in products or () if one.id == deal.product_id), None)
    _say_wish(desk, deal, product)
    if deal.stage.is_open:
        desk.say("deal_next", deal, step=named(deal.next_step or "") or None)
    days = (desk.today - deal.close_on).days if deal.close_on and deal.stage.is_open else None
    if days is not None and days > 0:
        desk.say("deal_overdue", deal, state=ClaimState.INFERRED, close_on=deal.close_on, days=days)
    return desk.finish({"deal": deal, "account_id": account.id, "days_overdue": days})


def _say_standing(desk: Desk, deal: Opportunity, account: Account) -> None:
    owner = named(deal.owner or "") or None
    reason = named(deal.loss_reason or "") or None
    shown = {**in_words(desk, deal), "account": named(account.name), "owner": owner}
    if deal.stage.is_open:
        desk.say("deal_open", deal, account, **shown)
    else:
        desk.say("deal_closed", deal, account, **shown, reason=reason)


def _say_wish(desk: Desk, deal: Opportunity, product: Product | None) -> None:
    """Say what is asked for, at which discount, and against whom."""
    asked, quantity = asked_discount(deal), plausible_quantity(deal.quantity)
    rival = named(deal.competitor or "") or None
    name = name_of(deal.product_id, product, chinese=desk.chinese) if deal.product_id else None
    if name or asked or rival:
        cited = [deal, *([product] if product else [])]
        desk.say("deal_wish", *cited, product=name, quantity=quantity, discount=asked, rival=rival)


ANSWER = AnswerSpec(
    name="find_opportunity",
    agent="operations",
    purpose="One deal: stage, amount, closing date, owner, next step, product, discount, competitor",
    args_model=FindOpportunityArgs,
    run=find_opportunity,
)
