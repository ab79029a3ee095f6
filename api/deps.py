"""What routes are given: the platform, the tenant and the caller."""

from typing import Annotated

from fastapi import Depends, Header, Request

from core.errors import ForbiddenError
from core.identity import Caller
from core.language import Lang, wished_language
from hub.installation import Platform


def _platform(request: Request) -> Platform:
    platform: Platform = request.app.state.platform
    return platform


PlatformDep = Annotated[Platform, Depends(_platform)]
TenantHeader = Annotated[
    str | None, Header(alias="SalesHub-Tenant", description="Company; may be left out while there is only one")
]


def _caller(request: Request, platform: PlatformDep, tenant: TenantHeader = None) -> Caller:
    caller: Caller | None = request.state.caller
    if caller is None:
        # An owner of several companies, or of one that does not exist, is told what to name.
        return platform.owner(tenant)
    if tenant is not None and tenant != caller.tenant:
        raise ForbiddenError(
            f"you are not of the company “{tenant}”", field="SalesHub-Tenant", remedy="Leave the header out."
        )
    return caller


CallerDep = Annotated[Caller, Depends(_caller)]


def _language(request: Request) -> Lang:
    return wished_language(request.headers.get("accept-language", "")) or Lang.EN


LangDep = Annotated[Lang, Depends(_language)]
