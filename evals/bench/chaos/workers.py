"""Processes that are killed: forked from one that has loaded everything and opened nothing, so a new one takes
milliseconds."""

import gc
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import RawArray
from pathlib import Path

Job = Callable[["Board"], None]

_PATIENCE_S = 60.0
_LOOK_S = 0.02
_LATEST_S = 0.03


class Board:
    """A few numbers that outlive the processes which share them."""

    def __init__(self) -> None:
        self._numbers = RawArray("q", 3)

    @property
    def asked(self) -> int:
        """How many effects the author is through with."""
        return int(self._numbers[0])

    @asked.setter
    def asked(self, value: int) -> None:
        self._numbers[0] = value

    @property
    def written(self) -> int:
        """How many records the target held when it was last looked at."""
        return int(self._numbers[1])

    @written.setter
    def written(self, value: int) -> None:
        self._numbers[1] = value

    @property
    def stopping(self) -> bool:
        """Whether the processes are to end by themselves."""
        return bool(self._numbers[2])

    @stopping.setter
    def stopping(self, value: bool) -> None:
        self._numbers[2] = int(value)


def pause(seconds: float) -> None:
    """Let the others work."""
    threading.Event().wait(seconds)


def fork(job: Job, board: Board, errors: Path) -> int:
    """Start a process that does the job; its id. What it fails with is added to `errors`."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        job(board)
    except BaseException:
        code = 1
        with errors.open("a") as log:
            traceback.print_exc(file=log)
    finally:
        os._exit(code)
    raise AssertionError


@dataclass(slots=True)
class Killer:
    """Runs jobs side by side and kills them at random instants, spread over the progress that `look` reports."""

    jobs: Sequence[Job]
    look: Callable[[], int]
    errors: Path
    board: Board = field(default_factory=Board)

    def run(self, *, kills: int, total: int, finished: Callable[[Board], bool], seed: int) -> int:
        """Go on until the kills are done and the work is; how many kills there were.

        Ends as well when there was no progress for a minute.
        """
        chance, done = random.Random(seed), 0
        gc.freeze()
        living = {job: fork(job, self.board, self.errors) for job in self.jobs}
        last, since = -1, time.monotonic()
        while done < kills or not finished(self.board):
            self._restart_ended(living)
            written = self.board.written = self.look()
            if written + self.board.asked != last:
                last, since = written + self.board.asked, time.monotonic()
            if time.monotonic() - since > _PATIENCE_S:
                break
            if done < kills and written >= done * total // (kills + 1):
                pause(chance.uniform(0, _LATEST_S))
                job = chance.choice(self.jobs)
                _kill(living[job])
                living[job] = fork(job, self.board, self.errors)
                done += 1
            else:
                pause(_LOOK_S)
        for child in living.values():
            _kill(child)
        return done

    def drain(self, jobs: Sequence[Job], finished: Callable[[], bool]) -> bool:
        """Run the jobs undisturbed until nothing is left to do; False when that takes more than three minutes."""
        living = {job: fork(job, self.board, self.errors) for job in jobs}
        deadline = time.monotonic() + 3 * _PATIENCE_S
        while not (ended := finished()) and time.monotonic() < deadline:
            self._restart_ended(living)
            pause(5 * _LOOK_S)
        self.board.stopping = True
        for child in living.values():
            os.waitpid(child, 0)
        return ended

    def _restart_ended(self, living: dict[Job, int]) -> None:
        for job, child in living.items():
            if os.waitpid(child, os.WNOHANG)[0]:
                living[job] = fork(job, self.board, self.errors)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
