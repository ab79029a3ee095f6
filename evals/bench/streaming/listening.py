"""Many people who ask and listen at once, in the protocol that chat front ends speak."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from evals.bench.streaming.stamps import since

_PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Audience:
    """How many lines ask at once and how often each; before each question a line waits up to `spread_s` seconds."""

    lines: int
    rounds: int
    spread_s: float = 0.1
    seed: int = 1


@dataclass
class Heard:
    """How long after the model's first piece that piece arrived, in milliseconds, and how many answers had none."""

    added_ms: list[float] = field(default_factory=list)
    silent: int = 0


async def listen(url: str, question: str, audience: Audience) -> Heard:
    """Ask on all lines, and listen to the end of each answer."""
    heard = Heard()
    # A connection each: a kept one may just be closed by a server when it is used again.
    limits = httpx.Limits(max_connections=audience.lines, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE_S, limits=limits) as client:

        async def line(number: int) -> None:
            rng = random.Random(audience.seed * 1000 + number)
            for _ in range(audience.rounds):
                await asyncio.sleep(rng.uniform(0, audience.spread_s))
                await _ask(client, question, heard)

        await asyncio.gather(*(line(number) for number in range(audience.lines)))
    return heard


async def _ask(client: httpx.AsyncClient, question: str, heard: Heard) -> None:
    body = {"model": "saleshub", "stream": True, "messages": [{"role": "user", "content": question}]}
    async with client.stream("POST", "/v1/chat/completions", json=body) as response:
        response.raise_for_status()
        first = True
        async for piece in _pieces(response):
            if first:
                first = False
                try:
                    heard.added_ms.append(since(piece.split()[0]))
                except ValueError:
                    # What came is none of the model's words.
                    heard.silent += 1
        heard.silent += first


async def _pieces(response: httpx.Response) -> AsyncIterator[str]:
    async for line in response.aiter_lines():
        if not line.startswith("data: {"):
            continue
        choices = json.loads(line[6:]).get("choices") or [{}]
        if content := choices[0].get("delta", {}).get("content"):
            yield content
