"""A local Tryton as the system that is written to, and what it holds, read from its own database."""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from connectors.tryton.address import read_address
from connectors.tryton.local.load import load_records
from connectors.tryton.local.postgres import local_postgres
from connectors.tryton.local.server import running_server
from connectors.tryton.local.template import prepared_template
from connectors.tryton.source import TrytonSource
from connectors.tryton.target import TrytonTarget
from core.domain.base import System
from core.domain.products import Product
from core.ports.clock import SystemClock
from core.ports.effects import Targets
from core.settings import Settings
from evals.bench.chaos.counting import Held, first_mark
from evals.bench.chaos.plan import ACCOUNTS, BEFORE, TENANT, Item, records_of
from evals.bench.chaos.target import Target
from hub.platform import open_platform

# Each record that a write leaves, with the code of the deal that is the mark, or all its text.
_WRITTEN = """
SELECT coalesce(o.saleshub_code, '') || ' ' || row_to_json(r)::text
  FROM saleshub_activity r LEFT JOIN sale_opportunity o ON o.id = r.opportunity
UNION ALL SELECT coalesce(o.saleshub_code, '') || ' ' || row_to_json(r)::text
  FROM saleshub_request r LEFT JOIN sale_opportunity o ON o.id = r.opportunity
UNION ALL SELECT coalesce(o.saleshub_code, 'move ' || r.id)
  FROM stock_move r LEFT JOIN sale_opportunity o ON o.id = r.saleshub_opportunity WHERE r.saleshub_party IS NOT NULL
UNION ALL SELECT coalesce(o.saleshub_code, 'sale ' || r.id)
  FROM sale_sale r LEFT JOIN sale_opportunity o ON o.id = r.saleshub_opportunity
UNION ALL SELECT row_to_json(r)::text FROM sale_opportunity r WHERE coalesce(r.saleshub_code, '') NOT LIKE 'mark-%'
UNION ALL SELECT name FROM party_party
  WHERE saleshub_employer IS NOT NULL AND coalesce(saleshub_code, '') NOT LIKE 'mark-%'
UNION ALL SELECT saleshub_code FROM sale_opportunity, unnest(string_to_array(saleshub_keys, E'\\n'))
  WHERE saleshub_code LIKE 'mark-%'
UNION ALL SELECT saleshub_code FROM party_party, unnest(string_to_array(saleshub_keys, E'\\n'))
  WHERE saleshub_code LIKE 'mark-%'
"""
_KEYED = """
SELECT row_to_json(r)::text, saleshub_keys FROM saleshub_activity r WHERE r.saleshub_keys IS NOT NULL
UNION ALL SELECT coalesce(o.saleshub_code, '') || ' ' || row_to_json(r)::text, r.saleshub_keys
  FROM saleshub_request r LEFT JOIN sale_opportunity o ON o.id = r.opportunity
UNION ALL SELECT o.saleshub_code || ' ' || r.state, r.saleshub_keys
  FROM stock_move r JOIN sale_opportunity o ON o.id = r.saleshub_opportunity
UNION ALL SELECT o.saleshub_code || ' ' || r.state, r.saleshub_keys
  FROM sale_sale r JOIN sale_opportunity o ON o.id = r.saleshub_opportunity
UNION ALL SELECT row_to_json(r)::text, saleshub_keys FROM sale_opportunity r WHERE saleshub_keys IS NOT NULL
UNION ALL SELECT row_to_json(r)::text, saleshub_keys FROM party_party r WHERE saleshub_keys IS NOT NULL
"""
_RESERVED = """
SELECT p.saleshub_code, sum(m.quantity) FROM stock_move m JOIN product_product p ON p.id = m.product
WHERE m.saleshub_party IS NOT NULL AND m.state <> 'cancelled' GROUP BY 1
"""


SYSTEMS = (System.CRM, System.ERP, System.CONTRACTS)


@contextmanager
def tryton(settings: Settings, plan: Sequence[Item]) -> Iterator[Target]:
    """A fresh Tryton database that holds what the plan starts from; the hub knows the accounts too."""
    records = [*(Product(id=f"p{number}", name=f"Product {number}") for number in range(ACCOUNTS)), *records_of(plan)]
    with open_platform(settings) as platform, platform.store.write() as unit:
        unit.records.upsert(TENANT, records, {}, at=datetime.now(UTC))
    # Kept between runs: making the template takes a minute.
    folder, database = Path(tempfile.gettempdir()) / "saleshub-tryton", f"chaos{os.getpid()}_{TENANT}"
    folder.mkdir(exist_ok=True)
    with local_postgres(folder / "postgres") as postgres:
        postgres.create(database, prepared_template(folder, postgres))
        try:
            with (
                running_server(folder, postgres, [database]) as server,
                psycopg.connect(postgres.uri, dbname=database, autocommit=True) as session,
            ):
                address = read_address(server.url(f"{database}?tenant={TENANT}"))
                # Logged in once and kept by every process that is forked: trytond's check of a password takes longer
                # than a write, and each of a worker's first sixteen calls would ask for one.
                source = TrytonSource(address, SystemClock())
                if (client := source.client(TENANT)) is None:
                    raise RuntimeError("the database is not the tenant's")
                asyncio.run(load_records(client, records))

                def open_targets() -> Targets:
                    return {system: TrytonTarget(source, system) for system in SYSTEMS}

                yield Target(
                    open_targets, partial(_written, session), partial(_held, session), partial(_undone, session)
                )
        finally:
            postgres.drop(database)


def _written(session: psycopg.Connection[tuple[object, ...]]) -> int:
    counted = f"SELECT count(*) FROM ({_WRITTEN}) AS written"  # noqa: S608
    return int(str(session.execute(counted.encode()).fetchall()[0][0]))


def _held(session: psycopg.Connection[tuple[object, ...]]) -> Held:
    held = Held()
    for (text,) in session.execute(_WRITTEN):
        held.marks[first_mark(str(text))] += 1
    for product, pieces in session.execute(_RESERVED):
        held.reserved[str(product)] = round(float(str(pieces)))
    return held


def _undone(session: psycopg.Connection[tuple[object, ...]], item: Item) -> bool:
    """Each write leaves its key in the record that it made or changed, and so does its undoing."""
    mine = [(str(text), str(keys).split("\n")) for text, keys in session.execute(_KEYED) if item.mark in str(text)]
    if len(mine) != 1:
        return False
    [(text, keys)] = mine
    changed = BEFORE.get(item.proposal.payload.operation)
    return keys == [keys[0], f"undo:{keys[0]}"] and (changed is None or f'"{changed[2]}"' in text)
