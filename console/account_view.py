"""What drawing the parts of a customer's page needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from console.drawer import Drawer
from console.elements import Tag, note
from console.session import Session
from core.domain.base import Evidence
from core.domain.claims import Claim
from hub.accounts.profile import Profile
from hub.rendering.labels import Labels

Known = TypeVar("Known")


@dataclass(frozen=True)
class Cited:
    """The sources of the page, numbered in the order in which it cites them."""

    labels: Labels
    numbers: dict[str, int]
    evidence: dict[str, Evidence]


def cite(labels: Labels, profile: Profile) -> Cited:
    """The sources of a profile, each with its number."""
    claims = [*profile.warnings.values(), *(belief.claim for belief in profile.beliefs)]
    ids = dict.fromkeys(id_ for claim in claims for id_ in claim.evidence)
    return Cited(labels, {id_: number for number, id_ in enumerate(ids, start=1)}, profile.evidence)


@dataclass(frozen=True)
class AccountView:
    """One profile on the screen, in the visitor's language."""

    session: Session
    say: Labels
    profile: Profile
    drawer: Drawer

    @property
    def names(self) -> Labels:
        """The names of stages, systems and so on."""
        return self.session.names

    @property
    def today(self) -> date:
        """The day on which the page is read."""
        return self.session.platform.clock.now().date()

    def part(self, name: str, known: Known | None, draw: Callable[[Known], None]) -> None:
        """A part of the page with its heading; what is not known, because a system kept silent, is said to be."""
        with Tag("section", classes="panel part").props(f"id={name}"):
            Tag("h2", self.say(name))
            if known is None:
                note(self.say("not_answered"))
            else:
                draw(known)

    def why(self, claim: Claim | None) -> None:
        """The button that opens what a sentence rests on; none where it rests on nothing."""
        if claim is None or not claim.evidence:
            return
        button = Tag("button", self.say("why"), "why").on("click", lambda: self.drawer.show_claim(claim))
        button.props["aria-label"] = self.say("why_of", text=claim.text)

    def term(self, first: date | None, last: date | None) -> str:
        """From when until when something holds."""
        if first and last:
            return self.say("term", first=first, last=last)
        if first:
            return self.say("term_since", first=first)
        return self.say("term_until", last=last) if last else self.say("term_unknown")
