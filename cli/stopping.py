"""Being told to stop: the first signal asks, the second insists."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hub.installation import Platform

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM or Ctrl-C sets; a second one ends the process at once. For the main thread."""
    told = threading.Event()

    def handle(_number: int, _frame: FrameType | None) -> None:
        told.set()
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def exit_past_stray_jobs(platform: Platform) -> None:
    """End the process when a closed platform had to hand over a job that would not end: its thread must not keep us."""
    if platform.work is not None and platform.work.handed_over:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def begin_anew() -> None:
    """Replace this process by a fresh one with the same arguments and the same process number."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606
