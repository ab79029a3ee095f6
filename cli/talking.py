"""Asking in a terminal: one question, or a conversation with words as they come."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import aclosing

from rich.console import Console

from core.domain.chat import Answer
from core.errors import HubError, SourceError
from core.identity import Caller
from core.language import Lang, detect_language
from hub.chat.asking import Began, ChatEvent, Done, Step, Words, ask
from hub.installation import Platform
from hub.rendering.answers import render_correction, render_notes
from hub.rendering.labels import load_labels
from hub.rendering.refusals import say_refusal

# Who waits longer than this is told what is going on.
_PATIENCE_S = 2.0


def answer_one(platform: Platform, caller: Caller, question: str, thread: str | None, lang: Lang | None) -> Answer:
    """The answer to one question; what takes long is shown on standard error."""

    def ignore(_event: ChatEvent) -> None:
        """Nothing is shown before the answer is whole."""

    return asyncio.run(_follow(platform, caller, question, thread, lang, ignore))


def talk(platform: Platform, caller: Caller, thread: str | None, lang: Lang | None) -> None:
    """Answer question after question until there are no more; a failure is one line, and the talk goes on."""
    say = load_labels(lang or platform.settings.lang, "chat")
    seen = sys.stdin.isatty()
    if seen:
        print(say("talk_begins"))
    while True:
        try:
            question = input("> " if seen else "")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print()
            continue
        if question.strip():
            thread = _answer(platform, caller, question, thread, lang)


def _answer(platform: Platform, caller: Caller, question: str, thread: str | None, lang: Lang | None) -> str | None:
    """Answer one question of a talk; the thread in which the next one goes on."""
    shown: list[str] = []
    going = [thread]

    def show(event: ChatEvent) -> None:
        if isinstance(event, Began):
            going[0] = event.thread
        elif isinstance(event, Words):
            shown.append(event.text)
            print(event.text, end="", flush=True)

    try:
        answer = asyncio.run(_follow(platform, caller, question, thread, lang, show))
    except KeyboardInterrupt:
        said = load_labels(lang or platform.settings.lang, "chat")("stopped_cancelled")
        print(f"\n{said}\n")
    except (HubError, SourceError) as error:
        print(f"saleshub: {say_refusal(error, lang or detect_language(question)).line}", file=sys.stderr)
    else:
        _finish(answer, "".join(shown))
    return going[0]


def _finish(answer: Answer, shown: str) -> None:
    """What is left to show once the answer is whole."""
    rest = [part for part in (render_correction(answer, shown), render_notes(answer)) if part]
    text = "\n\n".join([shown, *rest] if shown else rest)
    print(text.removeprefix(shown), end="\n\n")


async def _follow(
    platform: Platform,
    caller: Caller,
    question: str,
    thread: str | None,
    lang: Lang | None,
    show: Callable[[ChatEvent], None],
) -> Answer:
    """The answer, with each event shown as it happens."""
    waiting = load_labels(lang or platform.settings.lang, "chat")("working")
    with_status = Console(file=sys.stderr).status(f"{waiting}…")
    patience = None
    if sys.stderr.isatty():
        patience = asyncio.get_running_loop().call_later(_PATIENCE_S, with_status.start)
    try:
        async with aclosing(ask(platform, caller, question, thread=thread, lang=lang)) as events:
            async for event in events:
                if isinstance(event, Step):
                    with_status.update(f"{waiting}: {event.agent} · {event.tool}")
                elif not isinstance(event, Began):
                    if patience is not None:
                        patience.cancel()
                    with_status.stop()
                show(event)
                if isinstance(event, Done):
                    return event.answer
    finally:
        if patience is not None:
            patience.cancel()
        with_status.stop()
    raise AssertionError("a question ended without an answer")
