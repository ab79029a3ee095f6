"""The same kind of trial with plain LangGraph and plain DBOS, each used as its documentation shows.

The approved effects of the same plan, each in a thread or a workflow of its own, at the same number of effects to a
kill. The outside system takes every call and knows no keys, which is how most of them are; that is in nobody's favour,
since both engines promise that a step runs at least once. Both start a new process after each kill and take up what
was unfinished.
"""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypedDict

from evals.bench.chaos.plan import Fate, build_plan
from evals.bench.chaos.workers import Board, Killer, pause
from evals.bench.report import Figures

_ENOUGH_KILLS = 300
_IDLE_S = 0.005
_TABLE = "CREATE TABLE calls (number INTEGER PRIMARY KEY, mark TEXT NOT NULL)"


def _open(system: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(system, timeout=30, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    return connection


def call_system(system: Path, mark: str) -> None:
    """The write to the outside system: one row a call."""
    with closing(_open(system)) as connection:
        connection.execute("INSERT INTO calls (mark) VALUES (?)", [mark])


def langgraph_worker(folder: Path, marks: Sequence[str]) -> Callable[[Board], None]:
    """A job that runs one thread an effect: approved by a resumed interrupt, then written; `durability="sync"`."""
    from langchain_core.runnables import RunnableConfig  # noqa: PLC0415
    from langgraph.checkpoint.sqlite import SqliteSaver  # noqa: PLC0415
    from langgraph.graph import END, START, StateGraph  # noqa: PLC0415
    from langgraph.types import Command, interrupt  # noqa: PLC0415

    class Effect(TypedDict, total=False):
        mark: str
        approved: bool
        written: bool

    def approve(state: Effect) -> Effect:
        return {"approved": interrupt(state["mark"])}

    def write(state: Effect) -> Effect:
        call_system(folder / "system.sqlite", state["mark"])
        return {"written": True}

    def work(board: Board) -> None:
        builder = StateGraph(Effect)
        builder.add_node("approve", approve)
        builder.add_node("write", write)
        builder.add_edge(START, "approve")
        builder.add_edge("approve", "write")
        builder.add_edge("write", END)
        with SqliteSaver.from_conn_string(str(folder / "checkpoints.sqlite")) as saver:
            graph = builder.compile(checkpointer=saver)
            for number in range(board.asked, len(marks)):
                thread: RunnableConfig = {"configurable": {"thread_id": marks[number]}}
                # A snapshot with nothing next may be one whose last writes are not in a checkpoint yet: only what the
                # last node says of itself tells that a thread is through. Resumed as documented, with no input.
                while not (snapshot := graph.get_state(thread)).values.get("written"):
                    begun = snapshot.next or snapshot.values
                    given = None if begun else Effect(mark=marks[number])
                    graph.invoke(Command(resume=True) if snapshot.interrupts else given, thread, durability="sync")
                board.asked = number + 1
        while not board.stopping:
            pause(_IDLE_S)

    return work


def dbos_worker(folder: Path, marks: Sequence[str]) -> Callable[[Board], None]:
    """A job that runs one workflow an effect, whose step writes; DBOS takes up pending workflows at its start."""
    from dbos import DBOS, DBOSConfig, SetWorkflowID  # noqa: PLC0415

    def work(board: Board) -> None:
        url = f"sqlite:///{folder / 'dbos.sqlite'}"
        DBOS(config=DBOSConfig(name="effects", system_database_url=url, log_level="CRITICAL"))

        @DBOS.step()
        def write(mark: str) -> None:
            call_system(folder / "system.sqlite", mark)

        @DBOS.workflow()
        def effect(mark: str) -> None:
            write(mark)

        DBOS.launch()
        for number in range(board.asked, len(marks)):
            with SetWorkflowID(marks[number]):
                handle = DBOS.start_workflow(effect, marks[number])
            handle.get_result()
            board.asked = number + 1
        while not board.stopping:
            pause(_IDLE_S)

    return work


def _trial(
    make: Callable[[Path, Sequence[str]], Callable[[Board], None]], marks: Sequence[str], kills: int, seed: int
) -> Figures:
    with tempfile.TemporaryDirectory(prefix="saleshub-chaos-") as name:
        folder = Path(name)
        system = folder / "system.sqlite"
        with closing(_open(system)) as connection:
            connection.execute(_TABLE)

        def written() -> int:
            with closing(_open(system)) as connection:
                return int(connection.execute("SELECT count(*) FROM calls").fetchone()[0])

        killer = Killer([make(folder, marks)], written, errors=folder / "errors.log")
        done = killer.run(kills=kills, total=len(marks), finished=lambda board: board.asked >= len(marks), seed=seed)
        killer.drain(killer.jobs, lambda: killer.board.asked >= len(marks))
        with closing(_open(system)) as connection:
            held = Counter(mark for (mark,) in connection.execute("SELECT mark FROM calls"))
    lost = sum(held[mark] == 0 for mark in marks)
    doubled = sum(count - 1 for count in held.values())
    return {"kills": done, "effects": len(marks), "lost": lost, "doubled": doubled}


def measure(*, kills: int, effects: int, seed: int) -> Figures:
    """Lost and doubled calls of each engine. At most 300 kills, with as many effects to each as in our own trial."""
    own = min(kills, _ENOUGH_KILLS)
    marks = [item.mark for item in build_plan(max(1, effects * own // max(1, kills)), seed) if item.fate is Fate.RUN]
    return {
        "langgraph_sync": _trial(langgraph_worker, marks, own, seed),
        "dbos": _trial(dbos_worker, marks, own, seed),
    }
