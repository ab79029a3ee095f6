"""Webhooks good, bad, old, replayed and out of order, through the HTTP application: `python -m evals.bench.webhooks`.

Every case is sent to the application as a server would hand it over, and judged by an oracle that shares no code with
the hub. `wrongly_accepted` counts requests that were taken and should not have been, `wrongly_refused` the opposite,
`wrong_status` refusals for another reason than the true one, `wrong_records` what the database holds and should not, or
the opposite. The exit status is 1 when any of them is not 0.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from api.app import build_api
from core.domain.accounts import Account
from core.domain.deals import Opportunity, PipelineStage
from core.domain.webhooks import Outcome
from core.settings import Settings
from evals.bench.report import Figures, build_parser, print_figures
from evals.bench.webhook_cases import Ring, Step, generate, shown
from evals.bench.webhook_oracle import Oracle
from evals.bench.webhook_sender import Request
from hub.installation import Platform
from hub.platform import open_platform
from hub.signing import new_secret
from hub.webhooks import add_key, retire_key

TENANT = "demo"
_DEALS = tuple(f"deal-{number}" for number in range(8))
_MOST_SHOWN = 20
# How the oracle writes a repetition, which HTTP answers like any success.
_REPEATED = 208


@dataclass
class BenchClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        """The time it was moved to."""
        return self.at


@contextmanager
def open_company(clock: BenchClock, database_url: str | None = None) -> Iterator[Platform]:
    """A company with one account and eight deals, in a home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="saleshub-bench-") as folder:
        settings = Settings(home=Path(folder), database_url=database_url, embedding_model="none", log_level="critical")
        with open_platform(settings, clock=clock) as platform:
            deals = [
                Opportunity(id=id_, account_id="A1", name=id_, stage=PipelineStage.PROSPECTING, next_step="none")
                for id_ in _DEALS
            ]
            with platform.store.write() as unit:
                unit.tenants.ensure(TENANT)
                origins = ["bench"] * (1 + len(deals))
                unit.records.upsert(TENANT, [Account(id="A1", name="Acme Drives"), *deals], origins, at=clock.now())
            yield platform


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

    def __init__(self, platform: Platform, clock: BenchClock, client: httpx.AsyncClient) -> None:
        self.platform, self._clock, self._client = platform, clock, client
        self.ring = make_ring(platform)
        self.oracle = Oracle(
            keys={"crm": (self.ring.current, self.ring.old), "erp": (self.ring.other_source,)},
            accounts=frozenset({"Acme Drives"}),
            deals={id_: {} for id_ in _DEALS},
        )
        self.wrong: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    async def send(self, name: str, step: Step) -> None:
        """Send one step, and hold what came back against what it deserves."""
        self._clock.at += timedelta(seconds=step.wait_s)
        now = int(self._clock.at.timestamp())
        deserved = sorted(self.oracle.judge(step.request, now) for _ in range(step.copies))
        got = sorted(await asyncio.gather(*(self._post(step.request) for _ in range(step.copies))))
        self.answers.update(got)
        for right, answer in zip(deserved, got, strict=True):
            if right == answer:
                continue
            kind = (
                "wrongly_accepted"
                if answer < 300 <= right
                else "wrongly_refused"
                if right < 300 <= answer
                else "wrong_status"
            )
            self.wrong[kind] += 1
            if sum(self.wrong.values()) <= _MOST_SHOWN:
                sys.stderr.write(f"{name}: {answer} instead of {right}: {shown(step.request)}\n")

    async def _post(self, request: Request) -> int:
        headers = [(name.encode(), value.encode()) for name, value in request.headers]
        answer = await self._client.post(f"/v1/webhooks/{request.source}", content=request.body, headers=headers)
        if answer.status_code == 200 and answer.json()["repeated"]:
            return _REPEATED
        return answer.status_code

    def wrong_records(self) -> int:
        """How many deals, events and runs are not as they must be after all that was sent."""
        owner = self.platform.owner()
        with self.platform.store.read() as unit:
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


async def _run(platform: Platform, clock: BenchClock, cases: int, seed: int) -> Figures:
    app = httpx.ASGITransport(build_api(platform), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1") as client:
        trial = Trial(platform, clock, client)
        kinds: Counter[str] = Counter()
        for name, steps in generate(cases, seed, trial.ring, int(clock.at.timestamp()), _DEALS):
            kinds[name] += 1
            for step in steps:
                await trial.send(name, step)
    wrong = {name: trial.wrong[name] for name in ("wrongly_accepted", "wrongly_refused", "wrong_status")}
    answers = {f"answered_{status}": number for status, number in sorted(trial.answers.items())}
    told = {"cases": cases, "kinds": len(kinds), "requests": trial.answers.total(), **answers}
    return {**told, **wrong, "wrong_records": trial.wrong_records()}


def measure(cases: int, seed: int = 7, database_url: str | None = None) -> Figures:
    """Send `cases` generated cases; on SQLite, or in an empty database at `database_url`."""
    clock = BenchClock(datetime(2026, 5, 20, 9, tzinfo=UTC))
    with open_company(clock, database_url) as platform:
        return asyncio.run(_run(platform, clock, cases, seed))


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
