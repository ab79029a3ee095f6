"""What goes wrong between us and a model ends in an answer all the same, or in a stop that has a name."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from core.domain.chat import Reason
from evals.bench.model_server.replies import (
    breaks_after,
    delta,
    fails,
    floods,
    rubbish,
    says,
    stalls,
    stalls_after,
    streams,
    usage,
    without,
)
from evals.bench.model_server.serving import Exchange, Reply, open_model_server
from graphs.budget import Budget, Limits
from graphs.models.messages import Delta, Request
from graphs.models.model import Model
from graphs.models.stops import ModelStoppedError, Stop
from graphs.models.transport import Transport
from tests.asking_models import ASKED, SOON, TOOLS, asking, model_at

HELLO = delta({"content": "Hello"})


class Hasty:
    """A transport that bears no silence once so many pieces of one of its first replies came, and waits for those."""

    def __init__(self, transport: Transport, pieces: int, replies: int) -> None:
        self._transport = transport
        self._pieces = pieces
        self._replies = replies
        self._opened = 0
        self._came = 0

    @property
    def stall_s(self) -> float:
        """Seconds."""
        return 0.05 if self._came >= self._pieces and self._opened <= self._replies else self._transport.stall_s

    async def open(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Send the request."""
        stream = await self._transport.open(request)
        self._opened, self._came = self._opened + 1, 0
        return self._counted(stream)

    async def _counted(self, stream: AsyncGenerator[Delta, None]) -> AsyncGenerator[Delta, None]:
        async with aclosing(stream):
            async for piece in stream:
                self._came += 1
                yield piece


def hurry(model: Model, kind: str, *, pieces: int = 0, replies: int = 99) -> None:
    """Let the first endpoint of a model wait shortly for what will not come, and only for that."""
    endpoint = model.endpoints[0]
    if kind == "silence":
        endpoint.seconds = 0.5
    elif kind in {"silence after the head", "silence after a word", "only pings", "pings"}:
        endpoint.transport = Hasty(endpoint.transport, pieces, replies)


async def told(model: Model, budget: Budget | None = None) -> str:
    return await model.answer(ASKED, budget or model.build_budget())


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
async def test_a_passing_error_is_tried_again(status: int) -> None:
    with asking(fails(status, **SOON), fails(status, **SOON), says("Yes.")) as (model, server):
        assert await told(model) == "Yes."
        assert len(server.asked) == 3


async def test_an_endpoint_that_asks_for_more_time_than_there_is_stops_in_time() -> None:
    with asking(fails(429, retry_after="40")) as (model, server):
        model.endpoints[0].seconds = 1.0
        with pytest.raises(ModelStoppedError) as error:
            await told(model)
        assert error.value.reason is Stop.TIMEOUT
        # On a machine that stands still the time may be over before the request was there.
        assert len(server.asked) <= 1


LASTING: dict[str, tuple[Reply, Stop]] = {
    "busy": (fails(429, **SOON), Stop.BUSY),
    "overloaded": (fails(503, **SOON), Stop.BUSY),
    "broken": (fails(500, **SOON), Stop.FAILED),
    "bad request": (fails(400), Stop.FAILED),
    "bad key": (fails(401), Stop.REFUSED),
    "forbidden": (fails(403), Stop.REFUSED),
    "no such model": (fails(404), Stop.REFUSED),
    "body too large": (fails(413), Stop.TOO_LONG),
    "no JSON": (rubbish, Stop.FAILED),
    "no chunk": (streams("[1, 2]", delta({}, "stop")), Stop.FAILED),
    "error within": (streams({"error": {"message": "overloaded"}}), Stop.FAILED),
    "silence": (stalls, Stop.TIMEOUT),
    "silence after the head": (stalls_after(), Stop.STALLED),
    "only pings": (stalls_after(pings=True), Stop.STALLED),
    "no end": (streams(delta({"role": "assistant"}), done=False), Stop.TRUNCATED),
    "a broken line": (breaks_after(delta({"role": "assistant"})), Stop.TRUNCATED),
}


