"""Accounts."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.deps import CallerDep, PlatformDep
from hub.directory import list_accounts

router = APIRouter(tags=["accounts"])


class AccountRow(BaseModel):
    """An account in a list."""

    id: str
    name: str
    region: str | None
    owner: str | None


class AccountList(BaseModel):
    """The accounts the caller may see, by name."""

    accounts: list[AccountRow]


@router.get("/accounts")
def accounts(platform: PlatformDep, caller: CallerDep) -> AccountList:
    """List the accounts."""
    found = list_accounts(platform, caller)
    return AccountList(accounts=[AccountRow(id=a.id, name=a.name, region=a.region, owner=a.owner) for a in found])
