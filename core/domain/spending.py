"""What calls of language models cost."""

from decimal import Decimal
from enum import StrEnum

from core.domain.base import Frozen
from core.model_settings import ModelRole


class Spend(Frozen):
    """One call of a model.

    Where the endpoint does not tell, tokens are the most they can have been. `cached_tokens` are those of the input
    that the provider had in its cache. `micros` is the cost in millionths of the currency of the prices, None for a
    model without a price. `outcome` is `done`, or why the call ended before its end.
    """

    role: ModelRole
    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    micros: int | None = None
    ms: int = 0
    outcome: str = "done"


class SpendBy(StrEnum):
    """What spending is added up by; `run` is a visit's run or a thread of chat."""

    USER = "user"
    MODEL = "model"
    DAY = "day"
    ROLE = "role"
    RUN = "run"


class SpendRow(Frozen):
    """What was spent under one heading (a user, a model, a day, a role, a run), in the currency of the prices.

    `cost` covers the calls that have a price; `unpriced` counts those that have none.
    """

    heading: str
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: Decimal
    unpriced: int
