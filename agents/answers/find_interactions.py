"""Question `find_interactions`."""

import asyncio
from typing import Any

from pydantic import Field

from agents.answers.desk import Desk, named, pick
from agents.answers.exchanges import (
    as_fact,
    days_since,
    form_of,
    last_of,
    newest_first,
    say_exchange,
    takes_part,
    who_wrote,
)
from agents.answers.fields import AccountId, ContactId, Day
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Contact
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction, InteractionKind
from tools.spec import OfAccount, ToolArgs


class FindInteractionsArgs(ToolArgs):
    """Arguments of `find_interactions`."""

    account_id: AccountId
    kind: InteractionKind | None = Field(default=None, description="Only this form of exchange")
    person_id: ContactId | None = Field(default=None, description="Only exchanges with this person, a contact id")
    since: Day | None = Field(default=None, description="Only exchanges on or after this day")
    limit: int = Field(default=5, ge=1, le=20, description="How many at most, newest first")


async def find_interactions(asking: Asking, args: FindInteractionsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say when the last contact was, then what was said, the latest first."""
    desk, of_account = Desk(asking, notebook, Section.HISTORY), OfAccount(account_id=args.account_id)
    account, found, contacts = await asyncio.gather(
        desk.account(args.account_id),
        desk.records("read_interactions", of_account),
        desk.records("read_contacts", of_account, needed=args.person_id is not None),
    )
    if account is None or found is None or (args.person_id and contacts is None):
        return desk.finish({"account_id": args.account_id})
    person = pick(contacts, args.person_id, field="person_id", what="person") if args.person_id else None
    past = [one for one in found if one.at.date() <= desk.today]
    meant = newest_first(one for one in past if _fits(one, args, person))
    whose: dict[str, Any] = {
        "account": named(account.name),
        "person": named(person.name) if person else None,
        "kind": desk.term("history", f"form_{args.kind}") if args.kind else None,
        "since": args.since,
    }
    last = last_of(meant) or (meant[0] if meant else None)
    if last is None:
        latest = last_of(past)
        before = {"last_on": latest.at.date() if latest else None, "form": form_of(desk, latest) if latest else None}
        cited = [one for one in (account, person, latest) if one is not None]
        desk.say("exchanges_none", *cited, state=ClaimState.INFERRED, **whose, **before)
        return desk.finish({"account_id": account.id, "total": 0, "last_at": latest.at if latest else None})
    days = days_since(desk, last)
    told = {"last_on": last.at.date(), "days": days, "form": form_of(desk, last), "total": len(meant)}
    told["shown"] = min(len(meant), args.limit)
    who = who_wrote(last, contacts or ()) if last.form is InteractionKind.MAIL and person is None else ""
    first = meant[-1]
    cited = [last] if first is last else [last, first]
    desk.say("exchanges", *cited, state=ClaimState.INFERRED, **whose, **told, who=who, first=first.at.date())
    for one in meant[: args.limit]:
        say_exchange(desk, one, contacts or ())
    shown = [as_fact(one) for one in meant[: args.limit]]
    facts = {"account_id": account.id, "total": len(meant), "last_at": last.at, "first_at": first.at, "days": days}
    return desk.finish({**facts, "exchanges": shown})


def _fits(one: Interaction, args: FindInteractionsArgs, person: Contact | None) -> bool:
    in_form = args.kind is None or one.form is args.kind
    in_time = args.since is None or one.at.date() >= args.since
    return in_form and in_time and (person is None or takes_part(person, one))


ANSWER = AnswerSpec(
    name="find_interactions",
    agent="history",
    purpose="The latest exchanges with a customer or one person there, and when the last contact was",
    args_model=FindInteractionsArgs,
    run=find_interactions,
)
