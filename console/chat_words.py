"""The chat page's words, and what specialists and their looking up are called."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.chat import Answer, AnswerStatus, Source
from core.domain.payloads import Operation
from core.language import Lang
from hub.rendering.effects import EffectWords, load_effect_words
from hub.rendering.labels import Labels, label_key, load_labels

# Who speaks for the hub itself: its sentences are no findings, so nothing says on what they rest.
HUB = "hub"
_OPERATIONS = set(Operation)


@dataclass(frozen=True)
class ChatWords:
    """The words in one language: `say` those of the page, `names` those of records, `effects` those of writes."""

    say: Labels
    names: Labels
    effects: EffectWords

    def agent(self, agent: str) -> str:
        """What people call a specialist."""
        return self._known(f"agent_{agent}", "agent_other")

    def topic(self, tool: str) -> str:
        """What is looked up, or would be written, when the tool is called."""
        if tool in _OPERATIONS:
            return self.effects.say.name(Operation(tool))
        return self._known(f"tool_{tool}", "tool_other")

    def system(self, system: str) -> str:
        """What people call a system of record; its own name when we have none."""
        if system == HUB:
            return self.say("agent_hub")
        known = f"system_{system}" in self.names.book.kinds
        return self.names(f"system_{system}") if known else system

    def value(self, value: StrEnum) -> str:
        """What the page calls a value."""
        return self.say(label_key(value))

    def source(self, number: int, source: Source) -> str:
        """A source in one line."""
        return self.say("source_number", number=number, system=self.system(source.system), record=source.record)

    def cost(self, answer: Answer) -> str:
        """How long an answer took, and by what means it came."""
        parts = [self.say("took", seconds=answer.elapsed_ms / 1000)]
        if answer.model_calls:
            parts.append(self.say("by_model", calls=answer.model_calls, tokens=answer.tokens))
        else:
            parts.append(self.say("by_engine"))
        if answer.confidence is not None and answer.status is AnswerStatus.ANSWERED:
            parts.append(self.say("understood", share=answer.confidence))
        return " · ".join(parts)

    def _known(self, phrase: str, other: str) -> str:
        return self.say(phrase if phrase in self.say.book.kinds else other)


def load_chat_words(lang: Lang) -> ChatWords:
    """The words in a language."""
    return ChatWords(load_labels(lang, "chat_page"), load_labels(lang), load_effect_words(lang))


def numbers_of(answer: Answer) -> dict[str, int]:
    """The number of each source of an answer, from 1, in the order in which its sentences cite them."""
    cited = [id_ for statement in answer.statements for id_ in statement.sources]
    known = {source.id for source in answer.sources}
    ids = dict.fromkeys(id_ for id_ in (*cited, *(source.id for source in answer.sources)) if id_ in known)
    return {id_: number for number, id_ in enumerate(ids, start=1)}


def plain_text(words: ChatWords, answer: Answer) -> str:
    """An answer with its sources as text, to be pasted elsewhere."""
    numbers = numbers_of(answer)
    lines = []
    for statement in answer.statements:
        marks = "".join(f"[{numbers[id_]}]" for id_ in statement.sources if id_ in numbers)
        lines.append(f"{statement.text} {marks}".strip())
    by_id = {source.id: source for source in answer.sources}
    cited = [f"[{number}] {words.source(number, by_id[id_])}: {by_id[id_].quote}" for id_, number in numbers.items()]
    return "\n".join(lines or [answer.answer]) + ("\n\n" + "\n".join(cited) if cited else "")
