"""Random operations that read: over HTTP, as streams, from recall, and from the ports to the systems of record."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from core.errors import SourceError
from evals.bench.leaks.company import ACCOUNTS, anybody, caller_of
from evals.bench.leaks.door import Reply, Request, send_outside, words_in
from evals.bench.leaks.rights import LEADERS, READERS, REVIEWERS, Person
from evals.bench.leaks.trial import Trial
from hub.auditing import list_records
from hub.spending import spend_by

DEPARTMENTS = ("legal", "supply_chain", "finance")
_BOARDS = LEADERS | {"coach", "analyst"}
_METRICS = frozenset({"analyst", "admin"})
_TOLD = {"erp.pricing_rules": READERS["bounds"], "contracts.contracts": READERS["terms"]}
_JSON: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, the door it belongs to, and whether the person has to be refused."""

    door: str
    request: Request
    refuse: bool = False


def sees(person: Person, account: str) -> bool:
    """Whether an account of the person's company is theirs to see."""
    return ACCOUNTS[account].is_for(person)


def reads_whole(person: Person, requester: str) -> bool:
    """Whether packages are theirs to read as a whole."""
    return person.id == requester or not person.roles <= REVIEWERS


def _get(door: str, path: str, query: dict[str, str] | None = None, *, refuse: bool = False) -> Asked:
    return Asked(door, Request("GET", path, query), refuse)


def _some_run(trial: Trial, person: Person) -> tuple[str, str, str]:
    return trial.rng.choice(trial.world.runs[person.tenant])


def _plain(trial: Trial, person: Person) -> Asked:
    path, readers = trial.rng.choice(
        [
            ("/v1/accounts", None), ("/v1/visit-requests", None), ("/v1/notifications", None), ("/v1/session", None),
            ("/v1/threads", None), ("/v1/models", None), ("/v1/reviews/times", None), ("/metrics", _METRICS),
        ]
    )  # fmt: skip
    return _get("api", path, refuse=readers is not None and not readers & person.roles)


def _boards(trial: Trial, person: Person) -> Asked:
    return _get("boards", "/v1/boards", {"weeks": str(trial.rng.randint(1, 4))}, refuse=not _BOARDS & person.roles)


def _recall(trial: Trial, person: Person) -> Asked:
    words = trial.rng.choice(["price of the pump", "Can you deliver?", trial.rng.choice(trial.world.secrets.words)])
    account = trial.rng.choice([*ACCOUNTS])
    query = {"query": words, "account": account, "k": str(trial.rng.choice([1, 8, 100]))}
    return _get("recall", "/v1/recall", query, refuse=not sees(person, account))


def _run(trial: Trial, person: Person) -> Asked:
    run_id, account, _by = _some_run(trial, person)
    return _get("api", f"/v1/visit-requests/{run_id}", refuse=not sees(person, account))


def _stream(trial: Trial, person: Person) -> Asked:
    run_id, account, _by = _some_run(trial, person)
    return _get("streams", f"/v1/visit-requests/{run_id}/events", refuse=not sees(person, account))


def _package(trial: Trial, person: Person) -> Asked:
    run_id, account, by = _some_run(trial, person)
    form = trial.rng.choice(["json", "markdown", "html"])
    refuse = not (sees(person, account) and reads_whole(person, by))
    return _get("files", f"/v1/visit-requests/{run_id}/package", {"format": form}, refuse=refuse)


def sees_part(person: Person, account: str, by: str, department: str) -> bool:
    """Whether a department's part of a package is theirs to see."""
    return sees(person, account) and (person.id == by or bool(person.roles & (LEADERS | {department})))


def _part(trial: Trial, person: Person) -> Asked:
    run_id, account, by = _some_run(trial, person)
    department = trial.rng.choice(DEPARTMENTS)
    refuse = not sees_part(person, account, by, department)
    return trial.rng.choice(
        [
            _get("reviews", f"/v1/visit-requests/{run_id}/reviews/{department}", refuse=refuse),
            _get("reviews", f"/v1/reviews/{run_id}-{department}", refuse=refuse),
        ]
    )


def _reviews(trial: Trial, _person: Person) -> Asked:
    query = {"over": trial.rng.choice(["true", "false"]), "mine": trial.rng.choice(["true", "false"])}
    return _get("reviews", "/v1/reviews", query)


def _effects(trial: Trial, person: Person) -> Asked:
    known = trial.world.effects.get(person.tenant)
    if known and trial.rng.random() < 0.5:
        return _get("effects", f"/v1/effects/{trial.rng.choice(known)}")
    query = {"limit": "500"} if trial.rng.random() < 0.5 else {"account_id": trial.rng.choice([*ACCOUNTS])}
    return _get("effects", "/v1/effects", query)


def _inbox(trial: Trial, person: Person) -> Asked:
    if trial.rng.random() < 0.5:
        return _get("inbox", "/v1/inbox", {"everybody": "true", "over": trial.rng.choice(["true", "false"])})
    message = trial.rng.choice(trial.world.messages)
    seen = sees(person, message.account) and message.row.is_for(person)
    return _get("inbox", f"/v1/inbox/{message.id}", refuse=not seen)


