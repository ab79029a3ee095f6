"""Which person at a customer a request is about."""

from collections.abc import Iterable

from agents.understanding.dialogue import Option
from agents.understanding.frame import Draft, Frame
from agents.understanding.marking import Sort
from agents.understanding.names import Kind, Names
from agents.understanding.records import MOST_OPTIONS, fixed, said_account
from core.domain.chat import Reason


def find_contact(frame: Frame, draft: Draft, slot: str, *, needed: bool = True) -> str | None:
    """Put the person who is meant into `slot`; when one is needed, what is open is noted."""
    known = fixed(frame, draft, slot, Kind.CONTACT)
    if known is not None:
        return known
    signs = (*frame.of(Kind.CONTACT), *(frame.around(Kind.CONTACT) if frame.speaks_of_person else ()))
    named = [(sign, sign.mention, _near(frame, sign.mention.ids(Kind.CONTACT))) for sign in signs if sign.mention]
    # Beside a part of a name that fits several, a whole one says who is meant.
    for sign, mention, near in sorted(named, key=lambda each: len(each[2]) > 1):
        if len(near) == 1:
            draft.sure *= mention.weight
            draft.put(slot, near[0], sign, *(other for other, _, ids in named if near[0] in ids))
            return near[0]
        if needed:
            draft.lack(slot, Reason.AMBIGUOUS_NAME, contact_options(frame.names, near), mention.said)
            return None
    strange = next(iter(frame.of(Sort.UNKNOWN)), None)
    if needed and strange is not None:
        draft.lack(slot, Reason.NOT_FOUND, (), frame.marked.text[strange.start : strange.end])
        return None
    return _remembered(frame, draft, slot, needed=needed)


def _near(frame: Frame, ids: list[str]) -> list[str]:
    """Of several people those at the account that is spoken of, if any is."""
    here = {said_account(frame), frame.focus.account_id}
    near = [each for each in ids if frame.names.contacts[each].account_id in here]
    return near if near and len(ids) > 1 else ids


def _remembered(frame: Frame, draft: Draft, slot: str, *, needed: bool) -> str | None:
    """The person whom the conversation is about."""
    if frame.focus.contact_id in frame.names.contacts and (needed or frame.speaks_of_person):
        draft.put(slot, frame.focus.contact_id)
        draft.reach = "focus"
        return frame.focus.contact_id
    if needed:
        here = said_account(frame)
        people = frame.names.people_at(here) if here else []
        draft.lack(slot, options=contact_options(frame.names, [each.id for each in people]))
    return None


def contact_options(names: Names, ids: Iterable[str]) -> tuple[Option, ...]:
    """People to choose from, each with the company."""
    options = []
    for each in list(ids)[:MOST_OPTIONS]:
        person = names.contacts[each]
        account = names.accounts.get(person.account_id)
        label = f"{person.name} ({account.name})" if account else person.name
        options.append(Option(label=label, value=each, also=(person.name,)))
    return tuple(options)
