"""Deals as several answers tell them: one line each, and their value together."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agents.answers.desk import Desk, named
from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.domain.money import Money, plausible_money
from tools.spec import OfAccounts


def total_of(deals: Iterable[Opportunity]) -> tuple[Money | None, bool]:
    """The deals' amounts added up, and whether currencies had to be brought together at planning rates.

    None when no amount is known. Amounts in an unknown currency are left out of a mixed total.
    """
    amounts = [money for deal in deals if (money := plausible_money(deal.amount))]
    currencies = {money.currency for money in amounts}
    if len(currencies) == 1:
        return Money(amount=sum((money.amount for money in amounts), Decimal(0)), currency=currencies.pop()), False
    known = [amount for money in amounts if (amount := money.in_cny()) is not None]
    return (Money(amount=sum(known, Decimal(0))), True) if known else (None, False)


def by_closing(deals: Iterable[Opportunity]) -> list[Opportunity]:
    """The deals, the next to close first; those without a day last."""
    return sorted(deals, key=lambda deal: (deal.close_on or date.max, deal.id))


def in_words(desk: Desk, deal: Opportunity) -> dict[str, Any]:
    """Parameters of the phrases that tell a deal: its name, amount, stage and day of closing."""
    return {
        "deal": named(deal.name),
        "amount": plausible_money(deal.amount),
        "stage": stage_name(desk, deal),
        "close_on": deal.close_on,
    }


def stage_name(desk: Desk, deal: Opportunity) -> str:
    """The stage of the deal in the language of the answer."""
    kind = deal.stage.value
    return desk.term("operations", f"stage_{kind}") if deal.stage.is_open else desk.note.phrase(f"stage_{kind}")


async def read_deals(
    desk: Desk, accounts: Sequence[Account], about: Account | None = None
) -> list[tuple[Account, Opportunity]] | None:
    """All deals of the accounts, or of the one it is `about`, each with its account; None without an answer."""
    args = OfAccounts(account_id=about.id if about else None)
    read: tuple[Opportunity, ...] | None = await desk.records("read_opportunities", args)
    by_id = {account.id: account for account in accounts}
    return None if read is None else [(by_id[deal.account_id], deal) for deal in read if deal.account_id in by_id]
