"""Who asks, and what they may see."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """What a user does in the company."""

    REP = "rep"
    MANAGER = "manager"
    LEGAL = "legal"
    SUPPLY_CHAIN = "supply_chain"
    FINANCE = "finance"
    COACH = "coach"
    ANALYST = "analyst"
    ADMIN = "admin"


class Caller(BaseModel):
    """An authenticated user within one tenant.

    `regions` None means every region; an empty set means none.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    user: str
    roles: frozenset[Role]
    regions: frozenset[str] | None = None

    def may_see(self, region: str | None, audience: frozenset[Role]) -> bool:
        """Whether a row of `region` restricted to `audience` (empty: everyone) is visible.

        Admins see every audience but stay within their regions.
        """
        in_region = self.regions is None or region is None or region in self.regions
        in_audience = not audience or Role.ADMIN in self.roles or bool(audience & self.roles)
        return in_region and in_audience


def local_owner(tenant: str) -> Caller:
    """The person at the keyboard of an installation that has no accounts yet: everything in one tenant."""
    return Caller(tenant=tenant, user="owner", roles=frozenset({Role.ADMIN, Role.MANAGER}))
