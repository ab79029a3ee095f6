"""Links to packages."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.deps import CallerDep, PlatformDep
from core.domain.packages import Package
from core.domain.shares import Share
from core.identity import Role
from hub.sharing import LONGEST, list_shares, open_shared, revoke_share, share_package

router = APIRouter(tags=["shares"])

RunId = Annotated[str, Path(max_length=64)]
ShareId = Annotated[str, Path(max_length=100)]


# What no type of one field can say: one of the two is given, the other is not.
_ONE_OF_BOTH: JsonDict = {
    "oneOf": [
        {"required": [given], "properties": {given: {"not": {"type": "null"}}, other: {"type": "null"}}}
        for given, other in (("with_user", "with_role"), ("with_role", "with_user"))
    ]
}


class NewShare(BaseModel):
    """Whom a link is for, either `with_user` or `with_role`, and for how many days."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_BOTH)

    with_user: str | None = Field(default=None, max_length=100)
    with_role: Role | None = None
    days: int = Field(default=7, ge=1, le=LONGEST.days)


class Link(BaseModel):
    """A link, and where it leads on this server."""

    path: str
    share: Share


class LinkList(BaseModel):
    """Links, the newest first."""

    shares: list[Link]


class Shared(BaseModel):
    """What a link leads to, as the reader's own rights show it."""

    share: Share
    package: Package


@router.post("/visit-requests/{run_id}/shares", status_code=201)
def share(platform: PlatformDep, caller: CallerDep, run_id: RunId, body: NewShare) -> Link:
    """Make a link to the package of a run."""
    made = share_package(platform, caller, run_id, with_user=body.with_user, with_role=body.with_role, days=body.days)
    return _link(made)


@router.get("/visit-requests/{run_id}/shares")
def shares(platform: PlatformDep, caller: CallerDep, run_id: RunId) -> LinkList:
    """The links to the package of a run, ended ones among them."""
    return LinkList(shares=[_link(each) for each in list_shares(platform, caller, run_id)])


@router.get("/shares/{share_id}")
def open_(platform: PlatformDep, caller: CallerDep, share_id: ShareId) -> Shared:
    """Follow a link; this is put on record."""
    found, package = open_shared(platform, caller, share_id)
    return Shared(share=found, package=package)


@router.delete("/shares/{share_id}")
def revoke(platform: PlatformDep, caller: CallerDep, share_id: ShareId) -> Link:
    """End a link at once."""
    return _link(revoke_share(platform, caller, share_id))


def _link(found: Share) -> Link:
    return Link(path=found.path, share=found)
