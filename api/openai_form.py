"""The forms of OpenAI's chat completions, as far as front ends for chat use them."""

from collections.abc import Callable, Coroutine
from typing import Any, Literal

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from core.errors import HubError, SourceError
from core.language import Lang, detect_language, wished_language
from hub.rendering.refusals import say_refusal, translate

MODEL = "saleshub"


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message of the conversation so far."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text" and part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What is streamed beside the words."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


_WORDS: JsonDict = {"type": "string", "pattern": r"[^\s\x00-\x1f\x7f-\x9f]"}
_TEXT: JsonDict = {"required": ["type", "text"], "properties": {"type": {"const": "text"}, "text": _WORDS}}
# What no type can say: there must be something of the user's to answer.
_ASKED: JsonDict = {
    "contains": {
        "required": ["role", "content"],
        "properties": {"role": {"const": "user"}, "content": {"anyOf": [_WORDS, {"type": "array", "contains": _TEXT}]}},
    }
}


class CompletionRequest(BaseModel):
    """A conversation whose last message of the user is the question. Settings of models are accepted and ignored."""

    model_config = ConfigDict(extra="allow")

    model: str = MODEL
    messages: list[ChatMessage] = Field(min_length=1, max_length=1000, json_schema_extra=_ASKED)
    stream: bool | None = False
    stream_options: StreamOptions | None = None


class Usage(BaseModel):
    """Tokens of the language models behind the answer; none for what needed no model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Said(BaseModel):
    """What the assistant says."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """The one answer; `length` when it was stopped before its end."""

    index: int = 0
    message: Said
    finish_reason: Literal["stop", "length"]
    logprobs: None = None


class Completion(BaseModel):
    """An answer. `saleshub` is what the form has no place for: thread, status, sources, proposals."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage
    saleshub: dict[str, Any]


class Delta(BaseModel):
    """More of what the assistant says."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(BaseModel):
    """A piece of the one answer."""

    index: int = 0
    delta: Delta
    finish_reason: Literal["stop", "length"] | None = None


class Chunk(BaseModel):
    """A piece of a streamed answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoice]
    usage: Usage | None = None


class ModelCard(BaseModel):
    """The assistant, where a list of models is asked for."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """Everything that can be asked."""

    object: Literal["list"] = "list"
    data: list[ModelCard]


class Fault(BaseModel):
    """What went wrong, and with which field."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class Failure(BaseModel):
    """An error in OpenAI's form."""

    error: Fault


class OpenAIRoute(APIRoute):
    """A route whose own errors come in OpenAI's form; those of the guard before it stay problems."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with its errors put into form."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (RequestValidationError, HubError, SourceError) as error:
                wished = wished_language(request.headers.get("accept-language", ""))
                return failure_response(error, wished or detect_language(await _last_words(request)))

        return handled


async def _last_words(request: Request) -> str:
    """What the user said last, as far as the request can be read."""
    try:
        said = CompletionRequest.model_validate_json(await request.body()).messages
    except ValueError:
        return ""
    return next((message.text for message in reversed(said) if message.role == "user"), "")


def failure_response(error: Exception, lang: Lang) -> JSONResponse:
    """The error as a response."""
    failure, status = failure_of(error, lang)
    headers = {"Content-Language": lang, "Vary": "Accept-Language"}
    return JSONResponse(failure.model_dump(mode="json"), status_code=status, headers=headers)


def failure_of(error: Exception, lang: Lang) -> tuple[Failure, int]:
    """The error in form and in a language, and its status."""
    match error:
        case RequestValidationError():
            first = error.errors()[0]
            param = ".".join(str(part) for part in first["loc"][1:]) or None
            return _failure(translate(str(first["msg"]), lang), "invalid_request_error", param), 422
        case HubError():
            kind = "server_error" if error.status >= 500 else "invalid_request_error"
            return _failure(say_refusal(error, lang).text, kind, error.field), error.status
        case SourceError():
            return _failure(say_refusal(error, lang).text, "server_error", None), 503
        case _:
            return _failure(translate("the hub failed; its log has the details", lang), "server_error", None), 500


def _failure(message: str, kind: str, param: str | None) -> Failure:
    return Failure(error=Fault(message=message, type=kind, param=param))
