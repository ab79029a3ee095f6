"""Whether the API keeps to its own description: `python -m evals.bench.contract --examples 20`.

Schemathesis makes requests, valid and invalid ones, for every operation that `/openapi.json` lists, as somebody of each
role, by key and by session, and while nobody has to sign in. Half of the requests name records that are there. An
answer must have a status, type, headers and body that the description has, and no request may make the server fail.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok

from evals.bench.leaks.company import ACCOUNTS
from evals.bench.leaks.door import listening
from evals.bench.leaks.reading import DEPARTMENTS
from evals.bench.leaks.trial import Template, Trial, planted
from evals.bench.report import Figures, build_parser, print_figures
from hub.effects.ledger import list_effects

_TENANT = "aster"
_KEYS = ("rep-north", "manager", "legal", "supply", "finance", "coach-key", "analyst", "admin")
_SESSIONS = ("manager", "admin-north")
OPEN = "open"
WAYS = (*_KEYS, *(f"session of {one}" for one in _SESSIONS), OPEN)
_TIMEOUT_S = 60.0
_SHOWN = 10
# What a file must hold no description of an operation can say, so that a valid request may be refused for it.
_BY_CONTENT = {("POST /v1/meetings", "RejectedPositiveData")}


@dataclass
class Findings:
    """What was sent, and what was wrong with the answers, by kind."""

    cases: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, way: str, operation: str, failure: Exception) -> None:
        """Put something wrong on record."""
        kind = type(failure).__name__
        if (operation, kind) in _BY_CONTENT:
            return
        self.wrong[kind] += 1
        if len(self.examples) < _SHOWN:
            self.examples.append(f"{way}: {operation}: {kind}: {' '.join(str(failure).split())[:400]}")


@dataclass
class Doors:
    """The companies with accounts, and those where nobody has to sign in; and what requests are made of."""

    closed: Template
    opened_to_all: Template
    _made: list[tuple[str, list[Any]]] = field(default_factory=list)

    def requests(self, app: Any) -> list[tuple[str, list[Any]]]:
        """For each operation how valid and invalid requests are made; working that out takes long, and is done once."""
        if not self._made:
            modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
            self._made += [(one.label, [one.as_strategy(mode) for mode in modes]) for one in read_description(app)]
        return self._made

    @contextmanager
    def opened(self, way: str) -> Iterator[tuple[Trial, int, dict[str, str]]]:
        """The server, its port, and the headers with which somebody comes in that way."""
        template = self.opened_to_all if way == OPEN else self.closed
        with template.copy(1) as trial, listening(trial.app) as port:
            world, (kind, _, name) = trial.world, way.rpartition(" of ")
            if way == OPEN:
                headers = {"SalesHub-Tenant": _TENANT}
            elif kind:
                token = world.sessions[_TENANT, name]
                headers = {"Cookie": f"saleshub_session={token}", "Origin": f"http://127.0.0.1:{port}"}
            else:
                headers = {"Authorization": f"Bearer {world.keys[_TENANT, name, 'all']}"}
            yield trial, port, headers


def _known(trial: Trial) -> dict[str, list[str]]:
    """Values of parameters that name something there is."""
    world, runs = trial.world, [run_id for run_id, _account, _by in trial.world.runs[_TENANT]]
    effects = list_effects(trial.platform, trial.platform.owner(_TENANT))
    return {
        "run_id": runs,
        "review_id": [f"{run_id}-{department}" for run_id in runs for department in DEPARTMENTS],
        "effect_id": [effect.id for effect in effects] or ["none"],
        "message_id": [message.id for message in world.messages],
        "share_id": world.shares[_TENANT],
        "thread_id": [thread for thread, _owner in world.threads[_TENANT]],
        "account": [*ACCOUNTS],
        "account_id": [*ACCOUNTS],
    }


def _named(case: Any, known: dict[str, list[str]], rng: random.Random) -> None:
    """Let a request name things that are there, in half of all cases."""
    if rng.random() < 0.5:
        return
    if case.headers is not None:
        case.headers.pop("SalesHub-Tenant", None)
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            for name in known.keys() & place.keys():
                place[name] = rng.choice(known[name])


def read_description(app: Any) -> list[Any]:
    """The operations that the application describes, each once for all who use it."""
    found = []
    for result in schemathesis.openapi.from_dict(app.openapi()).get_all_operations():
        if not isinstance(result, Ok):
            raise TypeError(f"the description is not valid: {result.err()}")
        found.append(result.ok())
    return found


def try_way(way: str, doors: Doors, findings: Findings, *, examples: int, number: int) -> None:
    """Send `examples` valid and as many invalid requests to each operation, as somebody who comes in that way."""
    with doors.opened(way) as (trial, port, headers):
        known, rng = _known(trial), random.Random(number)
        here = f"http://127.0.0.1:{port}"
        for operation, strategies in doors.requests(trial.app):
            findings.operations.add(operation)

            def send(case: Any, label: str = operation) -> None:
                findings.cases[way] += 1
                if case.meta.generation.mode is GenerationMode.POSITIVE:
                    _named(case, known, rng)
                try:
                    case.call_and_validate(base_url=here, headers=headers, timeout=_TIMEOUT_S)
                except FailureGroup as group:
                    for failure in group.exceptions:
                        findings.note(way, label, failure)
                except Failure as failure:
                    findings.note(way, label, failure)

            for strategy in strategies:
                _repeat(strategy, send, examples, number)


def _repeat(strategy: Any, send: Callable[[Any], None], examples: int, number: int) -> None:
    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def repeated(case: Any) -> None:
        send(case)

    # Of an operation that takes nothing there is no invalid request.
    with suppress(Unsatisfiable):
        repeated()


_SERVER = frozenset({"ServerError"})
# What the description does not say of an answer.
_MISMATCH = frozenset(
    {"JsonSchemaError", "UndefinedStatusCode", "UndefinedContentType", "MissingContentType", "MissingHeaders"}
)


def measure(examples: int, number: int = 1, ways: Sequence[str] = WAYS) -> Figures:
    """What was wrong with answers, as somebody who comes in each of the ways."""
    findings, start = Findings(), time.monotonic()
    with planted(closed=False) as opened, opened.closed() as closed:
        doors = Doors(closed, opened)
        for way in ways:
            try_way(way, doors, findings, examples=examples, number=number)
    wrong = findings.wrong
    return {
        "operations": len(findings.operations),
        "cases": findings.cases.total(),
        "server_errors": sum(wrong[kind] for kind in _SERVER),
        "schema_mismatches": sum(wrong[kind] for kind in _MISMATCH),
        "other": {kind: count for kind, count in wrong.items() if kind not in _SERVER | _MISMATCH},
        "by_way": dict(findings.cases),
        "examples": findings.examples,
        "seconds": round(time.monotonic() - start, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was wrong."""
    parser = build_parser("contract", __doc__)
    parser.add_argument(
        "--examples", type=int, default=20, help="valid requests an operation and way, and invalid ones"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", action="append", choices=WAYS, help="only as somebody who comes in that way")
    options = parser.parse_args(arguments)
    figures = measure(options.examples, options.seed, options.way or WAYS)
    print_figures(figures, as_json=options.json)
    return int(bool(figures["server_errors"] or figures["schema_mismatches"] or figures["other"]))


if __name__ == "__main__":
    sys.exit(main())
