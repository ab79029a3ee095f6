"""What others change in Tryton is noticed; and what goes wrong on the way to Tryton has a name."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from connectors.tryton.address import TrytonAddress, read_address
from connectors.tryton.changes import TrytonChanges
from connectors.tryton.client import TrytonClient
from connectors.tryton.source import TrytonSource
from connectors.tryton.target import TrytonTarget
from core.domain.accounts import Account, Contact
from core.domain.base import System
from core.domain.deals import Opportunity, PipelineStage
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.products import StockLine
from core.errors import SetupError, SourceError
from core.language import Lang
from core.ports.changes import ChangeFeed
from tests.contracts.target_writes import HELD
from tests.effect_company import log_activity
from tests.tryton_server import TrialTryton, answering, losing_replies


@pytest.fixture
def trial(tryton: TrialTryton) -> TrialTryton:
    tryton.load({"t": HELD}, afresh=True)
    return tryton


@pytest.fixture
def feed(trial: TrialTryton) -> ChangeFeed:
    return TrytonChanges(trial.source)


async def write(trial: TrialTryton, model: str, code: str, values: dict[str, Any]) -> None:
    client = trial.client("t")
    ids = await client.call(System.CRM, f"model.{model}.search", [["saleshub_code", "=", code]], 0, None, None)
    await client.call(System.CRM, f"model.{model}.write", ids, values)


async def test_a_change_by_somebody_else_is_told_once(trial: TrialTryton, feed: ChangeFeed) -> None:
    everything, cursor = await feed.changes_since("t", None)
    assert {"a1", "o1", "c1"} <= {one.record.id for one in everything}
    assert await feed.changes_since("t", cursor) == ([], cursor)

    await write(trial, "party.party", "a1", {"name": "Acme Works"})
    told, cursor = await feed.changes_since("t", cursor)
    assert [one.record for one in told] == [Account(id="a1", name="Acme Works", region="north", customer_class="A")]
    assert (await feed.changes_since("t", cursor))[0] == []

    await write(trial, "sale.opportunity", "o1", {"saleshub_next_step": "Sign"})
    await write(trial, "party.party", "c1", {"saleshub_title": "Head of Purchasing"})
    told, cursor = await feed.changes_since("t", cursor)
    deal = Opportunity(id="o1", account_id="a1", name="Line 3", stage=PipelineStage.PROPOSAL, next_step="Sign")
    found = [one.record for one in told]
    assert isinstance(found[0], Opportunity)
    assert found[0].model_copy(update={"created_on": None}) == deal
    assert found[1:] == [Contact(id="c1", account_id="a1", name="Ada Frost", title="Head of Purchasing")]


async def test_stock_that_moves_is_told_with_its_new_quantities(trial: TrialTryton, feed: ChangeFeed) -> None:
    _, cursor = await feed.changes_since("t", None)
    client = trial.client("t")
    held = [["state", "=", "assigned"]]
    ids = await client.call(System.ERP, "model.stock.move.search", held, 0, None, None)
    await client.call(System.ERP, "model.stock.move.cancel", ids)
    told, _ = await feed.changes_since("t", cursor)
    [line] = [one.record for one in told]
    assert isinstance(line, StockLine)
    assert (line.id, line.on_hand, line.reserved, line.available) == ("s1", 9, 0, 9)


async def test_what_people_log_is_told_as_an_exchange_and_what_the_hub_wrote_is_not(
    trial: TrialTryton, feed: ChangeFeed
) -> None:
    _, cursor = await feed.changes_since("t", None)
    await TrytonTarget(trial.source, System.CRM).apply("t", "k1", log_activity())
    client = trial.client("t")
    [party] = await client.call(System.CRM, "model.party.party.search", [["saleshub_code", "=", "a1"]], 0, None, None)
    logged = {
        "party": party,
        "form": "call",
        "subject": "回电",
        "text": "客户希望下周拜访。",
        "at": datetime(2026, 5, 4, 8),  # noqa: DTZ001 (Tryton keeps UTC without a zone)
    }
    [made] = await client.call(System.CRM, "model.saleshub.activity.create", [logged])
    told, _ = await feed.changes_since("t", cursor)
    [said] = [one.record for one in told]
    assert isinstance(said, Interaction)
    assert (said.id, said.account_id, said.form) == (f"tryton-activity-{made}", "a1", InteractionKind.CALL)
    assert (said.text, said.lang, said.author) == ("客户希望下周拜访。", Lang.ZH, Author.INTERNAL)


async def test_a_tenant_without_a_database_has_no_changes(trial: TrialTryton) -> None:
    address = TrytonAddress("http://127.0.0.1:1", "admin", "x", "saleshub", "demo")
    feed = TrytonChanges(type(trial.source)(address, trial.source.clock))
    assert await feed.changes_since("t", None) == ([], "")


async def test_a_session_that_ended_is_renewed(trial: TrialTryton) -> None:
    client = trial.client("t")
    await client.call(System.CRM, "model.party.party.search_count", [])
    trial.postgres.run_in(f"{trial.prefix}_t", "DELETE FROM ir_session")
    assert await client.call(System.CRM, "model.party.party.search_count", [["saleshub_code", "=", "a1"]]) == 1


async def test_a_write_whose_answer_was_lost_is_found_and_not_done_again(trial: TrialTryton) -> None:
    known = trial.source.address
    with losing_replies(known.base, b"saleshub.effect.apply") as url:
        through = TrytonSource(replace(known, base=read_address(url).base), trial.source.clock)
        with pytest.raises(SourceError, match="crm: down"):
            await TrytonTarget(through, System.CRM).apply("t", "k1", log_activity())
    target = TrytonTarget(trial.source, System.CRM)
    receipt = await target.find("t", "k1")
    assert receipt == await target.apply("t", "k1", log_activity())
    assert trial.rows("t", "SELECT count(*) FROM saleshub_activity") == [(1,)]


async def test_a_wrong_password_is_forbidden(trial: TrialTryton) -> None:
    known = trial.source.address
    stranger = TrytonAddress(known.base, "admin", "not the password", known.database, None)
    with pytest.raises(SourceError, match="crm: forbidden"):
        await TrytonClient(stranger, f"{trial.prefix}_t").call(System.CRM, "model.party.party.search_count", [])


async def test_too_many_calls_say_when_to_come_back() -> None:
    with answering(429, {"Retry-After": "7"}) as url, pytest.raises(SourceError) as caught:
        await TrytonClient(read_address(url), "x").call(System.ERP, "model.party.party.search_count", [])
    assert (caught.value.reason, caught.value.retry_after) == ("throttled", 7)


@pytest.mark.parametrize("url", ["", "http://host/db", "ftp://a:b@host/db", "http://admin:pw@host:8000"])
def test_an_address_that_lacks_a_part_names_the_setting(url: str) -> None:
    with pytest.raises(SetupError, match="SALESHUB_TRYTON_URL"):
        read_address(url)


def test_a_database_belongs_to_one_tenant_or_there_is_one_for_each() -> None:
    one = read_address("http://admin:p%40ss@host:8000/saleshub?tenant=demo")
    assert (one.base, one.password) == ("http://host:8000", "p@ss")
    assert (one.database_of("demo"), one.database_of("other")) == ("saleshub", None)
    assert read_address("https://admin:x@host/erp_{tenant}").database_of("demo") == "erp_demo"
