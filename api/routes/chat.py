"""Chat: questions, answered at once or as they are worked on, and the threads that they were asked in."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import CallerDep, PlatformDep
from core.domain.chat import Answer, Thread
from core.domain.chat_events import ChatEvent, Done
from core.language import Lang
from hub.chat.asking import ThreadDetail, ask, delete_thread, get_thread, list_threads
from hub.chat.turns import LONGEST

router = APIRouter(tags=["chat"])

_ID = r"^[0-9A-Za-z-]{1,64}$"
_TYPED = r"^[^\x00-\x1f\x7f]+$"
_SSE = "text/event-stream"

ThreadId = Annotated[str, Path(pattern=_ID)]
AccountId = Annotated[str, Field(min_length=1, max_length=200, pattern=_TYPED)]


class Question(BaseModel):
    """What is asked. `account_id` makes a new thread one about that account; `earlier` were asked elsewhere before."""

    model_config = ConfigDict(extra="forbid")

    message: str = Field(max_length=LONGEST, pattern=r"[^\s\x00-\x1f\x7f-\x9f]")
    thread: Annotated[str, Field(pattern=_ID)] | None = Field(default=None, description="A new one when left out")
    lang: Lang | None = Field(default=None, description="That of the question when left out")
    account_id: AccountId | None = None
    earlier: list[str] = Field(default=[], max_length=200)


class ThreadList(BaseModel):
    """Threads, the last used first."""

    threads: list[Thread]


@router.post(
    "/chat",
    response_model=Answer,
    responses={
        200: {"description": "The answer, or with `Accept: text/event-stream` its events", "content": {_SSE: {}}}
    },
)
async def question(
    platform: PlatformDep, caller: CallerDep, request: Request, asked: Question
) -> Answer | EventSourceResponse:
    """Ask the assistant.

    Events are `began`, `step`, `words` and, at the end, `done` with the answer; closing the stream stops the answer.
    """
    events = ask(
        platform,
        caller,
        asked.message,
        thread=asked.thread,
        lang=asked.lang,
        account_id=asked.account_id,
        earlier=asked.earlier,
    )
    # What is refused is refused before anything is streamed.
    first = await anext(events)
    if _SSE in request.headers.get("accept", ""):
        return EventSourceResponse(_streamed(first, events))
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Done):
                return event.answer
    raise AssertionError("a question ended without an answer")


async def _streamed(first: ChatEvent, rest: AsyncGenerator[ChatEvent, None]) -> AsyncIterator[ServerSentEvent]:
    async with aclosing(rest):
        yield _told(first)
        async for event in rest:
            yield _told(event)


def _told(event: ChatEvent) -> ServerSentEvent:
    return ServerSentEvent(event.model_dump_json(), event=type(event).__name__.lower())


@router.get("/threads")
def threads(
    platform: PlatformDep,
    caller: CallerDep,
    account_id: Annotated[str | None, Query(max_length=200, pattern=_TYPED)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ThreadList:
    """Your threads, of one account where given."""
    return ThreadList(threads=list_threads(platform, caller, account_id, limit=limit))


@router.get("/threads/{thread_id}")
def thread(platform: PlatformDep, caller: CallerDep, thread_id: ThreadId) -> ThreadDetail:
    """One of your threads with its questions and answers, as far as you may still see what they tell of."""
    return get_thread(platform, caller, thread_id)


@router.delete("/threads/{thread_id}", status_code=204)
def forget(platform: PlatformDep, caller: CallerDep, thread_id: ThreadId) -> Response:
    """Delete one of your threads with all that was said in it."""
    delete_thread(platform, caller, thread_id)
    return Response(status_code=204)
