"""Question `find_account`."""

import asyncio
from typing import Any

from agents.analysis.deals import open_deals
from agents.analysis.places import country_name
from agents.answers.deals import in_words, total_of
from agents.answers.desk import MOST_CITED, Desk, named
from agents.answers.exchanges import days_since, form_of, last_of
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.deals import Opportunity
from core.domain.interactions import Interaction
from core.domain.money import plausible_money
from tools.spec import OfAccount, ToolArgs


class FindAccountArgs(ToolArgs):
    """Arguments of `find_account`."""

    account_id: AccountId


async def find_account(asking: Asking, args: FindAccountArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say who the customer is and whose, what is open with it, and when it was last heard of."""
    desk, of_account = Desk(asking, notebook, Section.HISTORY), OfAccount(account_id=args.account_id)
    account, deals, found = await asyncio.gather(
        desk.account(args.account_id),
        desk.records("read_opportunities", of_account),
        desk.records("read_interactions", of_account),
    )
    if account is None:
        return desk.finish({"account_id": args.account_id})
    _say_account(desk, account)
    facts: dict[str, Any] = {"account": account.model_dump(mode="json", exclude={"audience"})}
    if deals is not None:
        facts |= _say_deals(desk, account, open_deals(deals))
    if found is not None:
        facts |= _say_last(desk, account, found)
    return desk.finish(facts)


def _say_account(desk: Desk, account: Account) -> None:
    desk.say(
        "account",
        account,
        account=named(account.name),
        customer_class=named(account.customer_class),
        industry=named(account.industry or "") or None,
        country=country_name(account.country, desk.asking.given.lang) if account.country else None,
        region=named(account.region or "") or None,
        owner=named(account.owner or "") or None,
        revenue=plausible_money(account.annual_revenue),
        employees=account.employees,
    )


def _say_deals(desk: Desk, account: Account, deals: tuple[Opportunity, ...]) -> dict[str, Any]:
    total, mixed = total_of(deals)
    if not deals:
        desk.say("account_no_deals", account, state=ClaimState.INFERRED)
    else:
        figures = {"count": len(deals), "total": total, "mixed": mixed}
        desk.say("account_deals", *deals[:MOST_CITED], state=ClaimState.INFERRED, **figures, **in_words(desk, deals[0]))
    return {"open_deals": [deal.id for deal in deals], "open_count": len(deals), "open_total": total}


def _say_last(desk: Desk, account: Account, found: tuple[Interaction, ...]) -> dict[str, Any]:
    last = last_of([one for one in found if one.at.date() <= desk.today])
    if last is None:
        desk.say("account_no_contact", account, state=ClaimState.INFERRED)
        return {"last_contact_at": None}
    days = days_since(desk, last)
    desk.say("account_last", last, last_on=last.at.date(), days=days, form=form_of(desk, last))
    return {"last_contact_at": last.at, "days_since_contact": days}


ANSWER = AnswerSpec(
    name="find_account",
    agent="history",
    purpose="Who a customer is in one look: owner, class, industry, region, open deals, last contact",
    args_model=FindAccountArgs,
    run=find_account,
)
