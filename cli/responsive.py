"""Keeping a server's answers prompt while other work goes on in the same process."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# A thread that computes holds the others up for as long; the default of 5 ms is the delay of a whole piece of text.
_SWITCH_S = 0.0005
# What was loaded by now stays to the end: searching it for garbage stops every answer for up to half a second.
_THRESHOLDS = (20_000, 20, 50)


@contextmanager
def responsive() -> Iterator[None]:
    """Within the block, threads take turns sooner, and what is loaded already is not searched for garbage."""
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        gc.set_threshold(*thresholds)
        gc.unfreeze()
