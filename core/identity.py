"""Who asks, and what they may see."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


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


# Between a region and a team in it, and a team and those within it: `east/key-accounts`.
BELOW = "/"


class Caller(BaseModel):
    """An authenticated user within one tenant.

    `regions` None means every region; an empty set means none. Who holds a region holds everything below it.

    `stands_in` is the person at the keyboard of an installation without accounts, who may fill anybody's seat. It is
    never stored with what a caller did, nor sent to anybody.
    """

    model_config = ConfigDict(frozen=True)

    tenant: str
    user: str
    roles: frozenset[Role]
    regions: frozenset[str] | None = None
    stands_in: bool = Field(default=False, exclude=True, repr=False)

    def may_see(self, region: str | None, audience: frozenset[Role]) -> bool:
        """Whether a row of `region` restricted to `audience` (empty: everyone) is visible.

        Admins see every audience but stay within their regions.
        """
        in_audience = not audience or Role.ADMIN in self.roles or bool(audience & self.roles)
        return self.may_enter(region) and in_audience

    def may_enter(self, region: str | None) -> bool:
        """Whether the region, or none in particular, is one of the caller's."""
        if self.regions is None or region is None:
            return True
        return any(is_within(region, held) for held in self.regions)

    def covers(self, regions: frozenset[str] | None) -> bool:
        """Whether all these regions (None: every one) are the caller's own."""
        if self.regions is None:
            return True
        return regions is not None and all(self.may_enter(region) for region in regions)


def is_within(region: str, held: str) -> bool:
    """Whether a region is `held` itself or below it; the one rule that everything which compares regions uses.

    `east/key-accounts` is within `east`, `eastern` is not, and `east` is not within `east/key-accounts`.
    """
    return region == held or region.startswith(held + BELOW)


def top_region(region: str) -> str:
    """The sales region at the head of a path, which calendars and policies go by."""
    return region.partition(BELOW)[0]


def local_owner(tenant: str) -> Caller:
    """The person at the keyboard of an installation that has no accounts yet: everything in one tenant."""
    return Caller(tenant=tenant, user="owner", roles=frozenset({Role.ADMIN, Role.MANAGER}), stands_in=True)