def _thread(trial: Trial, person: Person) -> Asked:
    thread, owner = trial.rng.choice(trial.world.threads[person.tenant])
    mine = owner == person.id
    method = "DELETE" if not mine and trial.rng.random() < 0.2 else "GET"
    return Asked("threads", Request(method, f"/v1/threads/{thread}"), refuse=not mine)


def _share(trial: Trial, person: Person) -> Asked:
    if trial.rng.random() < 0.5:
        run_id, account, by = _some_run(trial, person)
        refuse = not (sees(person, account) and reads_whole(person, by))
        return _get("shares", f"/v1/visit-requests/{run_id}/shares", refuse=refuse)
    share = trial.rng.choice(trial.world.shares[person.tenant])
    with trial.platform.store.read() as unit:
        found = unit.shares.get(person.tenant, share)
    # Where another company's link of that name is asked for, there is none.
    meant = found is not None and (
        person.id in (found.with_user, found.shared_by) or (found.with_role or "") in person.roles
    )
    return _get("shares", f"/v1/shares/{share}", refuse=not meant or found is None or found.revoked_at is not None)


READS: Sequence[tuple[Callable[[Trial, Person], Asked], int]] = (
    (_plain, 6), (_boards, 1), (_recall, 10), (_run, 5), (_stream, 4), (_package, 9), (_part, 8), (_reviews, 4),
    (_effects, 8), (_inbox, 7), (_thread, 6), (_share, 5),
)  # fmt: skip


async def ask_systems(trial: Trial) -> None:
    """Read from a port of a system of record, or from the memory, as an agent does."""
    person, rng, systems = anybody(trial.rng, trial.world), trial.rng, trial.platform.systems
    caller, account = caller_of(person), rng.choice([*ACCOUNTS])
    reads: dict[str, Callable[[], Any]] = {
        "crm.accounts": lambda: systems.crm.accounts(caller),
        "crm.contacts": lambda: systems.crm.contacts(caller, account),
        "crm.opportunities": lambda: systems.crm.opportunities(caller, account),
        "erp.stock": lambda: systems.erp.stock(caller, ["p1"]),
        "erp.pricing_rules": lambda: systems.erp.pricing_rules(caller),
        "erp.orders": lambda: systems.erp.orders(caller, account),
        "contracts.contracts": lambda: systems.contracts.contracts(caller, account),
        "market.notes": lambda: systems.market.notes(caller, account),
        "resources.experts": lambda: systems.resources.experts(caller),
        "resources.references": lambda: systems.resources.references(caller),
        "memory.interactions": lambda: trial.platform.memory.interactions(caller, account),
        "memory.recall": lambda: trial.platform.memory.recall(caller, "price of the pump", None, k=100),
    }
    name = rng.choice([*reads])
    door = "recall" if name.startswith("memory") else "systems"
    try:
        body, status = _JSON.dump_json(await reads[name]()), 200
    except SourceError:
        body, status = b"", 403
    # What would mislead without fields that are not for the person is not answered at all.
    readers = _TOLD.get(name)
    refuse = readers is not None and not person.roles & (readers | {"admin"})
    trial.judge(door, name, Reply(status, words_in(body)), person, frozenset(), refuse=refuse)


async def ask_hub(trial: Trial) -> None:
    """Read what only the hub itself and its pages show: a company's log and what its people spent."""
    person = anybody(trial.rng, trial.world)
    found: list[Any] = list(list_records(trial.platform, person.tenant, subject="trial"))
    found += spend_by(trial.platform, caller_of(person), trial.platform.clock.now().date())
    # Who may read the log at all is decided by the doors that show it.
    trial.judge(
        "audit", "list_records", Reply(200, words_in(_JSON.dump_json(found))), person, frozenset(), refuse=False
    )


async def read_once(trial: Trial) -> None:
    """One reading operation of somebody, over HTTP."""
    person = anybody(trial.rng, trial.world)
    make = trial.rng.choices([one for one, _ in READS], [weight for _, weight in READS])[0]
    asked = make(trial, person)
    request = _with(asked.request, trial.anyhow(person))
    if trial.port is not None and trial.rng.random() < 0.03:
        try:
            reply = await asyncio.to_thread(send_outside, trial.port, _elsewhere(request, trial.port))
        except OSError as error:
            raise RuntimeError(f"the socket failed at {request.method} {request.target}") from error
        trial.judge("sockets", f"{request.method} {request.path}", reply, person, request.sent, refuse=asked.refuse)
        return
    await trial.ask(asked.door, request, person, refuse=asked.refuse)


def _with(request: Request, headers: dict[str, str]) -> Request:
    merged = {**(request.headers or {}), **headers}
    return Request(request.method, request.path, request.query, merged, request.body, request.form)


def _elsewhere(request: Request, port: int) -> Request:
    headers = dict(request.headers or {})
    if "Origin" in headers:
        headers["Origin"] = f"http://127.0.0.1:{port}"
    return Request(request.method, request.path, request.query, headers, request.body, request.form)
