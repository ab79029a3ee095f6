"""The assistant for other front ends: OpenAI's chat completions, streamed or whole."""

import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Literal

import structlog
from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import CallerDep, PlatformDep
from api.openai_form import (
    ChatMessage,
    Choice,
    Chunk,
    ChunkChoice,
    Completion,
    CompletionRequest,
    Delta,
    Failure,
    ModelCard,
    ModelList,
    OpenAIRoute,
    Said,
    Usage,
    failure_of,
)
from core.domain.chat import Answer, AnswerStatus
from core.domain.chat_events import ChatEvent, Done, Words
from core.errors import InvalidInputError
from core.language import Lang, detect_language
from hub.chat.continuing import ask_on
from hub.rendering.answers import render_correction, render_notes

log = structlog.get_logger()

# The guard before these routes answers with problems.
_FAILURES: dict[int | str, dict[str, Any]] = {
    status: {"model": Failure, "content": {"application/problem+json": {}}}
    for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}

router = APIRouter(tags=["chat"], route_class=OpenAIRoute, responses=_FAILURES)


@router.get("/models")
def models() -> ModelList:
    """The one model that can be asked here: the assistant."""
    return ModelList(data=[ModelCard()])


@router.post(
    "/chat/completions",
    response_model=Completion,
    responses={
        200: {"description": "The answer, or with `stream` its pieces", "content": {"text/event-stream": {}}},
    },
)
async def complete(
    platform: PlatformDep, caller: CallerDep, asked: CompletionRequest
) -> Completion | EventSourceResponse:
    """Answer the user's last message; those before it say what the conversation is about.

    A conversation that goes on is told by its earlier questions, and stays in one thread.
    """
    question, earlier = _question(asked.messages)
    events = ask_on(platform, caller, question, earlier)
    # What is refused is refused before anything is streamed.
    await anext(events)
    own = _Answering(detect_language(question))
    if asked.stream:
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        return EventSourceResponse(own.stream(events, with_usage=usage))
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return own.whole(event.answer)
    raise AssertionError("a question ended without an answer")


def _question(messages: Sequence[ChatMessage]) -> tuple[str, list[str]]:
    """The user's last message, and those before it."""
    asked = [message.text for message in messages if message.role == "user" and message.text.strip()]
    if not asked:
        raise InvalidInputError(
            "has no text of the user", field="messages", remedy="Send a message with the role user."
        )
    return asked[-1], asked[:-1]


class _Answering:
    """One answer in form, whole or in pieces of the same id."""

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int(time.time())

    def whole(self, answer: Answer) -> Completion:
        """The answer with its sources."""
        notes = render_notes(answer, commands=False)
        text = f"{answer.answer}\n\n{notes}" if notes else answer.answer
        return Completion(
            id=self._id,
            created=self._created,
            choices=[Choice(message=Said(content=text), finish_reason=_finish(answer))],
            usage=_usage(answer),
            saleshub=answer.model_dump(mode="json"),
        )

    async def stream(
        self, events: AsyncGenerator[ChatEvent, None], *, with_usage: bool
    ) -> AsyncIterator[ServerSentEvent]:
        """The words as they come, then what corrects them if anything does, then the sources."""
        shown = ""
        yield self._piece(Delta(role="assistant", content=""))
        try:
            async with aclosing(events):
                async for event in events:
                    if isinstance(event, Words):
                        shown += event.text
                        yield self._piece(Delta(content=event.text))
                    elif isinstance(event, Done):
                        for piece in self._end(event.answer, shown, with_usage=with_usage):
                            yield piece
        except Exception as error:
            log.exception("completion_failed")
            yield ServerSentEvent(failure_of(error, self._lang)[0].model_dump_json())
        yield ServerSentEvent("[DONE]")

    def _end(self, answer: Answer, shown: str, *, with_usage: bool) -> list[ServerSentEvent]:
        parts = [render_correction(answer, shown), render_notes(answer, commands=False)]
        rest = "\n\n".join(part for part in parts if part)
        text = f"\n\n{rest}" if shown and rest else rest
        ended = [self._piece(Delta(content=text))] if text else []
        ended.append(self._chunk([ChunkChoice(delta=Delta(), finish_reason=_finish(answer))]))
        return [*ended, self._chunk([], _usage(answer))] if with_usage else ended

    def _piece(self, delta: Delta) -> ServerSentEvent:
        return self._chunk([ChunkChoice(delta=delta)])

    def _chunk(self, choices: list[ChunkChoice], usage: Usage | None = None) -> ServerSentEvent:
        chunk = Chunk(id=self._id, created=self._created, choices=choices, usage=usage)
        text = chunk.model_dump_json(exclude_none=False)
        return ServerSentEvent(text)


def _finish(answer: Answer) -> Literal["stop", "length"]:
    return "length" if answer.status is AnswerStatus.STOPPED else "stop"


def _usage(answer: Answer) -> Usage:
    wrote = answer.output_tokens
    return Usage(prompt_tokens=answer.tokens - wrote, completion_tokens=wrote, total_tokens=answer.tokens)
