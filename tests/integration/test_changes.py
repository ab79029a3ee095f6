"""What others change in a system is in memory after the next round, and once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from core.domain.base import Record, System
from core.domain.deals import Opportunity, PipelineStage
from core.domain.interactions import Interaction, InteractionKind
from core.errors import SourceError
from core.language import Lang
from core.ports.changes import ChangedRecord
from hub.changes import read_changes
from tests.events import Company, minutes, open_company
from tests.small_company import NOW

DEAL = Opportunity(id="O1", account_id="A1", region="North", name="Line 3 pumps", stage=PipelineStage.WON)
NOTE = Interaction(
    id="note-1",
    account_id="A1",
    region="North",
    form=InteractionKind.NOTE,
    at=NOW,
    text="Ada asked for a spare gearbox before the audit.",
    lang=Lang.EN,
)


@dataclass
class Feed:
    """A system whose changes a test writes; the cursor counts those told. `down` makes it fail."""

    written: list[Record] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    down: bool = False

    async def changes_since(self, tenant: str, cursor: str | None) -> tuple[list[ChangedRecord], str]:
        """Of the tenant `default` alone."""
        self.asked.append((tenant, cursor))
        if self.down:
            raise SourceError("crm", "down")
        start = int(cursor or 0)
        told = self.written[start:] if tenant == "default" else []
        return [ChangedRecord(record, NOW) for record in told], str(start + len(told))


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def company(tmp_path: Path, store_url: str, feed: Feed) -> Iterator[Company]:
    with open_company(tmp_path, store_url) as opened:
        platform = replace(opened.platform, feeds={"tryton": feed})
        yield replace(opened, platform=platform)


def deals(company: Company) -> dict[str, Opportunity]:
    with company.platform.store.read() as unit:
        return {deal.id: deal for deal in unit.records.find(company.platform.owner(), Opportunity)}


def test_a_change_is_in_the_records_and_found_again_by_its_words(company: Company, feed: Feed) -> None:
    company.clock.at += minutes(1)
    feed.written += [DEAL, NOTE]
    assert read_changes(company.platform, "w1") == 2
    assert deals(company)["O1"].stage is PipelineStage.WON
    with company.platform.store.read() as unit:
        assert unit.records.last_good("default", System.CRM, Opportunity) == company.clock.at
        (passage,) = unit.passages.for_account(company.platform.owner(), "A1")[-1:]
    assert passage.passage.text == NOTE.text


def test_what_was_read_is_not_read_again(company: Company, feed: Feed) -> None:
    feed.written += [DEAL]
    assert [read_changes(company.platform, "w1") for _ in range(3)] == [1, 0, 0]
    assert [cursor for _, cursor in feed.asked] == [None, "1", "1"]


def test_a_system_that_is_down_is_asked_again_from_where_it_was_left(company: Company, feed: Feed) -> None:
    feed.written += [DEAL]
    feed.down = True
    assert read_changes(company.platform, "w1") == 0
    feed.down = False
    assert read_changes(company.platform, "w2") == 1


def test_workers_that_read_at_once_keep_each_change_once(company: Company, feed: Feed) -> None:
    feed.written += [DEAL, NOTE]
    with ThreadPoolExecutor(4) as threads:
        kept = list(threads.map(lambda worker: read_changes(company.platform, f"w{worker}"), range(4)))
    assert sum(kept) == 2
    assert deals(company)["O1"].stage is PipelineStage.WON


def test_a_note_that_would_become_another_is_left_out_and_the_rest_is_kept(company: Company, feed: Feed) -> None:
    feed.written += [DEAL.model_copy(update={"id": "O7"}), NOTE.model_copy(update={"account_id": "A2", "id": "i1"})]
    assert read_changes(company.platform, "w1") == 1
    assert "O7" in deals(company)
    with company.platform.store.read() as unit:
        assert unit.cursors.get("default", "tryton") == "2"
        (kept,) = unit.interactions.get(company.platform.owner(), ["i1"])
    assert kept.account_id == "A1"
