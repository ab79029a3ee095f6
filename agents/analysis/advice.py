"""Collects recommendations, each with the claim that carries its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.spec import Notebook, Source
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section
from core.domain.contracts import Department
from core.domain.views.proposals import Recommendation, RecommendationKind
from prompts.loader import Phrasebook, load_phrases

MOST_RECOMMENDATIONS = 22


@dataclass(slots=True)
class Advice:
    """Recommendations in the order in which they are given; `words` are the facts every phrase may use."""

    note: Notebook
    account: Account
    words: dict[str, Any]
    book: Phrasebook = field(default_factory=lambda: load_phrases("proposal"))
    given: dict[str, Recommendation] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """How many more recommendations a person would still read."""
        return MOST_RECOMMENDATIONS - len(self.given)

    def knows(self, kind: str) -> bool:
        """Whether there is a phrase `kind`."""
        return (kind, self.note.given.lang) in self.book.phrases

    def say(self, kind: str, **more: Any) -> str:
        """A phrase, given those of the facts that it uses."""
        return self.note.phrase(kind, **self._used(kind, more))

    def add(
        self,
        kind: RecommendationKind,
        phrase: str,
        sources: Iterable[Source],
        *,
        departments: Iterable[Department] = (),
        person: str | None = None,
        minutes: int | None = None,
        **more: Any,
    ) -> Recommendation:
        """Recommend something; without a source of its own it rests on the account's record.

        Saying the same twice adds nothing.
        """
        cited = tuple(dict.fromkeys(sources)) or (self.account,)
        params = self._used(phrase, more)
        claim = self.note.claim(
            Section.PROPOSALS, phrase, *cited[:6], state=ClaimState.INFERRED, departments=departments, **params
        )
        found = Recommendation(
            id=claim.replace("c-", "r-", 1),
            kind=kind,
            text=self.note.claims[claim].text,
            claim=claim,
            person=person,
            minutes=minutes,
        )
        return self.given.setdefault(found.id, found)

    def _used(self, kind: str, more: dict[str, Any]) -> dict[str, Any]:
        variables = self.book.phrases[kind, self.note.given.lang].variables
        facts = self.words | more
        return {name: facts[name] for name in variables}
