"""CPU for a package, the hub's way and the plain way: `python -m evals.bench.plain --accounts 20`.

Both ways have a process of their own, a copy of the same demo company, the same cheap embedder, and the same scripted
model where they use one. They make the same packages in turn, after a warm-up. Counted is the CPU of the whole process,
all threads. The plain way (`plain_hub.py`) is measured with both output modes of the supervisor and the cheaper one is
compared with. The hub's way is everything: request, job engine, progress, graph, checks, saving.
"""

import multiprocessing
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

from core.domain.visits import VisitRequest
from core.settings import Settings
from evals.bench.demo_home import TENANT, copied, imported_demo, open_demo
from evals.bench.hashing import HashEmbedder
from evals.bench.packages import make_package, request_of
from evals.bench.plain_hub import OutputMode, PlainHub
from evals.bench.plain_reads import PlainJob
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.scripted import ScriptedModel, reword_nothing
from graphs.visit.state import VisitContext
from hub.directory import list_accounts
from hub.embedding import fill_embeddings
from hub.installation import Platform
from hub.platform import open_platform
from tools.spec import ToolContext

WAYS = ("hub", "hub_with_model", "plain_full_history", "plain_last_message")
WARM_UP = 3
# What a way still does once its package is saved belongs to the package.
_TAIL_S = 0.1

Make = Callable[[VisitRequest], None]


def _hub(platform: Platform) -> Make:
    caller = platform.owner(TENANT)

    def make(request: VisitRequest) -> None:
        make_package(platform, caller, request)
        threading.Event().wait(_TAIL_S)

    return make


def _plain_job(platform: Platform, request: VisitRequest, number: int) -> PlainJob:
    caller, now = platform.owner(TENANT), platform.clock.now()
    account = next(one for one in list_accounts(platform, caller) if one.id == request.account)
    context = VisitContext(
        run_id=f"plain-{number}",
        account=account,
        request=request,
        tools=ToolContext(caller=caller, systems=platform.systems, memory=platform.memory, until=now),
        now=now,
        gather_timeout_s=0,
        stale_after_days=platform.settings.stale_after.days,
        last_good=lambda _system: now,
        progress=lambda _step, _status, _detail: None,
    )
    return PlainJob(context)


@contextmanager
def _opened(way: str, home: Path) -> Iterator[tuple[Make, Callable[[], float]]]:
    """What makes packages this way, and the CPU seconds of analysis that it knows of."""
    if way.startswith("hub"):
        model = ScriptedModel(script=reword_nothing) if way == "hub_with_model" else None
        with open_demo(home, chat_model=model, embedder=HashEmbedder()) as platform:
            yield _hub(platform), lambda: 0.0
        return
    mode: OutputMode = "full_history" if way == "plain_full_history" else "last_message"
    with open_demo(home, embedder=HashEmbedder(), work=False) as platform:
        plain = PlainHub(platform.store, HashEmbedder(), platform.settings.home / "plain", mode)
        plain.index(platform.owner(TENANT))
        made = iter(range(sys.maxsize))
        yield lambda request: _make_plain(plain, _plain_job(platform, request, next(made))), lambda: plain.analysis_s
        plain.close()


def _make_plain(plain: PlainHub, job: PlainJob) -> None:
    said = plain.make(job)
    if len(job.outputs) < 8 or len(said) < 100:
        raise RuntimeError("the plain way did not finish its package")


def work(way: str, home: Path, orders: Connection) -> None:
    """Make a package for each request received and answer with its CPU seconds, until None comes."""
    with _opened(way, home) as (make, analysis):
        orders.send(None)
        while (request := orders.recv()) is not None:
            before, analysed = time.process_time(), analysis()
            make(request)
            orders.send((time.process_time() - before, analysis() - analysed))
    orders.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(home: Path, accounts: int) -> Figures:
    """Median CPU milliseconds a package by way, and the hub's share of the cheaper plain way."""
    with copied(home) as own:
        with open_platform(Settings(home=own), embedder=HashEmbedder()) as platform:
            fill_embeddings(platform)
            known = list_accounts(platform, platform.owner(TENANT))
        chosen = [known[number % len(known)] for number in range(accounts + WARM_UP)]
        requests = [request_of(number, account.id) for number, account in enumerate(chosen)]
        spent, analysis, memory = _run_ways(own, requests)
    plain = min(WAYS[2:], key=lambda way: median(spent[way]))
    figures: Figures = {"accounts": accounts}
    for way in WAYS:
        figures[f"{way}_cpu_ms"] = round(1000 * median(spent[way]), 1)
    figures["analysis_in_plain_cpu_ms"] = round(1000 * median(analysis[plain]), 1)
    for way in WAYS[:2]:
        ratios = [ours / theirs for ours, theirs in zip(spent[way], spent[plain], strict=True)]
        figures[f"ratio_{way}"] = round(median(ratios), 3)
    return {**figures, "compared_with": plain, "peak_memory_mb": memory}


def _run_ways(
    home: Path, requests: Sequence[VisitRequest]
) -> tuple[dict[str, list[float]], dict[str, list[float]], dict[str, int]]:
    context = multiprocessing.get_context("spawn")
    pipes, processes = {}, []
    for way in WAYS:
        pipes[way], theirs = context.Pipe()
        processes.append(context.Process(target=work, args=(way, home, theirs), daemon=True))
        processes[-1].start()
        pipes[way].recv()
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    analysis: dict[str, list[float]] = {way: [] for way in WAYS}
    for number, request in enumerate(requests):
        for way in WAYS:
            pipes[way].send(request)
            cpu, analysed = pipes[way].recv()
            if number >= WARM_UP:
                spent[way].append(cpu)
                analysis[way].append(analysed)
    memory = {}
    for way, process in zip(WAYS, processes, strict=True):
        pipes[way].send(None)
        memory[way] = round(pipes[way].recv())
        process.join(30)
    return spent, analysis, memory


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = build_parser("plain", __doc__)
    parser.add_argument("--accounts", type=int, default=20)
    options = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home, options.accounts)
    print_figures(figures, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
