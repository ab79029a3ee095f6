"""The chat completions protocol: requests as JSON values, chunks as pieces.

What stays the same comes first in a request: model, tools by name, the answer's schema, then the messages, and what
changes from call to call last. So requests of one dialogue, and of all users, begin with the same bytes, and a
provider's cache of prompts finds them.
"""

import json
from collections.abc import Sequence
from typing import Any

from graphs.models.messages import CallPart, Delta, Message, Request, Tokens, Tool


def dump(value: Any) -> str:
    """Compact JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def wire_tools(tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """The tools, by name."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in sorted(tools, key=lambda tool: tool.name)
    ]


def wire_message(message: Message) -> dict[str, Any]:
    """One message."""
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.call_id, "content": message.content}
    wired: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.calls:
        wired["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": dump(call.args)}}
            for call in message.calls
        ]
    return wired


def wire_body(model: str, request: Request) -> dict[str, Any]:
    """The body of a streamed chat completion."""
    body: dict[str, Any] = {"model": model, "stream": True, "stream_options": {"include_usage": True}, "temperature": 0}
    if request.tools:
        body |= {"tools": wire_tools(request.tools), "tool_choice": "auto", "parallel_tool_calls": True}
    if request.shape is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": request.shape}}
    body["messages"] = [wire_message(message) for message in request.messages]
    body["max_completion_tokens"] = request.most
    return body


def request_text(request: Request) -> str:
    """All that a model has to read of a request."""
    parts = [
        message.content + "".join(call.name + dump(call.args) for call in message.calls) for message in request.messages
    ]
    if request.tools:
        parts.append(dump(wire_tools(request.tools)))
    if request.shape is not None:
        parts.append(dump(request.shape))
    return "".join(parts)


def read_chunk(chunk: Any) -> Delta:
    """One chunk of a stream, or a whole completion. What is unknown is passed over; TypeError for what is no chunk."""
    if not isinstance(chunk, dict):
        raise TypeError("a chunk is a JSON object")
    choices = chunk.get("choices") or [{}]
    choice = choices[0]
    said = choice.get("delta") or choice.get("message") or {}
    content = said.get("content")
    return Delta(
        text=content if isinstance(content, str) else "",
        calls=tuple(_part(place, each) for place, each in enumerate(said.get("tool_calls") or ())),
        tokens=_tokens(chunk.get("usage")),
        finish=choice.get("finish_reason"),
    )


def _part(place: int, part: dict[str, Any]) -> CallPart:
    function = part.get("function") or {}
    arguments = function.get("arguments") or ""
    index = part.get("index")
    return CallPart(
        index=index if isinstance(index, int) else place,
        id=part.get("id") or "",
        name=function.get("name") or "",
        # Some servers give the arguments as the object they are.
        arguments=arguments if isinstance(arguments, str) else dump(arguments),
    )


def _tokens(usage: Any) -> Tokens | None:
    if not isinstance(usage, dict):
        return None
    given, made = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(given, int) or not isinstance(made, int):
        return None
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    return Tokens(given, made, cached if isinstance(cached, int) else 0)
