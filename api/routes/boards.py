"""Boards: measures of the company's work."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import CallerDep, PlatformDep
from core.domain.boards import Boards
from hub.boards.measures import LONGEST_WEEKS, measure_company

router = APIRouter(prefix="/boards", tags=["boards"])

Weeks = Annotated[int, Query(ge=1, le=LONGEST_WEEKS, description="How many weeks to look back, this one included")]


@router.get("")
def boards(platform: PlatformDep, caller: CallerDep, weeks: Weeks = 12) -> Boards:
    """Response time, data freshness, process change, self-service, package time, review cycle and adoption."""
    return measure_company(platform, caller, weeks)
