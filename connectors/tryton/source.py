"""Reading one kind of records from the caller's database, within the caller's rights."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from connectors.tryton.address import TrytonAddress
from connectors.tryton.client import TrytonClient, TrytonRefusalError
from connectors.tryton.rows import RowKind
from core.domain.base import Record
from core.errors import SourceError
from core.identity import Caller
from core.policy.field_rights import as_read_by, may_read
from core.ports.clock import Clock
from core.ports.reading import Reading

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class TrytonSource:
    """A server, with one client for each tenant that has a database there."""

    address: TrytonAddress
    clock: Clock
    timeout_s: float = 20.0
    _clients: dict[str, TrytonClient] = field(default_factory=dict)

    def client(self, tenant: str) -> TrytonClient | None:
        """The client of the tenant's database; None when the server holds nothing of that tenant."""
        database = self.address.database_of(tenant)
        if database is None:
            return None
        if database not in self._clients:
            self._clients[database] = TrytonClient(self.address, database, timeout_s=self.timeout_s)
        return self._clients[database]

    async def read(
        self,
        caller: Caller,
        kind: RowKind[R],
        where: list[Any] | None = None,
        order: Callable[[R], Any] = lambda record: record.id,
    ) -> Reading[R]:
        """Visible records of the kind where `where` holds; as good as now, as Tryton answers from what it has now.

        Fields that are not for the caller's roles are empty; SourceError for kinds that are nothing without them.
        """
        client = self.client(caller.tenant)
        if client is None:
            return Reading((), None)
        system, method = kind.kind.system, f"model.{kind.model}.search_read"
        if not may_read(caller, kind.kind.kind):
            raise SourceError(system, "forbidden", f"a {kind.kind.kind} is not for {caller.user}")
        now = self.clock.now()
        try:
            rows = await client.call(system, method, [*kind.domain, *(where or [])], 0, None, None, kind.fields)
            seen = (as_read_by(caller, kind.record(row)) for row in rows if kind.visible(caller, row))
            found = [record for record in seen if record is not None]
            held = rows or await client.call(system, f"model.{kind.model}.search_count", [*kind.domain], 0, 1)
        except TrytonRefusalError as error:
            raise SourceError(system, "forbidden", str(error)) from error
        except (ValidationError, LookupError, TypeError, ValueError, AttributeError) as error:
            said = f"a {kind.kind.kind} cannot be read ({type(error).__name__})"
            raise SourceError(system, "malformed", said) from error
        return Reading(tuple(sorted(found, key=order)), now if held else None)
