"""The planner in an office that it was not built for, judged by what became of the records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from agents.planning.deeds.planning import plan_calls
from agents.planning.ranking import choose_tool
from core.errors import InvalidInputError
from evals.suites.chat.workbench.business import execute
from evals.suites.chat.workbench.items import Office, Request, load_office
from evals.suites.chat.workbench.world import NOW, RefusedError, World
from evals.suites.suite import Figures, Report, Run

Calls: TypeAlias = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Done:
    """A request, what was called for it, and what came of that.

    `changed` is whether the records are not as before, `refused` how many calls a tool did not carry out.
    """

    request: Request
    calls: Calls
    right: bool
    changed: bool
    refused: int

    @property
    def side_effect(self) -> bool:
        """Whether something was changed, and the end is not the one wanted."""
        return self.changed and not self.right


class WorkbenchSuite:
    """Reads a folder with the records, tools and requests of the set; the records are changed in memory only."""

    name = "workbench"
    sets = ("workbench",)
    parts: tuple[str, ...] = ()

    def run(self, run: Run) -> Report:
        """Score all requests. Raises InvalidInputError naming the file that is not in the format."""
        if run.data is None:
            raise InvalidInputError("has no cases of its own", field="--data", remedy="Name a folder in its format.")
        office = load_office(run.data)
        judge = Judge(office)
        done, one_call = [], []
        for count, request in enumerate(office.requests, 1):
            done.append(judge.score(request, plan(office, request)))
            one_call.append(judge.score(request, call_once(office, request)))
            run.record(_recorded(done[-1]))
            run.progress(count, len(office.requests), request.domain)
        nothing = [judge.score(request, ()) for request in office.requests]
        domains = dict.fromkeys(request.domain for request in office.requests)
        return Report(
            suite=self.name,
            n=len(done),
            figures=figures_of(done),
            baselines={"nothing": figures_of(nothing), "one_call": figures_of(one_call)},
            by={domain: figures_of([one for one in done if one.request.domain == domain]) for domain in domains},
            model="embedded",
            seed=0,
        )


class Judge:
    """Carries calls out on a copy of the records and compares the end with that of the calls wanted."""

    def __init__(self, office: Office) -> None:
        self._world = office.world
        self._before = office.world.state()

    def score(self, request: Request, calls: Calls) -> Done:
        """What comes of the calls."""
        end, refused = self._after(calls)
        wanted, _refused = self._after(request.calls)
        return Done(request, calls, end == wanted, end != self._before, refused)

    def _after(self, calls: Calls) -> tuple[Mapping[str, Any], int]:
        if not calls:
            return self._before, 0
        world, refused = self._world.copied(), 0
        for tool, arguments in calls:
            try:
                execute(world, tool, arguments)
            except RefusedError:
                refused += 1
        return world.state(), refused


def plan(office: Office, request: Request) -> Calls:
    """What the planner wants called, after looking around."""
    calls = plan_calls(request.query, office.tools, looking_at(office.world), NOW)
    return [(call.tool, call.arguments) for call in calls]


def call_once(office: Office, request: Request) -> Calls:
    """The simple way, for comparison: the likeliest tool with what the request says, without looking anything up."""
    chosen = choose_tool(request.query, office.tools, today=NOW.date())
    return () if chosen is None else [(chosen.tool.name, chosen.filled.arguments)]


def looking_at(world: World) -> Callable[[str, Mapping[str, Any]], Any]:
    """What reading tools answer; one that would change the records is not carried out."""

    def look(tool: str, arguments: Mapping[str, Any]) -> Any:
        if not is_reading(tool):
            return None
        try:
            return execute(world, tool, arguments)
        except RefusedError:
            return None

    return look


def is_reading(tool: str) -> bool:
    """Whether a tool of the set only reads."""
    verb = tool.rsplit(".", 1)[-1]
    return verb.startswith(("get_", "search_", "find_")) or verb.endswith("_count")


def figures_of(done: Sequence[Done]) -> Figures:
    """The shares of requests that ended as wanted, that ended otherwise with something changed, and left alone."""
    total = len(done)
    return {
        "n": total,
        "end_state_right": round(sum(one.right for one in done) / total, 4),
        "side_effects": round(sum(one.side_effect for one in done) / total, 4),
        "idle": round(sum(not one.calls for one in done) / total, 4),
        "calls_refused": sum(one.refused for one in done),
    }


def _recorded(done: Done) -> dict[str, Any]:
    return {
        "id": done.request.id,
        "domain": done.request.domain,
        "query": done.request.query,
        "calls": [{"tool": tool, "args": dict(arguments)} for tool, arguments in done.calls],
        "end_state_right": done.right,
        "side_effect": done.side_effect,
    }
