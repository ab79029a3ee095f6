"""Conversations that another front end keeps: it sends all of them each time, and one thread holds each here."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from core.domain.chat_events import ChatEvent
from core.errors import ConflictError
from core.identity import Caller
from hub.chat.asking import ask
from hub.chat.turns import clean_earlier
from hub.installation import Platform

_LOOKED_AT = 10
_COMPARED = 50


async def ask_on(
    platform: Platform, caller: Caller, question: str, earlier: Sequence[str]
) -> AsyncGenerator[ChatEvent, None]:
    """Answer a question in the thread that has exactly the `earlier` questions, else in a new one; see `ask`.

    A thread in which something is being answered is left alone.
    """
    thread = await asyncio.to_thread(find_continued, platform, caller, earlier)
    begun = False
    try:
        async with aclosing(ask(platform, caller, question, thread=thread, earlier=earlier)) as events:
            async for event in events:
                begun = True
                yield event
    except ConflictError:
        if begun or thread is None:
            raise
    if begun:
        return
    async with aclosing(ask(platform, caller, question, earlier=earlier)) as events:
        async for event in events:
            yield event


def find_continued(platform: Platform, caller: Caller, earlier: Sequence[str]) -> str | None:
    """The caller's newest thread with these questions and no others; of a long one the last are compared."""
    asked = clean_earlier(earlier, _COMPARED)
    if not asked:
        return None
    with platform.store.read() as unit:
        for thread in unit.threads.list(caller, None, _LOOKED_AT):
            found = unit.threads.last_questions(caller.tenant, thread.id, len(asked) + 1)
            if found == asked or (len(asked) == _COMPARED and found[1:] == asked):
                return thread.id
    return None
