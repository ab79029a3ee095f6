"""Asking the assistant: one question, its events while it is answered, its answer."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from core.domain.chat import Answer
from core.domain.chat_events import Began, ChatEvent, Done, Step, StepState, Words
from core.identity import Caller
from core.language import Lang
from hub.chat.threads import ThreadDetail, delete_thread, get_thread, list_threads
from hub.installation import Platform

__all__ = [
    "Began",
    "ChatEvent",
    "Done",
    "Step",
    "StepState",
    "ThreadDetail",
    "Words",
    "ask",
    "ask_and_wait",
    "delete_thread",
    "get_thread",
    "list_threads",
]


async def ask(
    platform: Platform,
    caller: Caller,
    question: str,
    *,
    thread: str | None = None,
    lang: Lang | None = None,
    account_id: str | None = None,
    earlier: Sequence[str] = (),
) -> AsyncGenerator[ChatEvent, None]:
    """Answer a question in a thread of the caller's, or in a new one; the last event is `Done`.

    `account_id` makes a new thread one about that account; `earlier` are questions that were asked before it
    elsewhere. Closing the iterator stops the answer: what was said so far is kept, with the reason `cancelled`.
    Raises InvalidInputError for an empty or endless question, NotFoundError for a thread that is not the caller's,
    ConflictError while another question is answered in it; all before the first event.
    """
    from hub.chat.answering import answering  # noqa: PLC0415 - the graph is slow to load

    async with answering(
        platform, caller, question, thread=thread, lang=lang, account_id=account_id, earlier=earlier
    ) as events:
        async for event in events:
            yield event


def ask_and_wait(
    platform: Platform,
    caller: Caller,
    question: str,
    *,
    thread: str | None = None,
    lang: Lang | None = None,
    account_id: str | None = None,
    earlier: Sequence[str] = (),
) -> Answer:
    """The answer to a question, without its events; see `ask`. Not for use within an event loop."""

    async def wait() -> Answer:
        events = ask(platform, caller, question, thread=thread, lang=lang, account_id=account_id, earlier=earlier)
        async for event in events:
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a question ended without an answer")

    return asyncio.run(wait())
