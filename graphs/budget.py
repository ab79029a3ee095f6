"""What one run may spend on a language model: reserved before each call, settled after it."""

from core.domain.packages import Usage


class Budget:
    """Tokens of one run. Calls under way count with what they may cost at the most."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self.used = Usage()

    def reserve(self, tokens: int) -> bool:
        """Set `tokens` aside for one call; False, and nothing changes, when they are not there."""
        if self.used.input_tokens + self.used.output_tokens + self._held + tokens > self._limit:
            return False
        self._held += tokens
        return True

    def settle(self, tokens: int, input_tokens: int, output_tokens: int) -> None:
        """Give `tokens` back and count the call with what it did cost."""
        self._held -= tokens
        self.used = Usage(
            model_calls=self.used.model_calls + 1,
            input_tokens=self.used.input_tokens + input_tokens,
            output_tokens=self.used.output_tokens + output_tokens,
        )
