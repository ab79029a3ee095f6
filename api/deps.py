"""What routes are given: the platform, the tenant and the caller."""

from typing import Annotated

from fastapi import Depends, Header, Request

from core.identity import Caller
from hub.installation import Platform


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


PlatformDep = Annotated[Platform, Depends(_platform)]
TenantHeader = Annotated[
    str | None, Header(alias="SalesHub-Tenant", description="Company; may be left out while there is only one")
]


def _caller(platform: PlatformDep, tenant: TenantHeader = None) -> Caller:
    return platform.owner(tenant)


CallerDep = Annotated[Caller, Depends(_caller)]
