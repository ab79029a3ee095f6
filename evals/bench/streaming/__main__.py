"""The first piece of an answer: how much later it arrives than the model sent it, by the hub and by a plain stream.

A model at a local protocol server wants one look-up and then writes at a steady pace; its first piece says when it was
sent. The hub (`saleshub serve`) and the peer (`plain.py`) are asked in turn through `/v1/chat/completions` on as many
lines at once; the model itself is asked too, which shows what the network and this measurement add.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from evals.bench.demo_home import copied, imported_demo
from evals.bench.report import Figures, build_parser, print_figures, quantile
from evals.bench.server import free_port, serving
from evals.bench.streaming.listening import Audience, Heard, listen
from evals.bench.streaming.pacing import PRODUCT

QUESTION = f"Weigh what we have of {PRODUCT} against what their board was told, and phrase it for them"
_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """How the model writes: so many pieces, so many milliseconds apart."""

    pieces: int
    interval_ms: float


@contextmanager
def _process(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", f"evals.bench.streaming.{module}", *words]
    process = subprocess.Popen(  # noqa: S603 - our own modules
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _model(pace: Pace) -> Iterator[str]:
    with _process("pacing", "--pieces", str(pace.pieces), "--interval-ms", str(pace.interval_ms)) as process:
        assert process.stdout is not None  # noqa: S101
        yield process.stdout.readline().strip()


@contextmanager
def _plain(home: Path, model: str) -> Iterator[str]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    with _process("plain", "--home", str(home), "--model", model, "--port", str(port)):
        # Each try to connect waits longer than the one before.
        with httpx.Client(transport=httpx.HTTPTransport(retries=10)) as client:
            client.get(url, timeout=_PATIENCE_S)
        yield url


def measure(home: Path, audience: Audience, pace: Pace) -> Figures:
    """Milliseconds between the model's first piece and its arrival, by way; `silent` are answers without one."""
    with copied(home) as own, _model(pace) as model:
        asked: dict[str, Heard] = {}

        def ask(way: str, url: str) -> None:
            asyncio.run(listen(url, QUESTION, Audience(lines=2, rounds=2)))
            asked[way] = asyncio.run(listen(url, QUESTION, audience))

        settings = {"OPENAI_BASE_URL": model, "OPENAI_API_KEY": "none", "SALESHUB_LOG_LEVEL": "critical"}
        with serving(own, **settings) as server:
            ask("hub", server.url)
        with _plain(own, model) as url:
            ask("plain", url)
        ask("model", model.removesuffix("/v1"))
    figures: Figures = {"streams": audience.lines, "answers": audience.lines * audience.rounds}
    for way, heard in asked.items():
        if heard.added_ms:
            figures |= {f"{way}_p{share}_ms": round(quantile(heard.added_ms, share / 100), 2) for share in (50, 95, 99)}
        figures[f"{way}_silent"] = heard.silent
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a stream was silent, or the hub adds more than 5 ms (p50) or 20 ms (p99)."""
    parser = build_parser("streaming", __doc__)
    parser.add_argument("--streams", type=int, default=32, help="lines at once (%(default)s)")
    parser.add_argument("--rounds", type=int, default=10, help="answers on each line (%(default)s)")
    parser.add_argument("--pieces", type=int, default=150, help="pieces of an answer (%(default)s)")
    parser.add_argument("--interval-ms", type=float, default=40, help="between two pieces (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random starts (%(default)s)")
    chosen = parser.parse_args(arguments)
    with imported_demo() as home:
        pace = Pace(chosen.pieces, chosen.interval_ms)
        lasting = pace.pieces * pace.interval_ms / 1000
        figures = measure(home, Audience(chosen.streams, chosen.rounds, lasting, chosen.seed), pace)
    print_figures(figures, as_json=chosen.json)
    return int(figures["hub_silent"] or figures["hub_p50_ms"] > 5 or figures["hub_p99_ms"] > 20)


if __name__ == "__main__":
    sys.exit(main())
