"""The sandbox systems: wrong on demand, one by one, and counting."""

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from connectors.sandbox import Fault, Faults, build_sandbox
from core.domain.base import System
from core.domain.products import PricingRule, StockLine
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


async def test_a_kind_that_never_arrived_is_not_vouched_for_by_others_of_its_system(sqlite_store: Store) -> None:
    rule = PricingRule(id="r1", max_discount_rep=Decimal("0.05"), max_discount_approved=Decimal("0.1"))
    with sqlite_store.write() as session:
        session.records.upsert("t", [rule], {}, at=NOW)
    sandbox = build_sandbox(sqlite_store.records_port())
    assert (await sandbox.erp.pricing_rules(OWNER)).as_of == NOW
    assert (await sandbox.erp.stock(OWNER, ["p1"])).as_of is None


@pytest.mark.parametrize(
    ("ages", "as_of"),
    [
        ([None], timedelta(0)),
        ([None, timedelta(days=90), timedelta(days=2)], timedelta(days=90)),
        ([-timedelta(days=1)], timedelta(0)),
    ],
    ids=["no time of its own", "the oldest counts", "never newer than the import"],
)
async def test_a_stock_list_is_as_old_as_its_oldest_line(
    sqlite_store: Store, ages: list[timedelta | None], as_of: timedelta
) -> None:
    lines = [
        StockLine(id=str(number), product_id="p1", warehouse="Main", on_hand=4, updated_at=age and NOW - age)
        for number, age in enumerate(ages)
    ]
    other = StockLine(id="o", product_id="p2", warehouse="Main", on_hand=4, updated_at=NOW - timedelta(days=900))
    with sqlite_store.write() as session:
        session.records.upsert("t", [*lines, other], {}, at=NOW)
    reading = await build_sandbox(sqlite_store.records_port()).erp.stock(OWNER, ["p1"])
    assert (len(reading.records), reading.as_of) == (len(lines), NOW - as_of)


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
