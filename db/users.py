"""The company's own people."""

from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, select

from core.domain.people import User
from db.hub_tables import users
from db.writing import ensure_tenant, insert_or_replace

UserList: TypeAlias = list[User]


class Users:
    """Repository of users."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, tenant: str, user_id: str) -> User | None:
        """The user, active or not."""
        query = select(users).where(users.c.tenant == tenant, users.c.id == user_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _user(row)

    def list(self, tenant: str) -> UserList:
        """All users of the tenant, by id."""
        query = select(users).where(users.c.tenant == tenant).order_by(users.c.id)
        return [_user(row) for row in self._connection.execute(query)]

    def save(self, tenant: str, user: User) -> None:
        """Add the user, or make the one with this id like it."""
        ensure_tenant(self._connection, tenant)
        row = {
            **user.model_dump(),
            "tenant": tenant,
            "every_region": user.regions is None,
            "regions": sorted(user.regions or ()),
        }
        insert_or_replace(self._connection, users, [row])


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        roles=row.roles,
        regions=None if row.every_region else frozenset(row.regions),
        manager=row.manager,
        delegate=row.delegate,
        active=row.active,
    )
