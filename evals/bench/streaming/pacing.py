"""The model of the measurement: it wants one look-up, then answers piece by piece at a steady pace.

`python -m evals.bench.streaming.pacing` serves it in a process of its own, until standard input ends.
"""

import argparse
import asyncio
import sys
import threading

from evals.bench.model_server.replies import asks_for, delta, says, tool_call, usage
from evals.bench.model_server.serving import Exchange, ModelServer, Reply, serve
from evals.bench.streaming.stamps import stamp

TOOL = "check_stock"
PRODUCT = "CP-200"
# Words that no check of ours has anything against, so that they pass as they come.
_FILLER = ("what ", "we ", "have ", "on ", "hand ", "and ", "when ", "more ", "comes ", "in, ")


def paced(pieces: int, interval_s: float) -> Reply:
    """Answers a question with tools by a call, and one without, or with the call's result, by a paced text."""
    call = asks_for(tool_call(TOOL, {"product_ids": [PRODUCT]}))
    shrug = says("…")

    async def reply(exchange: Exchange) -> None:
        messages = exchange.body["messages"]
        if "tools" in exchange.body and messages[-1]["role"] != "tool":
            await call(exchange)
        elif _is_repair(exchange):
            await shrug(exchange)
        else:
            await _write(exchange, pieces, interval_s)

    return reply


def _is_repair(exchange: Exchange) -> bool:
    """Whether the hub asks once more for sentences that it did not take; the stream is over by then."""
    return "tools" not in exchange.body and len(exchange.body["messages"]) > 3


async def _write(exchange: Exchange, pieces: int, interval_s: float) -> None:
    await exchange.begin()
    await exchange.event(delta({"role": "assistant", "content": ""}))
    await exchange.event(delta({"content": f"{stamp()} "}))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(1, pieces):
        # By the clock and not by the piece: a late piece must not make the next ones late.
        await asyncio.sleep(max(0.0, begun + number * interval_s - loop.time()))
        await exchange.event(delta({"content": _FILLER[number % len(_FILLER)]}))
    await exchange.event(delta({}, "stop"))
    await exchange.event(usage())
    await exchange.event("[DONE]")
    await exchange.end()


def main() -> None:
    """Serve until standard input ends; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, required=True)
    parser.add_argument("--interval-ms", type=float, required=True)
    chosen = parser.parse_args()
    server = ModelServer([paced(chosen.pieces, chosen.interval_ms / 1000)])

    async def run() -> None:
        loop = asyncio.get_running_loop()

        def wait_for_end() -> None:
            sys.stdin.read()
            loop.call_soon_threadsafe(server.closing.set)

        threading.Thread(target=wait_for_end, daemon=True).start()
        await serve(server, lambda: print(server.url, flush=True))

    asyncio.run(run())


if __name__ == "__main__":
    main()
