"""The named reasons for which a model is not asked any further."""

from enum import StrEnum

from core.domain.chat import Reason


class Stop(StrEnum):
    """Why a model is not asked any further."""

    BUDGET_CALLS = "budget_calls"
    BUDGET_TOKENS = "budget_tokens"
    BUDGET_MONEY = "budget_money"
    BUDGET_TIME = "budget_time"
    DEPTH = "depth"
    TOO_LONG = "too_long"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    BUSY = "busy"
    RESTING = "resting"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_budget(self) -> bool:
        """Whether what may be spent was the reason, so that no other model may be asked either."""
        return self in _BUDGETS

    @property
    def reason(self) -> Reason:
        """The reason that a question ends with."""
        return Reason(self.value) if self.is_budget else Reason.MODEL_FAILED


_BUDGETS = frozenset({Stop.BUDGET_CALLS, Stop.BUDGET_TOKENS, Stop.BUDGET_MONEY, Stop.BUDGET_TIME, Stop.DEPTH})


class ModelStoppedError(Exception):
    """The model did not answer to the end; `reason` says why, `text` is what it had said by then."""

    def __init__(self, reason: Stop, text: str = "") -> None:
        self.reason = reason
        self.text = text
        super().__init__(reason)


class ToolsRefusedError(Exception):
    """The endpoint takes no `tools`; nothing was spent."""
