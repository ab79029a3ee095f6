"""What carries a request to a model and its reply back."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from graphs.models.messages import Delta, Request


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is, and the key it wants; empty where it wants none."""

    base_url: str
    key: str = field(default="", repr=False)


class Transport(Protocol):
    """One model behind one client. Raises ModelStoppedError and ToolsRefusedError, nothing else."""

    @property
    def stall_s(self) -> float:
        """Longest silence within a reply, in seconds."""

    async def open(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Send the request and wait until the model begins to answer; its reply in pieces."""
