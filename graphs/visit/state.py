"""What the visit graph carries from node to node, and what it is run with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Protocol, TypedDict

from langgraph.runtime import Runtime

from agents.spec import AgentOutput
from core.domain.accounts import Account
from core.domain.base import Evidence, System
from core.domain.claims import Claim
from core.domain.packages import Sections, Usage
from core.domain.spending import Spend
from core.domain.views.proposals import Recommendation
from core.domain.visits import StepStatus, VisitRequest
from core.ports.memory import Recollection
from core.ports.reading import Reading
from graphs.budget import Purse
from graphs.models.model import Model
from tools.spec import ToolContext

Progress = Callable[[str, StepStatus, str | None], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What one tool brought back: its answer, or the short code of the problem (`down`, `timeout`, …)."""

    system: System
    answer: Reading[Any] | Recollection | None
    problem: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitContext:
    """One run's surroundings. `last_good` tells when a system was last known good, also while it is down."""

    run_id: str
    account: Account
    request: VisitRequest
    tools: ToolContext
    now: datetime
    gather_timeout_s: float
    stale_after_days: int
    last_good: Callable[[System], datetime | None]
    progress: Progress
    writer: Model | None = None
    purse: Purse | None = None

    @property
    def today(self) -> date:
        """The day as of which the package is made."""
        return self.now.date()

    @property
    def visit_on(self) -> date:
        """The planned day of the visit; today where none was named."""
        return self.request.at or self.today


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed package before it is worded, checked and saved."""

    sections: Sections
    claims: tuple[Claim, ...]
    evidence: dict[str, Evidence]
    summary: tuple[str, ...]
    recommendations: tuple[Recommendation, ...]
    usage: Usage = field(default_factory=Usage)
    spends: tuple[Spend, ...] = ()
    model: str = "embedded"
    wording: str | None = None
    prompts: tuple[str, ...] = ()


def merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Reducer for nodes that run side by side and write different keys."""
    return {**old, **new}


class VisitState(TypedDict, total=False):
    """`sources` by tool name, `outputs` by agent name (absent when the agent failed), then the draft."""

    sources: Annotated[dict[str, Source], merge]
    outputs: Annotated[dict[str, AgentOutput[Any]], merge]
    draft: Draft


class Node(Protocol):
    """A node of the visit graph."""

    def __call__(self, state: VisitState, *, runtime: Runtime[VisitContext]) -> Awaitable[VisitState]:
        """What the node adds to the state."""
