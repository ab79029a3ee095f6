"""Whole replies, and what is said to a model about one that cannot be used."""

import re
from collections.abc import Sequence
from contextlib import aclosing

from core.language import Lang
from graphs.budget import Budget
from graphs.models.endpoint import Endpoint
from graphs.models.messages import Message, Reply, Request
from graphs.models.showing import Showing
from graphs.models.stops import ModelStoppedError
from graphs.models.wire import dump
from prompts.loader import load_prompt

# Models that think aloud put their thoughts before the answer.
_THOUGHTS = re.compile(r"<think>.*?(</think>|\Z)", re.DOTALL)
_MOST_FAULTS = 4
_LONGEST_QUOTE = 4_000


async def collect(endpoint: Endpoint, request: Request, budget: Budget, showing: Showing) -> Reply:
    """The whole reply, without thoughts; `showing` gets it as it comes.

    Raises ModelStoppedError with what was shown by then, and ToolsRefusedError.
    """
    reply = Reply()
    try:
        async with aclosing(endpoint.call(request, budget)) as deltas:
            async for delta in deltas:
                reply.add(delta)
                showing.take(delta)
    except ModelStoppedError as error:
        raise ModelStoppedError(error.reason, showing.shown) from error
    reply.text = _THOUGHTS.sub("", reply.text).strip()
    return reply


def complaint(reply: Reply, faults: Sequence[str], lang: Lang) -> tuple[Message, Message]:
    """What the model said, as text, and what is wrong with it. The dialogue before stays as it was."""
    written = [dump({"tool": part.name, "arguments": part.arguments}) for part in reply.calls.values()]
    said = "\n".join(filter(None, [reply.text, *written]))[:_LONGEST_QUOTE]
    wrong = "\n".join(f"- {fault}" for fault in faults[:_MOST_FAULTS])
    return Message("assistant", said), Message("user", load_prompt("models", "repair", lang).render(faults=wrong))
