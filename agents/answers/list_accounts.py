"""Question `list_accounts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from agents.answers.desk import MOST_CITED, Desk, named
from agents.answers.fields import Id
from agents.answers.sellers import find_caller
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.text import normalise_name
from tools.spec import ToolArgs


class ListAccountsArgs(ToolArgs):
    """Arguments of `list_accounts`."""

    mine: bool = Field(default=False, description="Only accounts whose owner is the person who asks")
    region: Id | None = Field(default=None, description="Only accounts in this region or below it")
    quiet_for_days: int | None = Field(
        default=None, ge=1, le=3650, description="Only accounts with which there was no exchange for that many days"
    )


_SHOWN = 5
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Quiet:
    """An account with which there was no exchange for `days`; None when none is on record."""

    account: Account
    last: Interaction | None
    days: int | None


async def list_accounts(asking: Asking, args: ListAccountsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Count the accounts that are meant, and name the first of them or the quietest."""
    desk = Desk(asking, notebook, Section.HISTORY)
    accounts: tuple[Account, ...] | None = await desk.records("read_accounts")
    if accounts is None:
        return desk.finish({})
    seller = await find_caller(desk) if args.mine else None
    if args.mine and seller is None:
        return desk.finish({"mine": True})
    meant = [one for one in accounts if (seller is None or seller.owns(one.owner)) and _within(one.region, args.region)]
    whose: dict[str, Any] = {"mine": args.mine, "region": named(args.region) if args.region else None}
    if args.quiet_for_days is not None:
        return await _tell_quiet(desk, args.quiet_for_days, meant, whose)
    names = [named(one.name) for one in meant]
    if names:
        shown = {"count": len(names), "names": names[:_NAMED], "more": max(0, len(names) - _NAMED)}
        desk.say("accounts", *meant[:MOST_CITED], state=ClaimState.INFERRED, **whose, **shown)
    else:
        looked_at = [seller.person] if seller else accounts[:MOST_CITED]
        desk.say("accounts_none", *looked_at, state=ClaimState.INFERRED, **whose)
    return desk.finish({**_ids(meant), "mine": args.mine, "region": args.region})


def _within(region: str | None, wanted: str | None) -> bool:
    """Whether a region is the one wanted or below it; regions are paths such as `east/key-accounts`."""
    if wanted is None:
        return True
    own, above = normalise_name(region or ""), normalise_name(wanted).rstrip("/")
    return own == above or own.startswith(f"{above}/")


async def _tell_quiet(desk: Desk, least: int, meant: Sequence[Account], whose: dict[str, Any]) -> AgentOutput[Told]:
    read: tuple[Interaction, ...] | None = await desk.records("read_last_exchanges")
    if read is None:
        return desk.finish({"quiet_for_days": least})
    last_with = {one.account_id: one for one in read}
    all_of_them = [_quiet(desk, account, last_with.get(account.id)) for account in meant]
    quiet = [one for one in all_of_them if one.days is None or one.days >= least]
    quiet.sort(key=lambda one: (one.days is None, -(one.days or 0), one.account.id))
    cited = [one.last or one.account for one in quiet[:MOST_CITED]] or list(meant[:MOST_CITED])
    figures = {"days": least, "count": len(quiet), "of": len(meant)}
    if quiet:
        shown = min(len(quiet), _SHOWN)
        desk.say("quiet", *cited, state=ClaimState.INFERRED, **whose, **figures, shown=shown)
    else:
        del figures["count"]
        desk.say("quiet_none", *cited, state=ClaimState.INFERRED, **whose, **figures)
    for one in quiet[:_SHOWN]:
        name, owner = named(one.account.name), None if whose["mine"] else named(one.account.owner or "") or None
        if one.last is None:
            desk.say("quiet_never", one.account, state=ClaimState.INFERRED, account=name, owner=owner)
        else:
            last = {"last_on": one.last.at.date(), "days": one.days}
            desk.say("quiet_since", one.last, one.account, state=ClaimState.INFERRED, account=name, owner=owner, **last)
    silences = {one.account.id: {"last_at": one.last.at if one.last else None, "days": one.days} for one in quiet}
    facts = {"quiet_for_days": least, "of": len(meant), "mine": whose["mine"], "quiet": silences}
    return desk.finish({**_ids([one.account for one in quiet]), **facts})


def _quiet(desk: Desk, account: Account, last: Interaction | None) -> Quiet:
    return Quiet(account, last, (desk.today - last.at.date()).days if last else None)


def _ids(accounts: Sequence[Account]) -> dict[str, Any]:
    shown = accounts[:100]
    return {"count": len(accounts), "accounts": {one.id: one.name for one in shown}}


ANSWER = AnswerSpec(
    name="list_accounts",
    agent="history",
    purpose="Customers: those of the caller, of a region, or those that have gone quiet for a number of days",
    args_model=ListAccountsArgs,
    run=list_accounts,
)
