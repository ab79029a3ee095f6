"""Calls and tokens of a language model for one question, beside `langgraph-supervisor` with the same answers as tools.

Both ways have the same scripted model, which takes the shortest way, and the same tokeniser, which counts all that a
model reads and writes in each call: messages, tools, answer. The cheaper output mode of the supervisor is compared
with. `routine` questions the hub answers by itself; the supervisor knows no other way than its model.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage

from agents.answers.spec import Asking
from agents.spec import AgentInput
from core.domain.chat import AnswerStatus
from core.language import detect_language
from evals.bench.demo_home import TENANT, imported_demo, open_demo
from evals.bench.handing_over import hand_over
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.thrift.counting import Meter, MeteredModel, Tokeniser
from evals.bench.thrift.jobs import JOBS, Job
from evals.bench.thrift.peer import OutputMode, ask_plainly
from graphs.chat.reading import TurnReader
from hub.chat.asking import ask_and_wait
from hub.directory import list_accounts
from hub.installation import Platform
from tools.spec import ToolContext

MOST = {"calls_routine": 0, "calls_one": 2, "calls_three": 4, "worst_ratio": 0.6}
"""What a question may take at the most, by the first word of its job, and its share of the peer's tokens."""

_MODES: tuple[OutputMode, ...] = ("full_history", "last_message")


def ours(job: Job, messages: Sequence[BaseMessage]) -> AIMessage:
    """The planner makes the job's calls; the writer says each statement as it came, with its number."""
    facts = [json.loads(line) for line in str(messages[1].content).splitlines() if line.startswith('{"n"')]
    if facts:
        return AIMessage(" ".join(f"{fact['text'][:-1]} [{fact['n']}]{fact['text'][-1]}" for fact in facts))
    calls = [
        {"name": name, "args": args, "id": f"c{place}", "type": "tool_call"}
        for place, (name, args) in enumerate(job.calls)
    ]
    return AIMessage("", tool_calls=calls)


def _hub_way(home: Path, job: Job, meter: Meter) -> str:
    model = MeteredModel(script=lambda messages: ours(job, messages), meter=meter)
    with open_demo(home, work=False, chat_model=model) as platform:
        if not job.routine:
            platform.chat.understand = hand_over
        answer = ask_and_wait(platform, platform.owner(TENANT), job.question)
    if answer.status is not AnswerStatus.ANSWERED or {call.tool for call in answer.calls} != {n for n, _ in job.calls}:
        raise RuntimeError(f"{job.name}: {answer.status} {answer.reason} {answer.calls}")
    return answer.answer


async def _plain_way(platform: Platform, job: Job, meter: Meter, mode: OutputMode) -> str:
    caller, now = platform.owner(TENANT), platform.clock.now()
    context = ToolContext(caller=caller, systems=platform.systems, memory=platform.memory, until=now)
    reader = TurnReader(context, platform.settings.gather_timeout_s)
    asking = Asking(caller, now, AgentInput(lang=detect_language(job.question), today=now.date()), reader)
    accounts = list_accounts(platform, caller)
    ids = {name: next(one.id for one in accounts if one.name.startswith(name)) for name in ("Helios",)}
    try:
        return await ask_plainly(job, ids, asking, meter, mode)
    finally:
        await reader.close()


def measure(home: Path) -> Figures:
    """Calls and tokens by job and way, and the hub's share of the peer's tokens; the worst of each, and over all."""
    tokeniser, figures = Tokeniser(), Figures()
    total, worst = {"hub": 0, "peer": 0}, dict.fromkeys(MOST, 0.0)
    with open_demo(home, work=False) as platform:
        for job in JOBS:
            meter = Meter(tokeniser)
            _hub_way(home, job, meter)
            peers = []
            for mode in _MODES:
                peer = Meter(tokeniser)
                asyncio.run(_plain_way(platform, job, peer, mode))
                peers.append(peer)
            cheapest = min(peers, key=lambda one: one.tokens)
            total["hub"] += meter.tokens
            total["peer"] += cheapest.tokens
            ratio = round(meter.tokens / cheapest.tokens, 3)
            kind = f"calls_{job.name.split()[0].strip(',')}"
            worst[kind] = max(worst[kind], meter.calls)
            worst["worst_ratio"] = max(worst["worst_ratio"], ratio)
            figures[job.name] = {
                "hub_calls": meter.calls,
                "hub_tokens": meter.tokens,
                "peer_calls": cheapest.calls,
                "peer_tokens": cheapest.tokens,
                "ratio": ratio,
            }
    return {**figures, **worst, "ratio_over_all": round(total["hub"] / total["peer"], 3)}


def is_kept(figures: Figures) -> bool:
    """Whether each job took no more calls and tokens than promised."""
    return all(figures[name] <= most for name, most in MOST.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a question took too many calls, or its tokens are over 0.6 of the peer's."""
    parser = build_parser("thrift", __doc__)
    chosen = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home)
    print_figures(figures, as_json=chosen.json)
    return int(not is_kept(figures))


if __name__ == "__main__":
    sys.exit(main())
