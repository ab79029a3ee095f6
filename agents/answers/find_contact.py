"""Question `find_contact`."""

from collections.abc import Sequence
from typing import Any

from agents.analysis.salience import length, telling_line
from agents.analysis.voices import Line
from agents.answers.desk import Desk, named
from agents.answers.exchanges import days_since, form_of, last_of, newest_first, takes_part
from agents.answers.fields import ContactId
from agents.answers.persons import as_fact, departures, lines_by, say_words, standing_of
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.answers.specialists import consult
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account, Contact
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction
from core.domain.views.people import InfluenceMap, Stakeholder
from core.policy.field_rights import hidden_fields
from tools.spec import ToolArgs


class FindContactArgs(ToolArgs):
    """Arguments of `find_contact`."""

    contact_id: ContactId


async def find_contact(asking: Asking, args: FindContactArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say how to reach the person, then their part in the purchase and the last exchange with them."""
    desk = Desk(asking, notebook, Section.INFLUENCE_MAP)
    facts: dict[str, Any] = {"contact_id": args.contact_id}
    sought = await desk.seek("read_contacts", args.contact_id, field="contact_id", what="person")
    if sought is None:
        return desk.finish(facts)
    account: Account = sought[0]
    contact: Contact = sought[1]
    _say_reach(desk, contact, account)
    facts |= {"account_id": account.id, "person": contact.model_dump(mode="json", exclude={"region", "audience"})}
    outputs, found = await consult(desk, account, "stakeholders")
    output = outputs.get("stakeholders")
    if output is None:
        return desk.finish(facts)
    someone = _someone(output.view, contact)
    past = [one for one in found["read_interactions"] if one.at.date() <= desk.today]
    if someone is not None:
        gone = departures(output.claims, [someone])
        desk.adopt(output, gone)
        if not gone:
            desk.say("part", *desk.sources(someone.evidence), state=ClaimState.INFERRED, **_part(desk, someone))
        facts["standing"] = as_fact(someone)
    facts |= _say_last(desk, contact, past)
    words = _last_words(someone, past) if someone else None
    if words is not None:
        say_words(desk, contact.name, words)
    return desk.finish(facts)


def _say_reach(desk: Desk, contact: Contact, account: Account) -> None:
    shown: dict[str, Any] = {
        field: named(getattr(contact, field) or "") or None for field in ("title", "department", "email", "phone")
    }
    shown["hidden"] = bool(hidden_fields(desk.asking.caller, contact.kind))
    desk.say("contact", contact, account, name=named(contact.name), account=named(account.name), **shown)


def _someone(view: InfluenceMap, contact: Contact) -> Stakeholder | None:
    return next((one for one in view.people if one.contact_id == contact.id), None)


def _part(desk: Desk, someone: Stakeholder) -> dict[str, Any]:
    standing = standing_of(desk, someone)
    return {key: standing[key] for key in ("role", "stance", "influence")}


def _say_last(desk: Desk, contact: Contact, past: Sequence[Interaction]) -> dict[str, Any]:
    last = last_of([one for one in past if takes_part(contact, one)])
    if last is None:
        desk.say("account_no_contact", contact, state=ClaimState.INFERRED)
        return {"last_contact_at": None}
    days = days_since(desk, last)
    desk.say("account_last", last, last_on=last.at.date(), days=days, form=form_of(desk, last))
    return {"last_contact_at": last.at, "days_since_contact": days}


def _last_words(someone: Stakeholder, past: Sequence[Interaction]) -> Line | None:
    """What says most of what they said last."""
    for one in newest_first(past):
        own = lines_by(someone, one)
        if own:
            telling = telling_line(one)
            return telling if telling in own else max(own, key=lambda line: length(line.words))
    return None


ANSWER = AnswerSpec(
    name="find_contact",
    agent="stakeholders",
    purpose="One person at a customer: title, mail address, phone, last contact, stance towards us",
    args_model=FindContactArgs,
    run=find_contact,
)
