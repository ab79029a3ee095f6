"""Work on a store by many processes at once."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from core.domain.visits import StepStatus
from db.store import open_store
from tests.samples import NOW, run

A = TypeVar("A")
T = TypeVar("T")


def in_processes(work: Callable[[A], T], arguments: Sequence[A]) -> list[T]:
    """The results of `work`, a function of this module, on each argument, each in a process of its own."""
    # Forked from a process that has loaded what they need and opened nothing: quick, and no inherited connections.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", __name__, "alembic.command", "psycopg"])
    with ProcessPoolExecutor(len(arguments), mp_context=context) as pool:
        return list(pool.map(work, arguments))


def join(told: tuple[str, str]) -> None:
    """Open the store at a URL and make a tenant."""
    url, tenant = told
    with open_store(url) as store, store.write() as session:
        session.tenants.ensure(tenant)


def ask(told: tuple[str, str]) -> tuple[str, bool]:
    """Record a run under the one key that all use; the id of the run that holds it, and whether it is this one."""
    url, run_id = told
    with open_store(url) as store, store.write() as session:
        held, created = session.visits.create("t", run(run_id), "key", "digest")
        return held.id, created


def log_steps(told: tuple[str, str]) -> None:
    """Record ten steps of run `r1`, each in a transaction of its own."""
    url, name = told
    with open_store(url) as store:
        for step in range(10):
            with store.write() as session:
                session.visits.append_event("t", "r1", f"{name}.{step}", StepStatus.DONE, at=NOW)
