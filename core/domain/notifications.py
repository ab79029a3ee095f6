"""What people are told about runs and reviews."""

from typing import Any

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen
from core.domain.contracts import Department


class Notification(Frozen):
    """One message to `recipient`, a user id, or, with None, to everybody of the department.

    `kind` is a stable code such as `review_requested`; `body` holds the facts it is worded from.
    """

    id: str
    run_id: str
    department: Department
    kind: str
    recipient: str | None = None
    body: dict[str, Any] = Field(default_factory=dict)
    at: AwareDatetime
