"""Having a model answer from the statements, and keeping only sentences that rest on what they cite."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from functools import lru_cache
from typing import Any

import structlog
from langgraph.runtime import Runtime
from langgraph.types import Command

from agents.understanding.names import Names as KnownNames
from core.domain.chat import Reason, Statement
from core.domain.chat_events import Words
from core.domain.claims import ClaimState
from graphs.chat.citing import Fault, Grounds, Sentence
from graphs.chat.outcomes import HUB, conclude, tell_all
from graphs.chat.routing import said_in
from graphs.chat.showing import Gate
from graphs.chat.state import Assistant, ChatContext, ChatState, Said
from graphs.models.messages import Message
from graphs.models.stops import ModelStoppedError
from graphs.visit.facts import Names, names_of
from prompts.loader import load_phrases, load_prompt

log = structlog.get_logger()

# Faults of sentences that tell nothing which could be wrong in a figure, an address or a name.
_MARKED = frozenset({Fault.UNCITED, Fault.ADDED})
_MOST_STATEMENTS = 60


async def word(state: ChatState, *, runtime: Runtime[ChatContext]) -> Command[Any]:
    """Answer in a model's words where it stays with the statements, else in the computed ones."""
    context, said = runtime.context, said_in(state)
    assert context.assistant is not None  # noqa: S101
    facts = _facts(context, said)
    if not facts:
        outcome = conclude(context.lang, said, model=context.assistant.planner.name)
        tell_all(context, outcome)
        return Command(update={"outcome": outcome.model_dump(mode="json")}, goto="end")
    grounds = Grounds(facts, state["question"], context.lang, _names(context.names))
    wording = _Wording(context, context.assistant, grounds)
    stopped: Reason | None = None
    kept: list[Statement] = []
    try:
        kept = await wording.run()
    except ModelStoppedError as error:
        # The computed sentences answer as well; only who ran away is stopped.
        stopped = error.reason.reason if error.reason.is_budget else None
        log.warning("not_worded", reason=error.reason)
    if not kept:
        kept = list(facts)
    others = [statement for each in said for statement in each.statements if statement not in facts]
    outcome = conclude(
        context.lang, said, stopped=stopped, statements=[*kept, *others], model=context.assistant.planner.name
    )
    if wording.shown:
        for statement in outcome.statements[len(kept) :]:
            context.tell(Words(text=f"\n{statement.text}"))
    else:
        tell_all(context, outcome)
    return Command(update={"outcome": outcome.model_dump(mode="json")}, goto="end")


class _Wording:
    """One answer: written once, its faulty sentences once more."""

    def __init__(self, context: ChatContext, assistant: Assistant, grounds: Grounds) -> None:
        self._context = context
        self._assistant = assistant
        self._grounds = grounds
        self.shown = False

    async def run(self) -> list[Statement]:
        """The sentences that stand. Raises ModelStoppedError when the model says nothing usable at all."""
        sentences = await self._read(await self._write())
        faulty = [sentence for sentence in sentences if sentence.fault is not None]
        if faulty:
            log.info("sentences_refused", faults=[sentence.fault for sentence in faulty])
            repaired = iter(await self._repair(faulty))
            sentences = [next(repaired, each) if each.fault is not None else each for each in sentences]
        standing = [self._statement(each) for each in sentences if each.fault is None]
        # What rests on nothing is shown as such, but never alone.
        loose = [self._loose(each) for each in sentences if each.fault in _MARKED] if standing else []
        return [*standing, *loose]

    async def _write(self) -> str:
        basis = "\n".join([self._grounds.question, *(statement.text for statement in self._grounds.statements)])
        gate = Gate(basis, self._show)
        text = ""
        writer, budget = self._assistant.writer, self._assistant.writer_budget
        try:
            async with aclosing(writer.stream(self._messages(), budget)) as pieces:
                async for piece in pieces:
                    text += piece
                    gate.add(piece)
        except ModelStoppedError:
            if not text:
                raise
        gate.close()
        return text

    def _show(self, text: str) -> None:
        self.shown = True
        self._context.tell(Words(text=text))

    async def _repair(self, faulty: Sequence[Sentence]) -> list[Sentence]:
        told = "\n".join(_line({"text": each.text, "wrong": each.fault}) for each in faulty)
        ask = load_phrases("chat").render("repair", self._context.lang)
        writer, budget = self._assistant.writer, self._assistant.writer_budget
        try:
            messages = [*self._messages(), Message("user", told), Message("user", ask)]
            return await self._read(await writer.answer(messages, budget))
        except ModelStoppedError:
            return []

    async def _read(self, text: str) -> list[Sentence]:
        # Checking every sentence takes long enough to hold up the pieces of everybody else's answer.
        return await asyncio.to_thread(self._grounds.read, text)

    def _messages(self) -> list[Message]:
        data = [
            _line({"n": number, "who": statement.agent, "text": statement.text})
            for number, statement in enumerate(self._grounds.statements, 1)
        ]
        return [
            Message("system", load_prompt("chat", "word", self._context.lang).render()),
            Message("user", "\n".join(data)),
            Message("user", self._grounds.question),
        ]

    def _statement(self, sentence: Sentence) -> Statement:
        cited = [self._grounds.statements[number - 1] for number in sentence.cited]
        return Statement(
            text=sentence.text,
            agent=cited[0].agent,
            state=self._grounds.state(sentence),
            sources=tuple(dict.fromkeys(source for statement in cited for source in statement.sources)),
        )

    def _loose(self, sentence: Sentence) -> Statement:
        text = load_phrases("chat").render("unsupported", self._context.lang, text=sentence.text)
        return Statement(text=text, agent=HUB, state=ClaimState.UNSUPPORTED)


def _facts(context: ChatContext, said: Sequence[Said]) -> list[Statement]:
    """The sentences that a model may put into other words: none about writes, nor about what failed."""
    told = [each for each in said if each.reason is None and context.tools[each.call.tool].facts]
    return list(dict.fromkeys(statement for each in told for statement in each.statements))[:_MOST_STATEMENTS]


# A caller's names stay the same over many questions.
@lru_cache(maxsize=16)
def _names(known: KnownNames) -> Names:
    return names_of([*known.accounts.values(), *known.contacts.values(), *known.products.values()])


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
