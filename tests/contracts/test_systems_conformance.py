"""What every implementation of the ports to systems of record must do."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.domain.accounts import Account, Contact
from core.domain.base import Record
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.market import MarketNote
from core.domain.products import StockLine
from core.errors import SourceError
from core.identity import Role, local_owner
from core.ports import systems as ports
from core.ports.systems import Systems
from tests.contracts.implementations import IMPLEMENTATIONS, Implementation
from tests.contracts.systems_reads import COMPANY, READS, Read
from tests.samples import NOW, rep

OWNER = local_owner("t")
Holding = Callable[..., Systems]

every_read = pytest.mark.parametrize("read", READS, ids=lambda read: read.name)


@pytest.fixture(params=IMPLEMENTATIONS)
def implementation(request: pytest.FixtureRequest) -> Implementation:
    return IMPLEMENTATIONS[request.param](request)


@pytest.fixture
def holding(implementation: Implementation, tmp_path: Path) -> Iterator[Holding]:
    """Opens the systems with records of tenant `t`, and of others by name."""
    with ExitStack() as opened:

        def hold(records: Sequence[Record], **others: Sequence[Record]) -> Systems:
            return opened.enter_context(implementation.holding(tmp_path, {"t": records, **others}))

        yield hold


def test_the_suite_reads_through_every_method_of_every_port() -> None:
    declared = [
        name
        for port in (ports.Crm, ports.Erp, ports.Contracts, ports.Market, ports.Resources)
        for name in vars(port)
        if not name.startswith("_")
    ]
    assert [read.name for read in READS] == declared


@every_read
async def test_a_read_returns_typed_records_and_when_they_were_good(holding: Holding, read: Read) -> None:
    reading = await read.call(holding(COMPANY), OWNER)
    assert reading.records == (read.record,)
    assert reading.as_of is not None
    assert (reading.as_of, reading.as_of.utcoffset()) == (NOW, timedelta(0))


@every_read
async def test_an_empty_system_was_never_good(holding: Holding, read: Read) -> None:
    reading = await read.call(holding([]), OWNER)
    assert (reading.records, reading.as_of) == ((), None)


@every_read
async def test_a_tenant_reads_only_its_own(holding: Holding, read: Read) -> None:
    systems = holding([], other=COMPANY)
    mine = await read.call(systems, OWNER)
    theirs = await read.call(systems, local_owner("other"))
    assert (mine.records, mine.as_of) == ((), None)
    assert theirs.records == (read.record,)


@every_read
async def test_a_read_returns_what_the_caller_may_see(holding: Holding, read: Read) -> None:
    limited = {"region": "south", "audience": frozenset({Role.FINANCE})}
    systems = holding([read.record.model_copy(update=limited)])
    seen = {
        "rep of the south": rep("t", {"south"}),
        "finance of the north": rep("t", {"north"}, Role.FINANCE),
        "finance of no region": rep("t", set(), Role.FINANCE),
        "finance of the south": rep("t", {"south"}, Role.FINANCE),
        "finance of all": rep("t", None, Role.FINANCE),
        "owner": OWNER,
    }
    found = [who for who, caller in seen.items() if (await read.call(systems, caller)).records]
    assert found == ["finance of the south", "finance of all", "owner"]


@pytest.mark.parametrize("read", [read for read in READS if read.record.account == "a1"], ids=lambda read: read.name)
async def test_what_belongs_to_a_hidden_account_is_not_read(holding: Holding, read: Read) -> None:
    systems = holding(COMPANY)
    assert (await read.call(systems, rep("t", {"south"}))).records == ()
    assert (await read.call(systems, rep("t", {"north"}))).records == (read.record,)


@every_read
@pytest.mark.parametrize("reason", ["down", "malformed", "forbidden"])
async def test_a_failure_names_the_system_and_the_reason(
    implementation: Implementation, tmp_path: Path, read: Read, reason: str
) -> None:
    with implementation.failing(tmp_path, reason) as systems, pytest.raises(SourceError) as caught:
        await read.call(systems, OWNER)
    assert (caught.value.system, caught.value.reason) == (read.system, reason)


@every_read
async def test_a_read_that_never_answers_can_be_given_up(
    implementation: Implementation, tmp_path: Path, read: Read
) -> None:
    with implementation.failing(tmp_path, "timeout") as systems, pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await read.call(systems, OWNER)


async def test_accounts_come_by_name(holding: Holding) -> None:
    names = {"a1": "beta", "a2": "Alpha", "a3": "gamma"}
    systems = holding([Account(id=id_, name=name) for id_, name in names.items()])
    assert [one.name for one in (await systems.crm.accounts(OWNER)).records] == ["Alpha", "beta", "gamma"]


async def test_deals_and_orders_come_oldest_first_for_one_account(holding: Holding) -> None:
    days = {"1": date(2026, 1, 1), "2": date(2024, 1, 1), "3": None, "4": date(2025, 1, 1)}
    deals = [
        Opportunity(id=id_, account_id="a1", name=id_, stage=PipelineStage.PROPOSAL, created_on=day)
        for id_, day in days.items()
    ]
    orders = [Order(id=id_, account_id="a1", ordered_on=day) for id_, day in days.items()]
    others = [deals[0].model_copy(update={"id": "5", "account_id": "a2"}), Order(id="5", account_id="a2")]
    systems = holding([*deals, *orders, *others])
    for reading in (await systems.crm.opportunities(OWNER, "a1"), await systems.erp.orders(OWNER, "a1")):
        assert [one.id for one in reading.records] == ["2", "4", "1", "3"]


async def test_deals_and_people_come_for_every_visible_account_at_once(holding: Holding) -> None:
    accounts = [Account(id="a1", name="A", region="north"), Account(id="a2", name="B", region="south")]
    days = {"1": date(2026, 1, 1), "2": date(2024, 1, 1), "3": date(2025, 1, 1)}
    deals = [
        Opportunity(id=id_, account_id=of, name=id_, stage=PipelineStage.PROPOSAL, created_on=days[id_])
        for id_, of in (("1", "a1"), ("2", "a2"), ("3", "a1"))
    ]
    people = [Contact(id=f"c{of}", account_id=of, name=of, active=of == "a1") for of in ("a1", "a2")]
    systems = holding([*accounts, *deals, *people])
    seen = {}
    for who in (OWNER, rep("t", {"north"}), rep("t", {"south"}), rep("t", {"west"})):
        found = ((await systems.crm.opportunities(who, None)).records, (await systems.crm.contacts(who, None)).records)
        seen[who] = [[one.id for one in records] for records in found]
    assert [*seen.values()] == [[["2", "3", "1"], ["ca1", "ca2"]], [["3", "1"], ["ca1"]], [["2"], ["ca2"]], [[], []]]


async def test_stock_comes_for_the_products_asked(holding: Holding) -> None:
    held = [("w1", "p1"), ("w2", "p2"), ("w3", "p3"), ("w4", "p1")]
    systems = holding([StockLine(id=id_, product_id=of, warehouse=id_, on_hand=1) for id_, of in held])
    assert {one.id for one in (await systems.erp.stock(OWNER, ["p1", "p3"])).records} == {"w1", "w3", "w4"}
    assert (await systems.erp.stock(OWNER, [])).records == ()


async def test_market_notes_name_the_account_or_none(holding: Holding) -> None:
    held = [("n1", "a1"), ("n2", None), ("n3", "a2")]
    systems = holding([MarketNote(id=id_, competitor="N", title="t", text="t", account_id=of) for id_, of in held])
    assert {one.id for one in (await systems.market.notes(OWNER, "a1")).records} == {"n1", "n2"}
