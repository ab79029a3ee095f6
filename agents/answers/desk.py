"""Where an answer is worked out: what was read, which systems kept silent, and the sentences written so far."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic_core import to_jsonable_python

from agents.analysis.quoting import quoted
from agents.answers.spec import Asking, Told
from agents.spec import AgentOutput, Notebook, Source
from core.domain.accounts import Account
from core.domain.base import Record, System
from core.domain.claims import Claim, ClaimState, Section, sentences_of
from core.domain.interactions import Interaction
from core.errors import NotFoundError, SourceError
from core.language import Lang
from core.ports.reading import Reading
from prompts.loader import load_phrases
from tools.registry import TOOLS
from tools.spec import NoArgs, OfAccounts, ToolArgs

BOOK = "answers"
MOST_CITED = 12
"""As many sources as one sentence cites."""

_NAME = 80

T = TypeVar("T")


@dataclass(slots=True)
class Desk:
    """One question being answered. Every sentence belongs to `section`.

    `silent` holds the systems that were needed and did not answer, `forbidden` the tools whose records the caller may
    not read.
    """

    asking: Asking
    note: Notebook
    section: Section
    silent: set[System] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)
    _known: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.note.book = BOOK

    @property
    def today(self) -> date:
        """The day on which the question is asked."""
        return self.asking.given.today

    @property
    def chinese(self) -> bool:
        """Whether to answer in Chinese."""
        return self.asking.given.lang is Lang.ZH

    async def ask(self, tool: str, args: ToolArgs | None = None, *, needed: bool = True) -> Any:
        """What a read tool answers; None when its system does not, which the answer then says if it was `needed`."""
        try:
            answer = await self.asking.read(tool, args or NoArgs())
        except SourceError as error:
            if needed and error.reason == "forbidden":
                self.forbidden.add(tool)
            elif needed:
                self.silent.add(TOOLS[tool].system)
            return None
        if isinstance(answer, Reading):
            self._known.update((record.evidence_id, record) for record in answer.records)
            if answer.as_of is not None:
                as_of = {**self.note.given.as_of, TOOLS[tool].system: answer.as_of}
                self.note.given = self.note.given.model_copy(update={"as_of": as_of})
        return answer

    async def records(self, tool: str, args: ToolArgs | None = None, *, needed: bool = True) -> Any:
        """The records that a read tool brings, a tuple; None when its system does not answer."""
        answer = await self.ask(tool, args, needed=needed)
        return None if answer is None else answer.records

    async def account(self, account_id: str) -> Account | None:
        """The account; None when the CRM does not answer. Raises NotFoundError for one that the caller cannot see."""
        accounts: tuple[Account, ...] | None = await self.records("read_accounts")
        if accounts is None:
            return None
        return pick(accounts, account_id, field="account_id", what="account")

    async def seek(self, tool: str, id_: str, *, field: str, what: str) -> tuple[Account, Any] | None:
        """The record of that id that `tool` brings for one of the accounts, behind its account; None without an answer.

        Raises NotFoundError when the caller sees no such record.
        """
        accounts, records = await asyncio.gather(self.records("read_accounts"), self.records(tool, OfAccounts()))
        if accounts is None or records is None:
            return None
        record = pick(records, id_, field=field, what=what)
        return pick(accounts, record.account, field=field, what=what), record

    def say(
        self,
        kind: str,
        /,
        *sources: Source,
        state: ClaimState = ClaimState.SUPPORTED,
        **params: Any,
    ) -> None:
        """Write one sentence from phrase `kind`; without sources it counts as unsupported."""
        self.note.claim(self.section, kind, *sources, state=state, **params)

    def adopt(self, output: AgentOutput[Any], claims: Iterable[Claim]) -> None:
        """Take over sentences that a specialist wrote, with what they cite."""
        evidence = {one.id: one for one in output.evidence}
        for claim in claims:
            self.note.claims[claim.id] = claim
            self.note.cite(self.sources(claim.evidence))
            self.note.evidence.update((id_, evidence[id_]) for id_ in claim.evidence if id_ in evidence)

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The records and sentences behind evidence ids, of those that were read here."""
        found: list[Source] = []
        for id_ in ids:
            parent, _, sentence = id_.partition("#s")
            record = self._known.get(parent)
            if record is not None and not sentence:
                found.append(record)
            elif isinstance(record, Interaction):
                found += [one for one in sentences_of(record) if one.evidence_id == id_]
        return found

    def say_more(self, left_out: Sequence[Source], count: int | None = None) -> None:
        """Say how many things a list leaves out, if any: as many as there are sources, or `count`."""
        more = len(left_out) if count is None else count
        if more:
            self.say("more", *left_out[:MOST_CITED], state=ClaimState.INFERRED, more=more)

    def term(self, agent: str, kind: str) -> str:
        """A term of a specialist's phrase book, such as a stage's name."""
        return load_phrases(agent).render(kind, self.asking.given.lang)

    def finish(self, facts: dict[str, Any]) -> AgentOutput[Told]:
        """The answer with `facts` as JSON values, after a sentence on what was not read: forbidden, or kept silent."""
        given, partial = self.note.given, bool(self.note.claims)
        last_good: dict[System, datetime | None] = {system: given.as_of.get(system) for system in sorted(self.silent)}
        if self.forbidden:
            what = [self.note.phrase(f"records_{tool.removeprefix('read_')}") for tool in sorted(self.forbidden)]
            self.say("source_forbidden", what=what, partial=partial)
        for system, good in last_good.items():
            name = self.note.phrase(f"system_{system}")
            self.say("source_silent", system=name, last_good=good, partial=partial)
        facts = {**facts, "silent": last_good} if last_good else facts
        facts = {**facts, "forbidden": sorted(self.forbidden)} if self.forbidden else facts
        return self.note.output(Told(facts=to_jsonable_python(facts)))


def pick(records: Sequence[T], id_: str, *, field: str, what: str) -> T:
    """The record of that id; NotFoundError when the caller sees none."""
    for record in records:
        if getattr(record, "id", None) == id_:
            return record
    raise NotFoundError(
        f"there is no {what} with the id “{quoted(id_, _NAME)}” that you may see",
        field=field,
        remedy=f"Name the {what} as the system of record has it.",
    )


def named(text: str) -> str:
    """A name of our data on one line, fit to stand between quotation marks."""
    return quoted(text, _NAME)
