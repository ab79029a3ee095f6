"""Webhooks good, bad, old, replayed and out of order, sent to a real server: `python -m evals.bench.webhooks`.

Every case goes to a `saleshub serve` on the loopback address. An oracle that shares no code with the hub judges it:
`wrongly_accepted` counts requests that were taken and should not have been, `wrongly_refused` the opposite,
`wrong_status` refusals for another reason than the true one, `wrong_records` what the database holds and should not, or
the opposite. The exit status is 1 when any of them is not 0.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx

from core.domain.accounts import Account
from core.domain.deals import Opportunity, PipelineStage
from core.domain.webhooks import Outcome
from core.settings import Settings
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.server import serving
from evals.bench.webhook_cases import Ring, Step, generate, shown
from evals.bench.webhook_oracle import Oracle
from evals.bench.webhook_sender import Request
from hub.events.signing import new_secret
from hub.events.webhooks import add_key, retire_key
from hub.installation import Platform
from hub.platform import open_platform

TENANT = "demo"
_DEALS = tuple(f"deal-{number}" for number in range(8))
_MOST_SHOWN = 20
_COPIES = 6
# How the oracle writes a repetition, which HTTP answers like any success.
_REPEATED = 208


def make_company(platform: Platform) -> Ring:
    """A company with one account and eight deals; the keys of its sources."""
    deals = [
        Opportunity(id=id_, account_id="A1", name=id_, stage=PipelineStage.PROSPECTING, next_step="none")
        for id_ in _DEALS
    ]
    with platform.store.write() as unit:
        unit.tenants.ensure(TENANT)
        records = [Account(id="A1", name="Acme Drives"), *deals]
        unit.records.upsert(TENANT, records, ["bench"] * len(records), at=platform.clock.now())
    return make_ring(platform)


def make_ring(platform: Platform) -> Ring:
    """Keys of the sources `crm` and `erp`, one of them retired already."""
    owner = platform.owner()
    crm = [add_key(platform, owner, "crm", "owner") for _ in range(3)]
    erp = add_key(platform, owner, "erp", "owner")
    retire_key(platform, owner, crm[1].id, timedelta(days=3650))
    retire_key(platform, owner, crm[2].id)
    return Ring(crm[0].secret, crm[1].secret, crm[2].secret, erp.secret, new_secret())


class Trial:
    """Sends cases and counts what went wrong."""

    def __init__(self, ring: Ring, client: httpx.Client) -> None:
        self._client = client
        self.oracle = Oracle(
            keys={"crm": (ring.current, ring.old), "erp": (ring.other_source,)},
            accounts=frozenset({"Acme Drives"}),
            deals={id_: {} for id_ in _DEALS},
        )
        self.wrong: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    def send(self, name: str, step: Step) -> None:
        """Send one step, and hold what came back against what it deserves."""
        deserved = sorted(self.oracle.judge(step.request, int(time.time())) for _ in range(step.copies))
        with ThreadPoolExecutor(_COPIES) as threads:
            got = sorted(threads.map(self._post, [step.request] * step.copies))
        self.answers.update(got)
        for right, answer in zip(deserved, got, strict=True):
            if right != answer:
                self._note(name, step.request, right, answer)

    def _note(self, name: str, request: Request, right: int, answer: int) -> None:
        kind = "wrong_status"
        if (answer < 300) != (right < 300):
            kind = "wrongly_accepted" if answer < 300 else "wrongly_refused"
        self.wrong[kind] += 1
        if self.wrong.total() <= _MOST_SHOWN:
            sys.stderr.write(f"{name}: {answer} instead of {right}: {shown(request)}\n")

    def _post(self, request: Request) -> int:
        headers = [(name.encode(), value.encode()) for name, value in request.headers]
        answer = self._client.post(f"/v1/webhooks/{request.source}", content=request.body, headers=headers)
        if answer.status_code == 200 and answer.json()["repeated"]:
            return _REPEATED
        return answer.status_code

    def wrong_records(self, platform: Platform) -> int:
        """How many deals, events and runs are not as they must be after all that was sent."""
        owner = platform.owner()
        with platform.store.read() as unit:
            held = {deal.id: deal.model_dump(mode="json") for deal in unit.records.find(owner, Opportunity)}
            events = unit.webhook_intake.events(TENANT, limit=10**6)
            runs = len(unit.visits.list(owner, limit=10**6))
        wrong: int = sum(
            held[id_][name] != value for id_, fields in self.oracle.deals.items() for name, value in fields.items()
        )
        refused = {place for place, (_, status) in self.oracle.taken.items() if status == 422}
        wrong += len({(event.source, event.id) for event in events} ^ self.oracle.taken.keys())
        wrong += len({(one.source, one.id) for one in events if one.outcome is Outcome.REFUSED} ^ refused)
        return wrong + abs(runs - self.oracle.runs)


def _send_all(trial: Trial, ring: Ring, cases: int, seed: int) -> int:
    """Send every case, and what is to come late once it is too late; how many kinds there were."""
    kinds, late = set(), []
    for name, steps in generate(cases, seed, ring, _DEALS):
        kinds.add(name)
        for step in steps:
            if step.too_late_at is None:
                trial.send(name, step)
            else:
                late.append((name, step, step.too_late_at))
    never = threading.Event()
    for name, step, at in late:
        never.wait(max(0, at - time.time()))
        trial.send(name, step)
    return len(kinds)


def measure(cases: int, seed: int = 7) -> Figures:
    """Send `cases` generated cases to a server of their own."""
    with tempfile.TemporaryDirectory(prefix="saleshub-bench-") as folder:
        home = Path(folder)
        settings = Settings(home=home, embedding_model="none", log_level="critical")
        with open_platform(settings) as platform:
            ring = make_company(platform)
        with serving(home, "--no-work", SALESHUB_LOG_LEVEL="critical") as server:
            trial = Trial(ring, server.client)
            kinds = _send_all(trial, ring, cases, seed)
        with open_platform(settings) as platform:
            wrong_records = trial.wrong_records(platform)
    answers = {f"answered_{status}": number for status, number in sorted(trial.answers.items())}
    wrong = {name: trial.wrong[name] for name in ("wrongly_accepted", "wrongly_refused", "wrong_status")}
    told = {"cases": cases, "kinds": kinds, "requests": trial.answers.total(), **answers}
    return {**told, **wrong, "wrong_records": wrong_records}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was wrongly accepted, refused or recorded."""
    parser = build_parser("webhooks", __doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    figures = measure(options.cases, options.seed)
    print_figures(figures, as_json=options.json)
    wrong = ("wrongly_accepted", "wrongly_refused", "wrong_status", "wrong_records")
    return int(any(figures[name] for name in wrong))


if __name__ == "__main__":
    sys.exit(main())