@pytest.mark.parametrize("kind", LASTING)
@pytest.mark.parametrize("asked_for", ["text", "plan"])
async def test_a_lasting_trouble_has_a_name(kind: str, asked_for: str) -> None:
    reply, stop = LASTING[kind]
    with asking(reply) as (model, _server):
        hurry(model, kind)
        with pytest.raises(ModelStoppedError) as error:
            await (told(model) if asked_for == "text" else model.plan(ASKED, TOOLS, model.build_budget()))
        assert error.value.reason is stop
        assert error.value.reason.reason is Reason.MODEL_FAILED


CUT_OFF = {
    "silence after a word": (stalls_after(HELLO), Stop.STALLED),
    "pings": (stalls_after(HELLO, pings=True), Stop.STALLED),
    "no end": (streams(HELLO, done=False), Stop.TRUNCATED),
    "a broken line": (breaks_after(HELLO), Stop.TRUNCATED),
}


@pytest.mark.parametrize("kind", CUT_OFF)
async def test_what_was_said_before_a_text_broke_off_is_kept_and_not_said_twice(kind: str) -> None:
    reply, stop = CUT_OFF[kind]
    with asking(reply, says("again")) as (model, server):
        hurry(model, kind, pieces=1)
        shown: list[str] = []
        with pytest.raises(ModelStoppedError) as error:
            await model.plan(ASKED, TOOLS, model.build_budget(), said=shown.append)
        assert (error.value.reason, error.value.text, shown) == (stop, "Hello", ["Hello"])
        assert len(server.asked) == 1


@pytest.mark.parametrize("kind", ["no end", "a broken line", "silence after the head"])
async def test_a_reply_that_broke_off_unseen_is_asked_for_once_more(kind: str) -> None:
    with asking(LASTING[kind][0], says("Yes.")) as (model, server):
        hurry(model, kind, replies=1)
        assert (await model.plan(ASKED, TOOLS, model.build_budget())).text == "Yes."
        assert len(server.asked) == 2


@pytest.mark.parametrize("kind", LASTING)
async def test_the_fallback_answers_when_the_model_does_not(kind: str) -> None:
    with open_model_server(says("I stand in.")) as spare:
        fallback = {"model": "small", "base_url": spare.url, "api_key": "spare-key"}
        with asking(LASTING[kind][0], fallback=fallback) as (model, server):
            hurry(model, kind)
            budget = model.build_budget()
            assert await told(model, budget) == "I stand in."
        assert [spend.model for spend in budget.spends] == ["big", "small"]
        assert budget.spends[0].outcome == LASTING[kind][1]
    assert {body["model"] for body in spare.asked} == {"small"}
    assert spare.keys == {"Bearer spare-key"}
    assert "Bearer spare-key" not in server.keys


async def test_a_key_goes_to_no_endpoint_it_was_not_given_for() -> None:
    with (
        open_model_server(says("Yes.")) as other,
        asking(fails(500, **SOON), fallback={"base_url": other.url}) as (
            _model,
            server,
        ),
    ):
        model = model_at(server, api_key="ours", fallback={"base_url": other.url})
        await told(model)
    assert server.keys == {"Bearer ours"}
    assert other.keys == {"Bearer none"}


async def test_an_endpoint_that_keeps_failing_is_left_alone() -> None:
    with asking(fails(500, **SOON)) as (model, server):
        stops = []
        for _turn in range(8):
            with pytest.raises(ModelStoppedError) as error:
                await told(model)
            stops.append(error.value.reason)
    assert stops == [Stop.FAILED] * 5 + [Stop.RESTING] * 3
    assert len(server.asked) == 5 * 3


@pytest.mark.parametrize("field", ["stream_options", "parallel_tool_calls", "tool_choice", "temperature"])
async def test_a_field_that_the_server_does_not_know_is_left_out_from_then_on(field: str) -> None:
    with asking(without(field, says("Yes."))) as (model, server):
        budget = model.build_budget()
        for _turn in range(2):
            assert (await model.plan(ASKED, TOOLS, budget)).text == "Yes."
    assert [field in body for body in server.asked] == [True, False, False]
    assert budget.used.model_calls == 2


