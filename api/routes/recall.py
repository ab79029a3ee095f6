"""Recall of past interactions."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import CallerDep, PlatformDep
from hub.directory import list_accounts, resolve_account
from hub.recalling import RecallResult, recall_history

router = APIRouter(tags=["recall"])


@router.get("/recall")
def recall(
    platform: PlatformDep,
    caller: CallerDep,
    query: Annotated[str, Query(min_length=1, max_length=2000)],
    account: Annotated[str, Query(min_length=1, max_length=200)],
    at: Annotated[date | None, Query(description="Hide what came after this day")] = None,
    k: Annotated[int, Query(ge=1, le=100)] = 8,
) -> RecallResult:
    """Find what was said in past interactions with an account."""
    found = resolve_account(list_accounts(platform, caller), account)
    until = datetime.combine(at, time.max, UTC) if at else None
    return recall_history(platform, caller, query, found.id, until=until, k=k)
