"""The list of customers: what is open with each, when they were last heard of, and what to look at first."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from pydantic import AwareDatetime

from agents.analysis.risk.thresholds import (
    CLOSE_GRACE_DAYS,
    CONTRACT_NOTICE_DAYS,
    DEAD_AFTER_DAYS,
    SILENCE_DAYS,
)
from core.domain.accounts import Account
from core.domain.base import Frozen, System
from core.domain.contracts import Contract
from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import Money, plausible_money
from core.errors import NotFoundError
from core.identity import Caller
from hub.installation import Platform

Owned = TypeVar("Owned", Opportunity, Contract)

_ORDER = list(PipelineStage)


class Hint(StrEnum):
    """Why a customer may need somebody's attention; the same limits as those of the risk rules."""

    QUIET = "quiet"
    OVERDUE = "overdue"
    CONTRACT = "contract"


class AccountLine(Frozen):
    """A customer in the list. `open_value` has one sum per currency, the largest first; `stage` is that of the deal
    that is furthest on; `worth` is the sum in CNY at planning rates, for ordering alone."""

    account: Account
    open_deals: int = 0
    open_value: tuple[Money, ...] = ()
    worth: Decimal = Decimal(0)
    stage: PipelineStage | None = None
    last_contact: AwareDatetime | None = None
    hints: tuple[Hint, ...] = ()


class Overview(Frozen):
    """The customers a caller may see, by the worth of what is open with them; `stale` are systems whose records are
    older than the installation's limit, with the time of the last good ones (None: there never were any)."""

    lines: tuple[AccountLine, ...]
    regions: tuple[str, ...]
    stale: dict[System, datetime | None]


def look_over(platform: Platform, caller: Caller) -> Overview:
    """The list, from the hub's own records of each system, which also answer while a system does not."""
    now = platform.clock.now()
    with platform.store.read() as unit:
        accounts = unit.records.accounts(caller)
        deals = _by_account(unit.records.open_deals(caller))
        contracts = _by_account(unit.records.find(caller, Contract))
        last = unit.interactions.last_by_account(caller)
        good = {system: unit.records.last_good(caller.tenant, system) for system in (System.CRM, System.CONTRACTS)}
    lines = [
        _line(each, deals.get(each.id, []), contracts.get(each.id, []), last.get(each.id), now) for each in accounts
    ]
    # Sorting keeps the order by name among equals.
    lines.sort(key=lambda line: -line.worth)
    limit = now - platform.settings.stale_after
    return Overview(
        lines=tuple(lines),
        regions=tuple(sorted({each.region for each in accounts if each.region})),
        stale={system: at for system, at in good.items() if at is None or at < limit},
    )


def find_account(platform: Platform, caller: Caller, account_id: str) -> Account:
    """The account with exactly this id; NotFoundError when the caller sees none."""
    found = platform.store.records_port().find(caller, Account, ids=[account_id])
    if not found:
        raise NotFoundError(f"no account “{account_id}”", field="account_id", remedy="List the accounts.")
    return found[0]


def _line(
    account: Account,
    deals: Sequence[Opportunity],
    contracts: Sequence[Contract],
    last: datetime | None,
    now: datetime,
) -> AccountLine:
    value = total_of(deals)
    today = now.date()
    found = {
        Hint.OVERDUE: any(_is_overdue(deal, today) for deal in deals),
        Hint.QUIET: any(_is_quiet(deal, last, today) for deal in deals),
        Hint.CONTRACT: bool(deals) and _runs_out(contracts, today),
    }
    return AccountLine(
        account=account,
        open_deals=len(deals),
        open_value=value,
        worth=sum((each.in_cny() or Decimal(0) for each in value), Decimal(0)),
        stage=max((deal.stage for deal in deals), key=_ORDER.index, default=None),
        last_contact=last,
        hints=tuple(hint for hint, holds in found.items() if holds),
    )


def total_of(deals: Iterable[Opportunity]) -> tuple[Money, ...]:
    """The value of deals, one sum per currency, the largest in CNY first; amounts that cannot be meant are left out."""
    sums: dict[str, Decimal] = {}
    for amount in filter(None, (plausible_money(deal.amount) for deal in deals)):
        sums[amount.currency] = sums.get(amount.currency, Decimal(0)) + amount.amount
    made = [Money(amount=amount, currency=currency) for currency, amount in sums.items()]
    return tuple(sorted(made, key=lambda each: -(each.in_cny() or Decimal(0))))


def _is_overdue(deal: Opportunity, today: date) -> bool:
    late = (today - deal.close_on).days if deal.close_on else 0
    return CLOSE_GRACE_DAYS < late <= DEAD_AFTER_DAYS


def _is_quiet(deal: Opportunity, last: datetime | None, today: date) -> bool:
    limit = SILENCE_DAYS.get(deal.stage)
    return limit is not None and last is not None and (today - last.date()).days > limit


def _runs_out(contracts: Sequence[Contract], today: date) -> bool:
    """Whether the contract that lasts longest ends soon; one without an end goes on."""
    running = [each for each in contracts if each.ends_on is None or each.ends_on >= today]
    ends = [each.ends_on for each in running]
    last = max((end for end in ends if end is not None), default=None)
    return last is not None and None not in ends and last - today <= timedelta(days=CONTRACT_NOTICE_DAYS)


def _by_account(records: Iterable[Owned]) -> dict[str, list[Owned]]:
    found: dict[str, list[Owned]] = {}
    for record in records:
        found.setdefault(record.account_id, []).append(record)
    return found
