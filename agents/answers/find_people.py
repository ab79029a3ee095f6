"""Question `find_people`."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from agents.analysis.titles import read_title
from agents.answers.desk import MOST_CITED, Desk, named
from agents.answers.fields import AccountId
from agents.answers.persons import (
    GONE,
    HELD,
    as_fact,
    departures,
    holders_of,
    role_name,
    say_nobody,
    say_words,
    standing_of,
    telling_words,
)
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account, Contact
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder
from tools.spec import ToolArgs


class FindPeopleArgs(ToolArgs):
    """Arguments of `find_people`."""

    account_id: AccountId
    role: BuyingRole | None = Field(default=None, description="Only this buying role; economic_buyer decides")


_SHOWN = 6
_ALSO = 3
_BESIDE = GONE | {"stakeholders.not_in_crm", "stakeholders.single_thread"}


async def find_people(asking: Asking, args: FindPeopleArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say who likely holds the role and what shows it; without a role, each person with their part and weight."""
    desk = Desk(asking, notebook, Section.INFLUENCE_MAP)
    account = await desk.account(args.account_id)
    if account is None:
        return desk.finish({"account_id": args.account_id})
    outputs, found = await consult(desk, account, "stakeholders")
    output = outputs.get("stakeholders")
    if output is None:
        return desk.finish({"account_id": account.id, "role": args.role})
    view, contacts = output.view, found["read_contacts"]
    active = [one for one in view.people if one.active]
    shown = holders_of(active, args.role) if args.role else active
    if not active:
        desk.say("people_none", account, state=ClaimState.INFERRED, account=named(account.name))
    elif args.role and shown:
        _say_holders(desk, account, args.role, shown, found["read_interactions"])
    elif args.role:
        say_nobody(desk, account, contacts, view, args.role)
    else:
        _say_map(desk, account, active, contacts, view)
    if args.role is None:
        desk.adopt(output, [claim for claim in output.claims if claim.kind in _BESIDE][:_ALSO])
    elif not shown:
        desk.adopt(output, departures(output.claims, view.people, args.role))
    facts = {"account_id": account.id, "role": args.role, "known": len(active), "missing_roles": view.missing_roles}
    return desk.finish({**facts, "people": [as_fact(one) for one in shown]})


def _say_holders(
    desk: Desk, account: Account, role: BuyingRole, holders: Sequence[Stakeholder], said: Sequence[Interaction]
) -> None:
    """The likeliest with what shows it, then who else may."""
    first, others = holders[0], holders[1 : _ALSO + 1]
    desk.say(
        "role_held",
        *desk.sources(first.evidence),
        state=ClaimState.INFERRED,
        **{key: value for key, value in standing_of(desk, first).items() if key not in ("role", "stance")},
        does=desk.note.phrase(f"does_{role}"),
        account=named(account.name),
        chance=first.roles[role],
    )
    words = telling_words(first, role, said)
    if words is not None:
        say_words(desk, first.name, words)
    elif first.title and read_title(first.title).roles.get(role, 0.0) >= HELD:
        desk.say("role_by_title", *desk.sources(first.evidence[:1]), state=ClaimState.INFERRED)
    if others:
        names = [desk.note.phrase("with_chance", name=named(one.name), chance=one.roles[role]) for one in others]
        cited = [source for one in others for source in desk.sources(one.evidence[:2])]
        desk.say("role_also", *cited, state=ClaimState.INFERRED, names=names)


def _say_map(
    desk: Desk, account: Account, active: Sequence[Stakeholder], contacts: Sequence[Contact], view: InfluenceMap
) -> None:
    deciders = holders_of(active, BuyingRole.ECONOMIC_BUYER)
    cited = [source for one in active for source in desk.sources(one.evidence[:1])][:MOST_CITED]
    figures: dict[str, Any] = {"count": len(active), "decider": named(deciders[0].name) if deciders else None}
    desk.say("people", *cited, state=ClaimState.INFERRED, account=named(account.name), **figures)
    for one in active[:_SHOWN]:
        desk.say("person", *desk.sources(one.evidence), state=ClaimState.INFERRED, **standing_of(desk, one))
    desk.say_more([source for one in active[_SHOWN:] for source in desk.sources(one.evidence[:1])])
    if view.missing_roles:
        roles = [role_name(desk, role) for role in view.missing_roles]
        known = [account, *contacts[: MOST_CITED - 1]]
        desk.say("roles_missing", *known, state=ClaimState.INFERRED, roles=roles)


ANSWER = AnswerSpec(
    name="find_people",
    agent="stakeholders",
    purpose="Who decides, supports, evaluates or blocks at a customer; the map of people with their influence",
    args_model=FindPeopleArgs,
    run=find_people,
)
