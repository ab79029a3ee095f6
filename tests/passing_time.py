"""Time that passes at a word, so that what ends by time needs no guess at how fast the machine is."""

import asyncio


def pass_time(seconds: float) -> None:
    """Let the running loop's clock jump: whatever waits in it for less is over."""
    loop = asyncio.get_running_loop()
    now = loop.time
    loop.time = lambda: now() + seconds  # type: ignore[method-assign]
