"""The sandbox systems: wrong on demand, one by one, and counting."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from connectors.sandbox import Fault, Faults, build_sandbox
from core.domain.base import System
from core.errors import SourceError
from core.identity import local_owner
from db.store import Store
from db.tables import system_records
from tests.samples import NOW, account

OWNER = local_owner("t")


async def test_only_the_faulty_system_fails(sqlite_store: Store) -> None:
    sandbox = build_sandbox(sqlite_store.records_port(), Faults(erp=Fault(down=True)))
    with pytest.raises(SourceError, match="erp: down"):
        await sandbox.erp.pricing_rules(OWNER)
    assert (await sandbox.crm.accounts(OWNER)).records == ()


async def test_a_stale_system_was_good_earlier(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        session.records.upsert("t", [account()], {}, at=NOW)
    sandbox = build_sandbox(sqlite_store.records_port(), Faults(crm=Fault(stale=timedelta(days=40))))
    reading = await sandbox.crm.accounts(OWNER)
    assert (reading.records, reading.as_of) == ((account(),), NOW - timedelta(days=40))


async def test_calls_are_counted_also_when_they_fail(sqlite_store: Store) -> None:
    sandbox = build_sandbox(sqlite_store.records_port(), Faults(market=Fault(forbidden=True)))
    for _ in range(2):
        await sandbox.crm.contacts(OWNER, "a1")
    with pytest.raises(SourceError):
        await sandbox.market.notes(OWNER, "a1")
    assert sandbox.counts.reads == {"crm.contacts": 2, "market.notes": 1}
    assert sandbox.counts.writes == {}


async def test_records_that_cannot_be_read_are_a_system_that_is_down(sqlite_store: Store) -> None:
    with sqlite_store.engine.begin() as connection:
        system_records.drop(connection)
    with pytest.raises(SourceError, match=r"crm: down \(OperationalError\)"):
        await build_sandbox(sqlite_store.records_port()).crm.accounts(OWNER)


async def test_a_record_that_is_not_one_is_malformed(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        session.records.upsert("t", [account()], {}, at=NOW)
    with sqlite_store.engine.begin() as connection:
        connection.execute(update(system_records).values(body='{"id": "a1", "name": null}'))
    with pytest.raises(SourceError, match="crm: malformed"):
        await build_sandbox(sqlite_store.records_port()).crm.accounts(OWNER)


def test_faults_come_from_plain_settings() -> None:
    faults = Faults.model_validate({"erp": {"slow": 2.5}, "crm": {"stale": "P40D"}})
    assert (faults.of(System.ERP).slow, faults.of(System.CRM).stale) == (2.5, timedelta(days=40))
    assert faults.of(System.MEMORY) == Fault()
    with pytest.raises(ValidationError):
        Faults.model_validate({"payroll": {"down": True}})
