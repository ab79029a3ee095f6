"""People at a customer as several answers tell them: their part in the purchase, and what they said that shows it."""

from collections.abc import Iterable, Sequence
from typing import Any

from agents.analysis.attitudes import load_phrases_of_people
from agents.analysis.identity import name_key, split_address
from agents.analysis.lexicon import asserted
from agents.analysis.quotes import shortened
from agents.analysis.voices import Line, lines_of
from agents.answers.desk import Desk, named
from agents.answers.exchanges import form_of, newest_first
from core.domain.accounts import Account, Contact
from core.domain.claims import Claim, ClaimState
from core.domain.interactions import NO_EXCHANGE, Interaction
from core.domain.views.people import BuyingRole, InfluenceMap, Stakeholder, Stance

GONE = frozenset({"stakeholders.departed", "stakeholders.leaving"})
HELD = 0.5
"""From this chance on, a role counts as held (`Stakeholder.main_role`)."""


def holders_of(people: Iterable[Stakeholder], role: BuyingRole) -> list[Stakeholder]:
    """Those who still work there and likely hold the role, the likeliest first."""
    held = [one for one in people if one.active and one.roles.get(role, 0.0) >= HELD]
    return sorted(held, key=lambda one: (-one.roles[role], -one.influence, one.id))


def departures(claims: Iterable[Claim], people: Iterable[Stakeholder], role: BuyingRole | None = None) -> list[Claim]:
    """The sentences that say that one of these people left; with a role, only of those who likely held it."""
    left = [one for one in people if not one.active and (role is None or one.roles.get(role, 0.0) >= HELD)]
    cited = [frozenset(one.evidence) for one in left]
    return [claim for claim in claims if claim.kind in GONE and any(own.issuperset(claim.evidence) for own in cited)]


def role_name(desk: Desk, role: BuyingRole) -> str:
    """The role in the language of the answer."""
    return desk.term("stakeholders", f"role_{role}")


def standing_of(desk: Desk, person: Stakeholder) -> dict[str, Any]:
    """Parameters of the phrases that tell a person: who they are, where they stand, how much they count."""
    known = person.stance is not Stance.UNKNOWN
    return {
        "name": named(person.name),
        "title": named(person.title or "") or None,
        "role": role_name(desk, person.main_role) if person.main_role else None,
        "stance": desk.note.phrase(f"stance_{person.stance}") if known else None,
        "influence": person.influence,
        "last": person.last_seen.date() if person.last_seen else None,
    }


def as_fact(person: Stakeholder) -> dict[str, Any]:
    """The person as programs want them."""
    wanted = {"contact_id", "name", "title", "active", "roles", "stance", "influence", "last_seen", "interactions"}
    return {"id": person.id, **person.model_dump(include=wanted), "main_role": person.main_role}


def telling_words(person: Stakeholder, role: BuyingRole, interactions: Iterable[Interaction]) -> Line | None:
    """The newest sentence of the person's own that shows the role; None when nothing they said does.

    Without one, praise shows a champion and criticism a blocker.
    """
    phrases = load_phrases_of_people()
    signs = [sign.pattern for sign in phrases.signs if sign.role is role]
    lines = [line for one in newest_first(interactions) for line in reversed(lines_by(person, one))]
    leaning = {BuyingRole.CHAMPION: phrases.positive, BuyingRole.BLOCKER: phrases.negative}.get(role)
    leaned = (line for line in lines if leaning and asserted(leaning, line.words.lower()))
    signed = (line for line in lines if any(asserted(sign, line.words.lower()) for sign in signs))
    return next(signed, None) or next(leaned, None)


def say_words(desk: Desk, name: str, line: Line) -> None:
    """What the person said, verbatim, with its day and form."""
    one = line.interaction
    said: dict[str, Any] = {"name": named(name), "at": one.at.date(), "form": form_of(desk, one)}
    desk.say("person_said", line.source, **said, quote=shortened(line.words))


def say_nobody(desk: Desk, account: Account, contacts: Sequence[Contact], view: InfluenceMap, role: BuyingRole) -> None:
    """Say that nobody is known to hold the role, among how many, and who comes closest."""
    active = [one for one in view.people if one.active]
    closest = max(active, key=lambda one: (one.roles.get(role, 0.0), one.influence), default=None)
    chance = closest.roles.get(role, 0.0) if closest else 0.0
    worth_naming = closest is not None and chance >= HELD / 2
    cited = [account, *contacts[:8], *(desk.sources(closest.evidence[:2]) if closest and worth_naming else [])]
    desk.say(
        "role_nobody",
        *cited,
        state=ClaimState.INFERRED,
        account=named(account.name),
        role=role_name(desk, role),
        count=len(active),
        closest=named(closest.name) if closest and worth_naming else None,
        chance=chance,
    )


def lines_by(person: Stakeholder, interaction: Interaction) -> list[Line]:
    """The sentences that the person spoke or wrote, in order; posts and notes are no words to us."""
    if interaction.form in NO_EXCHANGE:
        return []
    wrote = _is(person, interaction.sender)
    return [line for line in lines_of(interaction) if (_is(person, line.speaker) if line.speaker else wrote)]


def _is(person: Stakeholder, written: str | None) -> bool:
    name, address = split_address(written or "")
    return bool(address and address in person.addresses) or bool(name and name_key(name) == name_key(person.name))
