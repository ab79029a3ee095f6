"""The company's own people as the hub knows them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from core.domain.base import Frozen
from core.identity import Caller, Role

# A region, or a team in it, or one within that: `east/key-accounts`.
Region = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^/\x00]+(/[^/\x00]+)*$")
]


class User(Frozen):
    """A person who uses the hub. `regions` None means every region; who works in one works in its teams too.

    `delegate` takes this person's tasks when they are due or the person is away; `manager` hears of what is overdue.
    Both are user ids.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    name: str = Field(min_length=1, max_length=200)
    roles: frozenset[Role] = Field(min_length=1)
    regions: frozenset[Region] | None = None
    manager: str | None = None
    delegate: str | None = None
    active: bool = True

    def caller(self, tenant: str) -> Caller:
        """This person's rights in a tenant."""
        return Caller(tenant=tenant, user=self.id, roles=self.roles, regions=self.regions)
