"""Operations in a random order, and what they come to."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from evals.bench.leaks.chatting import chat_once
from evals.bench.leaks.company import ACCOUNTS, TENANTS, people_of
from evals.bench.leaks.entering import come_wrongly, give_rights
from evals.bench.leaks.packages import plant_package
from evals.bench.leaks.reading import ask_hub, ask_systems, read_once, sees
from evals.bench.leaks.trial import Breach, Trial
from evals.bench.leaks.writing import write_once
from hub.running import execute_run

# One package of a real run in so many operations, and one planted anew, so that reviews stay to be decided.
_RUN_EVERY = 4000
_PACKAGE_EVERY = 400
_MOST_PACKAGES = 90
# A page of the log.
_EVERYTHING = 10**7

OPERATIONS: Sequence[tuple[Callable[[Trial], Awaitable[None]], int]] = (
    (read_once, 60), (write_once, 22), (ask_systems, 12), (come_wrongly, 4), (chat_once, 2),
    (give_rights, 2), (ask_hub, 1),
)  # fmt: skip


async def operate(trial: Trial, operations: int, *, until_breach: bool = False) -> int:
    """Do so many operations, or with `until_breach` at most so many; how many were done."""
    makers, weights = [one for one, _ in OPERATIONS], [weight for _, weight in OPERATIONS]
    for number in range(1, operations + 1):
        await trial.rng.choices(makers, weights)[0](trial)
        if until_breach and trial.breaches:
            return number
        if number % _PACKAGE_EVERY == 0:
            _plant_another(trial)
        if number % _RUN_EVERY == 0:
            await _run_one(trial)
    return operations


def _plant_another(trial: Trial) -> None:
    tenant = trial.rng.choice(TENANTS)
    own = trial.world.runs[tenant]
    if len(own) < _MOST_PACKAGES:
        account = trial.rng.choice([*ACCOUNTS])
        able = [one for one in people_of(tenant) if sees(one, account) and one.roles & {"rep", "manager"}]
        plant_package(trial.platform, trial.world, trial.rng.choice(able), account, f"run-{len(own)}")


async def _run_one(trial: Trial) -> None:
    """Do one of the visit requests that were accepted, as a worker would: its package is one to read from then on."""
    if trial.jobs.waiting:
        tenant, run_id = trial.jobs.waiting.pop(trial.rng.randrange(len(trial.jobs.waiting)))
        await asyncio.to_thread(execute_run, trial.platform, tenant, run_id)
        with trial.platform.store.read() as unit:
            run = unit.visits.load(tenant, run_id)
        trial.world.runs[tenant].append((run_id, run.account_id, run.requester.user))
        trial.world.accounts[tenant, run_id] = run.account_id


def foreign_writes(trial: Trial) -> list[Breach]:
    """What the log says was done by somebody who is not of the company, or does not see the account."""
    found = []
    for tenant in TENANTS:
        people = {person.id: person for person in people_of(tenant)}
        accounts = {run_id: account for run_id, account, _by in trial.world.runs[tenant]}
        accounts |= {id_: waiting.account for (company, id_), waiting in trial.waiting.items() if company == tenant}
        accounts |= {message.id: message.account for message in trial.world.messages}
        with trial.platform.store.read() as unit:
            log = unit.audit.records(tenant, limit=_EVERYTHING)
        for record in log:
            if record.actor == "hub":
                continue
            person = people.get(record.actor)
            subject = record.subject
            # A review is called after its run.
            account = accounts.get(subject) or accounts.get(subject.rpartition("-")[0])
            if person is None or (account is not None and not sees(person, account)):
                found.append(Breach("log", record.action, f"{tenant}/{record.actor}", 200, (subject,)))
    return found
