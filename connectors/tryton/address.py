"""Where a company's Tryton is, and which database belongs to which tenant."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, unquote, urlsplit

from core.errors import SetupError

_REMEDY = "Write it like http://USER:PASSWORD@HOST:8000/DATABASE?tenant=NAME, or with {tenant} as the database."


@dataclass(frozen=True, slots=True)
class TrytonAddress:
    """A server and who logs in. `tenant` None: each tenant has the database of its name in `database`."""

    base: str
    user: str
    password: str = field(repr=False)
    database: str
    tenant: str | None

    def database_of(self, tenant: str) -> str | None:
        """The tenant's database; None when the server holds nothing of that tenant."""
        if self.tenant is None:
            return self.database.replace("{tenant}", tenant)
        return self.database if tenant == self.tenant else None

    def url_of(self, database: str) -> str:
        """Where calls to a database go; a name with slashes leads into no other."""
        return f"{self.base}/{quote(database, safe='')}/rpc/"


def read_address(url: str) -> TrytonAddress:
    """The address in a setting; SetupError when it lacks a part.

    A database without `{tenant}` belongs to one tenant: the one in `?tenant=`, else the one of the same name.
    """
    parts = urlsplit(url)
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in ("http", "https") or not (parts.hostname and parts.username and parts.password and database):
        raise SetupError("not the address of a Tryton database", field="SALESHUB_TRYTON_URL", remedy=_REMEDY)
    named = parse_qs(parts.query).get("tenant", [database])[0]
    return TrytonAddress(
        base=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        user=unquote(parts.username),
        password=unquote(parts.password),
        database=database,
        tenant=None if "{tenant}" in database else named,
    )
