"""How much each caller may ask in a while, counted in the memory of each process.

Attempts to sign in are also counted in the database, see `hub.access.lockout`; a limit on work need not be exact.
"""

import time
from enum import StrEnum

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from core.settings import Settings


class Rate(StrEnum):
    """What is limited."""

    API = "api"
    CHAT = "chat"
    SIGN_IN = "sign_in"


class Rates:
    """The limits of one process; may be used from many threads."""

    def __init__(self, settings: Settings) -> None:
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._most: dict[Rate, RateLimitItem] = {
            Rate.API: parse(settings.api_rate),
            Rate.CHAT: parse(settings.chat_rate),
            Rate.SIGN_IN: parse(settings.sign_in_rate),
        }

    def wait(self, rate: Rate, subject: str) -> int | None:
        """Count one request of a subject; seconds to wait when it is too many, None when it is not."""
        if self._counter.hit(self._most[rate], rate, subject):
            return None
        stats = self._counter.get_window_stats(self._most[rate], rate, subject)
        return max(1, int(stats.reset_time - time.time()) + 1)
