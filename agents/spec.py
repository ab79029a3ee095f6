"""What every agent is made of: a typed input, a typed output, and a notebook in which it writes its claims."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Generic, TypeVar

from pydantic import Field

from core.domain.base import Evidence, Frozen, Record, System
from core.domain.claims import Claim, ClaimState, Section, Sentence, evidence_from
from core.domain.contracts import Department
from core.language import Lang
from prompts.loader import load_phrases

View = TypeVar("View", bound=Frozen)
In = TypeVar("In", bound="AgentInput")

Source = Record | Sentence | str


class AgentInput(Frozen):
    """What every agent is told: the language to answer in, the day, and when each system was last good."""

    lang: Lang = Lang.EN
    today: date
    as_of: dict[System, datetime] = Field(default_factory=dict)


class AgentOutput(Frozen, Generic[View]):
    """An agent's conclusions: typed data, the sentences about it and the sources they cite.

    Claims may also cite sources that came with the input (by their ids); those are not repeated in `evidence`.
    """

    view: View
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentSpec(Generic[In, View]):
    """An agent. `run` is pure: the same input gives the same output, and it does no I/O."""

    name: str
    purpose: str
    input_model: type[In]
    output_model: type[AgentOutput[View]]
    run: Callable[[In], AgentOutput[View]]


@dataclass(slots=True)
class Notebook:
    """Collects an agent's claims and the evidence they cite; `book` names the phrases, the agent's own when None."""

    agent: str
    given: AgentInput
    claims: dict[str, Claim] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    book: str | None = None

    def phrase(self, kind: str, /, **params: object) -> str:
        """A phrase of the book in the language asked for."""
        return load_phrases(self.book or self.agent).render(kind, self.given.lang, **params)

    def cite(self, sources: Iterable[Source]) -> tuple[str, ...]:
        """Ids of the sources, in order and once each; records and sentences are kept as evidence."""
        ids: dict[str, None] = {}
        for source in sources:
            if isinstance(source, str):
                ids[source] = None
                continue
            ids[source.evidence_id] = None
            if source.evidence_id not in self.evidence:
                as_of = None if isinstance(source, Sentence) else self.given.as_of.get(source.system)
                start = datetime.combine(self.given.today, time(), UTC)
                self.evidence[source.evidence_id] = evidence_from(source, as_of or start)
        return tuple(ids)

    def claim(
        self,
        section: Section,
        kind: str,
        /,
        *sources: Source,
        state: ClaimState = ClaimState.SUPPORTED,
        departments: Iterable[Department] = (),
        **params: object,
    ) -> str:
        """Write one claim, worded from phrase `kind`, and return its id.

        A claim without sources is marked unsupported. The id depends on agent, kind, wording and sources alone.
        """
        text = self.phrase(kind, **params)
        cited = self.cite(sources)
        name = f"{self.agent}.{kind}"
        digest = hashlib.sha256("\0".join((name, text, *cited)).encode()).hexdigest()[:12]
        claim = Claim(
            id=f"c-{digest}",
            section=section,
            kind=name,
            text=text,
            plain=text,
            state=state if cited else ClaimState.UNSUPPORTED,
            evidence=cited,
            departments=frozenset(departments),
        )
        self.claims[claim.id] = claim
        return claim.id

    def output(self, view: View) -> AgentOutput[View]:
        """The finished output."""
        return AgentOutput(view=view, claims=tuple(self.claims.values()), evidence=tuple(self.evidence.values()))
