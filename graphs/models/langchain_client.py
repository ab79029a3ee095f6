"""Any chat model of LangChain, passed in."""

from collections.abc import AsyncGenerator
from typing import Any

from langchain_core.exceptions import (
    ModelAuthenticationError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from graphs.models.messages import CallPart, Delta, Message, Request, Tokens
from graphs.models.stops import ModelStoppedError, Stop, ToolsRefusedError
from graphs.models.wire import dump, wire_tools

_REASONS: tuple[tuple[tuple[type[Exception], ...], Stop], ...] = (
    ((TimeoutError, ModelTimeoutError), Stop.TIMEOUT),
    ((ModelRateLimitError,), Stop.BUSY),
    ((ModelAuthenticationError, ModelPermissionDeniedError, ModelNotFoundError), Stop.REFUSED),
)


class LangChainTransport:
    """A chat model of LangChain. It tries again as it was built to; an answer in one piece is one piece."""

    def __init__(self, model: BaseChatModel, stall_s: float) -> None:
        self.stall_s = stall_s
        self._model = model

    async def open(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Begin to ask the model."""
        return self._deltas(request)

    async def _deltas(self, request: Request) -> AsyncGenerator[Delta, None]:
        options: dict[str, Any] = {"max_tokens": request.most}
        if request.shape is not None:
            schema = {"name": "answer", "schema": request.shape}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        try:
            model = self._model.bind_tools(wire_tools(request.tools)) if request.tools else self._model
            async for chunk in model.astream([_message(each) for each in request.messages], **options):
                yield _delta(chunk)
        except NotImplementedError as error:
            raise ToolsRefusedError from error
        except Exception as error:
            reason = next((stop for kinds, stop in _REASONS if isinstance(error, kinds)), Stop.FAILED)
            raise ModelStoppedError(reason) from error
        # These models raise when they are cut off.
        yield Delta(finish="stop")


def _message(message: Message) -> BaseMessage:
    if message.role == "system":
        return SystemMessage(message.content)
    if message.role == "user":
        return HumanMessage(message.content)
    if message.role == "tool":
        return ToolMessage(message.content, tool_call_id=message.call_id, name=message.name)
    calls = [{"id": call.id, "name": call.name, "args": call.args, "type": "tool_call"} for call in message.calls]
    return AIMessage(message.content, tool_calls=calls)


def _delta(chunk: AIMessage) -> Delta:
    told = chunk.usage_metadata
    tokens = None
    if told is not None:
        cached = (told.get("input_token_details") or {}).get("cache_read", 0)
        tokens = Tokens(told["input_tokens"], told["output_tokens"], cached)
    return Delta(text=str(chunk.text), calls=_calls(chunk), tokens=tokens)


def _calls(chunk: AIMessage) -> tuple[CallPart, ...]:
    if isinstance(chunk, AIMessageChunk):
        return tuple(
            CallPart(part["index"] or 0, part["id"] or "", part["name"] or "", part["args"] or "")
            for part in chunk.tool_call_chunks
        )
    whole: list[tuple[str | None, str | None, str]]
    whole = [(call["id"], call["name"], dump(call["args"])) for call in chunk.tool_calls]
    whole += [(call["id"], call["name"], call["args"] or "") for call in chunk.invalid_tool_calls]
    return tuple(CallPart(place, id_ or "", name or "", args) for place, (id_, name, args) in enumerate(whole))
