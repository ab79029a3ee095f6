"""Doing one thing in many processes at once."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def in_processes(work: Callable[[A], T], arguments: Sequence[A]) -> list[T]:
    """The results of `work` (a function of an importable module) on each argument, each in a process of its own."""
    # Forked from a process that has loaded the store and nothing else: no start-up time, no inherited connections.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["db.store", "alembic.command"])
    with ProcessPoolExecutor(len(arguments), mp_context=context) as pool:
        return list(pool.map(work, arguments))
