"""A local Tryton filled with records, for trying the hub against."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from connectors.tryton.address import read_address
from connectors.tryton.client import TrytonClient
from connectors.tryton.local.load import load_records
from connectors.tryton.local.postgres import local_postgres
from connectors.tryton.local.server import running_server
from connectors.tryton.local.template import prepared_template
from core.domain.base import Record

DATABASE = "saleshub"


@contextmanager
def filled_tryton(
    folder: Path, tenant: str, records: Sequence[Record], *, port: int | None = None, afresh: bool = False
) -> Iterator[str]:
    """The setting that leads to a running Tryton in `folder` that holds the tenant's records; stopped afterwards.

    A database that is there from last time is kept as it is, unless `afresh`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with local_postgres(folder / "postgres") as postgres:
        template = prepared_template(folder, postgres)
        if afresh:
            postgres.drop(DATABASE)
        is_new = not postgres.has(DATABASE)
        if is_new:
            postgres.create(DATABASE, template)
        with running_server(folder, postgres, [DATABASE], port) as server:
            url = f"{server.url(DATABASE)}?tenant={tenant}"
            if is_new:
                client = TrytonClient(read_address(url), DATABASE, timeout_s=300)
                asyncio.run(load_records(client, records))
            yield url
