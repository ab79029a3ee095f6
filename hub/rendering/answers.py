"""An answer of the chat as text: its sentences with the numbers of their sources, and what can be done next."""

from collections.abc import Iterable

from core.domain.chat import Answer, Source, Statement
from hub.rendering.labels import Labels, load_labels

# Whole records can be pages long; who wants them has the JSON and the console.
_LONGEST_QUOTE = 160


def render_answer(answer: Answer) -> str:
    """The sentences, each with the numbers of its sources, then `render_notes`."""
    numbers = _numbers(answer)
    lines = [f"{one.text}{_marks(one, numbers)}" for one in answer.statements] or [answer.answer]
    return "\n".join([*lines, *_notes(answer, numbers)])


def render_notes(answer: Answer, *, commands: bool = True) -> str:
    """Sources with who cites them, proposals, choices; empty when there are none.

    With `commands`, proposals say how they are looked at and approved in a terminal.
    """
    return "\n".join(_notes(answer, _numbers(answer), commands=commands)).strip("\n")


def render_correction(answer: Answer, shown: str) -> str:
    """What must still be said to somebody who was shown these words while the answer was made."""
    if not shown:
        return answer.answer
    # Sentences stand on lines of their own in the end; that alone corrects nothing.
    if "".join(shown.split()) == "".join(answer.answer.split()):
        return ""
    return f"{load_labels(answer.lang, 'chat')('corrected')}:\n{answer.answer}"


def _notes(answer: Answer, numbers: dict[str, int], *, commands: bool = True) -> Iterable[str]:
    say = load_labels(answer.lang, "chat")
    if answer.sources:
        yield from ("", f"{say('sources')}:")
        yield from (f"  [{numbers[source.id]}] {_source(answer, source, say)}" for source in answer.sources)
    if answer.proposals:
        yield from ("", f"{say('proposals')}:")
        yield from (f"  {say('see_effect', id=each) if commands else each}" for each in answer.proposals)
    if answer.choices:
        yield from ("", f"{say('choices')}:")
        yield from (f"  - {choice.label}" for choice in answer.choices)


def _source(answer: Answer, source: Source, say: Labels) -> str:
    citing = dict.fromkeys(one.agent for one in answer.statements if source.id in one.sources)
    quote = " ".join(source.quote.split())
    if len(quote) > _LONGEST_QUOTE:
        quote = f"{quote[: _LONGEST_QUOTE - 1].rstrip()}…"
    return say.pair(f"{source.system} {source.record}", quote) + (say.aside(", ".join(citing)) if citing else "")


def _numbers(answer: Answer) -> dict[str, int]:
    return {source.id: number for number, source in enumerate(answer.sources, 1)}


def _marks(statement: Statement, numbers: dict[str, int]) -> str:
    marks = "".join(f"[{numbers[id_]}]" for id_ in statement.sources if id_ in numbers)
    return f" {marks}" if marks else ""
