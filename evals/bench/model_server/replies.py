"""How the server can answer: well, in pieces, or badly."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.bench.model_server.serving import Exchange, Reply

USAGE = {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70}
_CHUNK = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "stub"}


def delta(fields: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """A chunk with one choice. It has a field that nobody knows, as those of real servers do."""
    choice = {"index": 0, "delta": dict(fields), "finish_reason": finish, "logprobs": None}
    return {**_CHUNK, "system_fingerprint": "fp", "x_unknown": {"a": [1]}, "choices": [choice]}


def usage(tokens: Mapping[str, Any] = USAGE) -> dict[str, Any]:
    """The chunk that tells what was used; it has no choice."""
    return {**_CHUNK, "choices": [], "usage": dict(tokens)}


def tool_call(name: str, arguments: Any, *, index: int = 0, id_: str | None = "call_a") -> dict[str, Any]:
    """A tool call as in a message; `arguments` that are no text are written as JSON."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"index": index, "id": id_, "type": "function", "function": {"name": name, "arguments": text}}


def split_call(call: Mapping[str, Any], size: int = 4) -> list[dict[str, Any]]:
    """The deltas of one call: id and name first, then its arguments in pieces of `size` letters."""
    text, index = call["function"]["arguments"], call["index"]
    first = {**call, "function": {"name": call["function"]["name"], "arguments": ""}}
    pieces = [{"index": index, "function": {"arguments": text[at : at + size]}} for at in range(0, len(text), size)]
    return [{"tool_calls": [each]} for each in (first, *pieces)]


def completion(text: str | None, tool_calls: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A completion in one piece."""
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if tool_calls:
        message["tool_calls"] = list(tool_calls)
    finish = "tool_calls" if tool_calls else "stop"
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {**_CHUNK, "object": "chat.completion", "choices": [choice], "usage": USAGE}


async def stream(exchange: Exchange, chunks: Iterable[dict[str, Any] | str], *, done: bool = True) -> None:
    """A stream of these chunks; the usage, where it was asked for and is not among them, before its end."""
    await exchange.begin()
    told = not exchange.body.get("stream_options", {}).get("include_usage")
    for chunk in chunks:
        told = told or "usage" in chunk
        await exchange.event(chunk)
    if done:
        if not told:
            await exchange.event(usage())
        await exchange.event("[DONE]")
    await exchange.end()


def streams(*chunks: dict[str, Any] | str, done: bool = True) -> Reply:
    """Exactly these chunks; `done` False ends the stream without a word."""

    async def reply(exchange: Exchange) -> None:
        await stream(exchange, chunks, done=done)

    return reply


def says(text: str, *, size: int = 5) -> Reply:
    """The text: in pieces of `size` letters where a stream is asked for, else whole."""
    pieces = [delta({"content": text[at : at + size]}) for at in range(0, len(text), size)]
    opening = delta({"role": "assistant", "content": ""})

    async def reply(exchange: Exchange) -> None:
        if exchange.body.get("stream"):
            await stream(exchange, [opening, *pieces, delta({}, "stop")])
        else:
            await exchange.say(200, completion(text))

    return reply


def asks_for(*calls: Mapping[str, Any], text: str = "", size: int = 4) -> Reply:
    """These tool calls side by side, in pieces, after a text where there is one."""
    opening = [delta({"role": "assistant", "content": text or None})]
    pieces = [delta(piece) for call in calls for piece in split_call(call, size)]
    return streams(*opening, *pieces, delta({}, "tool_calls"))


def fails(status: int, message: str = "no", /, **headers: str) -> Reply:
    """An error in the protocol's form."""

    async def reply(exchange: Exchange) -> None:
        error = {"message": message, "type": "error", "param": None, "code": None}
        await exchange.say(status, {"error": error}, **headers)

    return reply


def without(field: str, then: Reply, *, status: int = 400) -> Reply:
    """A server that does not know `field` and says so, but answers requests without it."""
    refusal = fails(status, f"Unrecognized request argument supplied: {field}")

    async def reply(exchange: Exchange) -> None:
        await (refusal if field in exchange.body else then)(exchange)

    return reply


async def rubbish(exchange: Exchange) -> None:
    """A good status with a body that is no JSON."""
    await exchange.say(200, b'{"id": "x", "choices": [{"mess')


async def stalls(exchange: Exchange) -> None:
    """No answer until the server closes."""
    await exchange.server.closing.wait()


def stalls_after(*chunks: dict[str, Any], pings: bool = False) -> Reply:
    """These chunks, then nothing, or only the comments by which servers keep a line open."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        for chunk in chunks:
            await exchange.event(chunk)
        while pings and not exchange.writer.is_closing() and not exchange.server.closing.is_set():
            await exchange.write(": ping\n\n")
            await _pause(exchange, 0.02)
        await exchange.server.closing.wait()

    return reply


def breaks_after(*chunks: dict[str, Any]) -> Reply:
    """These chunks, then the connection breaks."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        for chunk in chunks:
            await exchange.event(chunk)
        exchange.cut()

    return reply


def floods(piece: str) -> Reply:
    """The same piece for as long as somebody listens."""

    async def reply(exchange: Exchange) -> None:
        await exchange.begin()
        while not exchange.writer.is_closing() and not exchange.server.closing.is_set():
            await exchange.event(delta({"content": piece}))

    return reply


async def _pause(exchange: Exchange, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await exchange.server.closing.wait()
    except TimeoutError:
        return
