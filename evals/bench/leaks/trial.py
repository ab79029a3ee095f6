"""One trial: the companies behind their doors, an operation at a time, and what was found."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from starlette.types import ASGIApp

from api.app import build_api
from core.domain.access import Means
from core.settings import Settings
from evals.bench.leaks import packages
from evals.bench.leaks.company import (
    NOW,
    TENANTS,
    World,
    caller_of,
    interactions_of,
    people_of,
    records_of,
    scopes_of,
    users,
)
from evals.bench.leaks.door import Reply, Request, send_inside
from evals.bench.leaks.rights import Person, Row
from hub.access.browser import SESSION_COOKIE
from hub.access.keys import add_key, revoke_key
from hub.access.sessions import Origin, open_session
from hub.installation import Platform
from hub.platform import open_platform
from hub.workers.jobs import JobCount
from memory.passages import split_passages

_SERVER_ERROR = 500
_REFUSED = 400
_ORIGIN = "http://127.0.0.1"
# Faster than any trial asks: limits on rates are tried elsewhere.
_ENOUGH = "1000000/second"


class NoJobs:
    """Takes visit requests and does none of them: the trial runs some itself."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, str]] = []

    def submit(self, tenant: str, run_id: str) -> None:
        """Remember the run."""
        self.waiting.append((tenant, run_id))

    def count(self) -> JobCount:
        """How many wait."""
        return JobCount(queued=len(self.waiting), running=0)


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that must not happen: `words` reached somebody, or what had to be refused was done."""

    door: str
    what: str
    who: str
    status: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An effect that somebody may decide: its account, who asked for it, and the roles that agree in their order."""

    account: str
    rows: tuple[Row, ...]
    by: str
    digest: str
    roles: tuple[str, ...]


@dataclass
class Trial:
    """The platform with its door, and what operations have found so far."""

    platform: Platform
    app: ASGIApp
    world: World
    rng: random.Random
    jobs: NoJobs
    port: int | None = None
    operations: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    breaches: list[Breach] = field(default_factory=list)
    # What people said of their own accord to whom keeps it for them.
    told: set[tuple[Person | None, str]] = field(default_factory=set)
    # Effects that wait, and those that are decided or withdrawn, by company and id.
    waiting: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    decided: set[tuple[str, str]] = field(default_factory=set)

    async def ask(self, door: str, request: Request, to: Person | None, *, refuse: bool = False) -> Reply:
        """Send a request for somebody (None: nobody we know), and judge the answer; `refuse` when it must be."""
        reply = await send_inside(self.app, request)
        self.judge(door, f"{request.method} {request.path}", reply, to, request.sent, refuse=refuse)
        return reply

    def judge(
        self, door: str, what: str, reply: Reply, to: Person | None, sent: frozenset[str], *, refuse: bool
    ) -> None:
        """Note the operation, and whatever is wrong with its answer."""
        self.operations[door] += 1
        self.statuses[reply.status] += 1
        if reply.status >= _SERVER_ERROR:
            self.failures[f"{reply.status} {what.split('/run-', maxsplit=1)[0]}"] += 1
        leaked = [word for word in self.world.leaked(reply.words - sent, to) if (to, word) not in self.told]
        if leaked or (refuse and reply.status < _REFUSED):
            who = f"{to.tenant}/{to.id}" if to else "nobody"
            self.breaches.append(Breach(door, what, who, reply.status, tuple(leaked[:5])))

    def by_session(self, person: Person, *, origin: str | None = _ORIGIN) -> dict[str, str]:
        """The headers of a browser in which the person is signed in."""
        headers = {"Cookie": f"{SESSION_COOKIE}={self.world.sessions[person.tenant, person.id]}"}
        return headers if origin is None else headers | {"Origin": origin}

    def by_key(self, person: Person, kind: str = "all") -> dict[str, str]:
        """The header of a program with a key of the person's."""
        return {"Authorization": f"Bearer {self.world.keys[person.tenant, person.id, kind]}"}

    def anyhow(self, person: Person) -> dict[str, str]:
        """Either of them."""
        return self.by_session(person) if self.rng.random() < 0.7 else self.by_key(person)


@dataclass(frozen=True)
class Template:
    """The companies as they are planted; trials work on copies."""

    home: Path
    world: World

    @contextmanager
    def copy(self, seed: int) -> Iterator[Trial]:
        """A trial on companies of its own, which go with it."""
        with TemporaryDirectory(prefix="saleshub-leaks-") as folder:
            home = Path(folder) / "home"
            shutil.copytree(self.home, home)
            with open_platform(_settings(home)) as platform:
                jobs = NoJobs()
                platform.running_jobs = jobs  # type: ignore[assignment]
                yield Trial(platform, build_api(platform), deepcopy(self.world), random.Random(seed), jobs)

    @contextmanager
    def closed(self) -> Iterator["Template"]:
        """The same companies where people sign in, with everybody signed in and holding keys."""
        with self.copy(0) as trial:
            for tenant in TENANTS:
                _let_in(trial.platform, trial.world, tenant)
            yield Template(trial.platform.settings.home, trial.world)


@contextmanager
def planted(*, closed: bool = True) -> Iterator[Template]:
    """The companies, planted in a home that goes when the block ends.

    Everybody is signed in and holds keys; unless `closed`, nobody has to sign in there.
    """
    with TemporaryDirectory(prefix="saleshub-leaks-") as folder:
        home, world = Path(folder) / "home", World()
        with open_platform(_settings(home)) as platform:
            for tenant in TENANTS:
                _fill(platform, world, tenant)
                if closed:
                    _let_in(platform, world, tenant)
            packages.plant_audit(platform, world)
        yield Template(home, world)


def _settings(home: Path) -> Settings:
    return Settings(
        home=home, embedding_model="none", log_level="critical", audit_key=SecretStr("trial"),
        api_rate=_ENOUGH, chat_rate=_ENOUGH, sign_in_rate=_ENOUGH,
    )  # fmt: skip


def _fill(platform: Platform, world: World, tenant: str) -> None:
    people = people_of(tenant)
    world.people += people
    said = list(interactions_of(world, tenant))
    with platform.store.write() as unit:
        unit.records.upsert(tenant, list(records_of(world, tenant)), {}, at=NOW)
        unit.interactions.upsert(tenant, said, {}, at=NOW)
        unit.passages.replace_many(tenant, {one.id: split_passages(one) for one in said})
        for user in users():
            unit.users.save(tenant, user)
    for number, (requester, account) in enumerate(packages.requesters(people)):
        packages.plant_package(platform, world, requester, account, f"run-{number}")
        packages.plant_shares(platform, world, requester)
    for number in range(len(world.messages)):
        packages.plant_message(platform, world, tenant, number)
    for person in people:
        packages.plant_thread(platform, world, person, 0)


def _let_in(platform: Platform, world: World, tenant: str) -> None:
    people = people_of(tenant)
    admin = caller_of(next(person for person in people if person.id == "admin"))
    for person in people:
        with platform.store.write() as unit:
            opened = open_session(
                unit, platform.settings, caller_of(person), Means.PASSWORD, Origin(), now=platform.clock.now()
            )
        world.sessions[tenant, person.id] = opened.token
        for kind in ("all", "recall", "revoked"):
            key, text = add_key(platform, admin, person.id, scopes_of(kind))
            world.keys[tenant, person.id, kind] = text
            if kind == "revoked":
                revoke_key(platform, admin, key.id)
