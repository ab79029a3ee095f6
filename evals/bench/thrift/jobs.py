"""The questions: what they ask for, and which tools answer them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """A question with the calls that answer it. `routine` ones are left to the embedded engine by the hub."""

    name: str
    question: str
    calls: tuple[tuple[str, dict[str, Any]], ...] = field(default=())
    routine: bool = False


_STOCK = ("check_stock", {"product_ids": ["CP-200"], "quantity": 40})
_PEOPLE = ("find_people", {"account_id": "Helios"})
_MOVES = ("find_market_moves", {"account_id": "Helios"})

JOBS = (
    Job("routine, English", "Do we have 40 CP-200 in stock?", (_STOCK,), routine=True),
    Job(
        "routine, Chinese",
        "Helios谁说了算？",
        (("find_people", {"account_id": "Helios", "role": "economic_buyer"}),),
        True,
    ),
    Job("one look-up by the model", "Weigh what we have of CP-200 against the forty they were told", (_STOCK,)),
    Job(
        "three domains by the model",
        "Brief me for Helios: whom to win over, whether forty CP-200 can leave, and who else is at the door",
        (_PEOPLE, _STOCK, _MOVES),
    ),
)
