"""What went before: the history agent's view."""

from datetime import datetime

from core.domain.base import Frozen
from core.domain.interactions import InteractionKind


class Moment(Frozen):
    """An interaction worth knowing before the visit; `why` says what brought it up (recent, or like the purpose)."""

    interaction: str
    form: InteractionKind
    at: datetime
    subject: str | None
    quote: str
    why: str
    evidence: str


class HistoryView(Frozen):
    """`total` interactions on record up to the horizon; `moments` newest first."""

    total: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    moments: tuple[Moment, ...] = ()
