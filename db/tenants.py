"""The companies that share an installation."""

from sqlalchemy import Connection, select

from core.errors import InvalidInputError, NotFoundError
from db.tables import tenants
from db.writing import ensure_tenant

DEFAULT_TENANT = "default"


class Tenants:
    """Repository of tenants."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, tenant: str) -> None:
        """Create the tenant unless it exists."""
        if not tenant.strip():
            raise InvalidInputError("is empty", field="--tenant", remedy="Give the tenant a name.")
        ensure_tenant(self._connection, tenant)

    def list(self) -> list[str]:
        """Ids of all tenants, in order."""
        return list(self._connection.scalars(select(tenants.c.id).order_by(tenants.c.id)))

    def require(self, tenant: str) -> str:
        """The tenant named, which must exist; NotFoundError with the known ones otherwise."""
        known = self.list()
        if tenant not in known:
            raise NotFoundError(
                f"no tenant “{tenant}”", field="--tenant", remedy="Import something for it first.", nearest=known[:5]
            )
        return tenant

    def only(self) -> str:
        """The tenant meant when none is named: the single one, or `default` while there is none.

        Raises InvalidInputError when there are several.
        """
        known = self.list()
        if len(known) > 1:
            raise InvalidInputError(
                f"this home has {len(known)} tenants", field="--tenant", remedy="Name one of them.", nearest=known[:5]
            )
        return known[0] if known else DEFAULT_TENANT
