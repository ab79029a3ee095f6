"""Processes that do the hub's work."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class WorkerStatus(StrEnum):
    """Whether a worker may write: only while it is `alive`. `left` stopped in good order, `lost` gave no more signs."""

    ALIVE = "alive"
    LEFT = "left"
    LOST = "lost"


class Worker(BaseModel):
    """One start of a worker process; `epoch` tells the starts under one name apart."""

    model_config = ConfigDict(frozen=True)

    name: str
    host: str
    home: str
    pid: int
    epoch: int
    status: WorkerStatus
    started_at: datetime
    seen_at: datetime

    @property
    def token(self) -> str:
        """Name of this start, under which the job engine books what it has taken."""
        return f"{self.name}:{self.epoch}"