async def test_a_server_that_knows_only_the_old_limit_is_given_that() -> None:
    with asking(without("max_completion_tokens", says("Yes.")), answer_tokens=70) as (model, server):
        await told(model)
    assert server.asked[-1]["max_tokens"] == 70
    assert "max_completion_tokens" not in server.asked[-1]


async def test_usage_is_what_the_endpoint_tells_and_else_the_most_it_can_be() -> None:
    with asking(says("Yes."), without("stream_options", says("Yes."))) as (model, _server):
        budget = model.build_budget()
        await told(model, budget)
        await told(model, budget)
    exact, most = budget.spends
    assert (exact.input_tokens, exact.output_tokens) == (50, 20)
    assert most.input_tokens > 50
    assert most.output_tokens == len("Yes.")


async def test_tokens_from_the_provider_s_cache_are_told_apart() -> None:
    cached = {"prompt_tokens": 900, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 768}}
    with asking(streams(HELLO, delta({}, "stop"), usage(cached))) as (model, _server):
        budget = model.build_budget()
        await told(model, budget)
    assert [(spend.input_tokens, spend.cached_tokens) for spend in budget.spends] == [(900, 768)]


async def test_who_stops_listening_stops_the_model_and_pays_for_what_was_said() -> None:
    hung_up = asyncio.Event()

    async def talks_on(exchange: Exchange) -> None:
        try:
            await floods("blah ")(exchange)
        finally:
            loop.call_soon_threadsafe(hung_up.set)

    loop = asyncio.get_running_loop()
    with asking(talks_on) as (model, _server):
        budget = model.build_budget()
        async with aclosing(model.stream(ASKED, budget)) as pieces:
            async for _piece in pieces:
                break
        async with asyncio.timeout(60):
            await hung_up.wait()
    assert [(spend.outcome, spend.output_tokens > 0) for spend in budget.spends] == [("cancelled", True)]


async def test_a_text_longer_than_the_context_is_not_sent() -> None:
    with asking(says("Yes."), context=60, answer_tokens=50) as (model, server):
        with pytest.raises(ModelStoppedError) as error:
            await told(model)
        assert error.value.reason is Stop.TOO_LONG
        assert server.asked == []


async def test_connections_are_kept_while_the_loop_lives_and_closed_when_it_ends() -> None:
    with asking(says("Yes.")) as (model, server):
        for _turn in range(5):
            await told(model)
        assert server.connections == 1
        for loop_number in (2, 3):
            await asyncio.to_thread(asyncio.run, told(model))
            assert server.connections == loop_number


@pytest.mark.parametrize("limits", [{"calls": 3}, {"tokens": 3_000}, {"money": "0.002"}])
async def test_many_at_once_spend_no_more_than_the_limit(limits: dict[str, Any]) -> None:
    prices = {"price_in": "1", "price_out": "1", "answer_tokens": 500}
    with asking(says("Yes."), **prices, **limits) as (model, server):
        budget = model.build_budget()
        found = await asyncio.gather(*(told(model, budget) for _each in range(20)), return_exceptions=True)
    stops = [each.reason for each in found if isinstance(each, ModelStoppedError)]
    assert 0 < len(server.asked) < 6
    assert len(stops) == 20 - len(server.asked)
    assert {stop.value for stop in stops} == {f"budget_{next(iter(limits))}"}
    assert all(stop.is_budget and stop.reason.value == stop.value for stop in stops)


async def test_time_is_a_limit_of_the_whole_run() -> None:
    now = [0.0]
    with asking(says("Yes.")) as (model, server):
        budget = Budget(Limits(seconds=10), clock=lambda: now[0])
        await told(model, budget)
        now[0] = 10.0
        with pytest.raises(ModelStoppedError) as error:
            await told(model, budget)
    assert error.value.reason is Stop.BUDGET_TIME
    assert len(server.asked) == 1
