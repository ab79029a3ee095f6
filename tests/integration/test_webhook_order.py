"""Changes that come as events: the latest to happen holds, in whatever order they come."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.base import System
from core.domain.deals import Opportunity
from tests.events import Company, iso, minutes, open_company
from tests.small_company import NOW

FIELDS = {
    "stage": st.sampled_from(["proposal", "won", "lost"]),
    "quantity": st.integers(0, 99),
    "next_step": st.one_of(st.none(), st.sampled_from(["call", "报价"])),
}
CHANGES = st.lists(st.tuples(st.integers(0, 5), st.fixed_dictionaries({}, optional=FIELDS)), min_size=1, max_size=5)
_numbers = itertools.count()


@pytest.fixture
def company(tmp_path: Path, store_url: str) -> Iterator[Company]:
    with open_company(tmp_path, store_url) as opened:
        yield opened


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Company]:
    with open_company(tmp_path, f"sqlite:///{tmp_path / 'saleshub.sqlite'}") as opened:
        yield opened


def change(company: Company, deal: str, at: int, fields: dict[str, Any], id_: str = "") -> Any:
    data = {"id": deal, "occurred_at": iso(NOW - minutes(60 - at)), **fields}
    return company.send("opportunity.changed", data, id_=id_)


def held(company: Company, deal: str) -> dict[str, Any]:
    with company.platform.store.read() as unit:
        (found,) = unit.records.find(company.platform.owner(), Opportunity, ids=[deal])
    return found.model_dump(mode="json", include=set(FIELDS))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, data=st.data())
def test_any_order_of_events_ends_in_the_same_deal(local: Company, changes: Any, data: Any) -> None:
    run = next(_numbers)
    told = [(f"{run}-{number}", at, fields) for number, (at, fields) in enumerate(changes)]
    shuffled = data.draw(st.permutations(told))
    new = {"account": "A1", "name": "A deal", "stage": "qualification", "quantity": 1, "next_step": "write"}
    expected = {name: new[name] for name in FIELDS}
    for _, _, fields in sorted(told, key=lambda one: (one[1], one[0])):
        expected |= fields

    assert change(local, f"deal-{run}", -1, new).status_code == 200
    outcomes = [change(local, f"deal-{run}", at, fields, id_).json()["outcome"] for id_, at, fields in shuffled]

    assert held(local, f"deal-{run}") == expected
    assert set(outcomes) <= {"done", "superseded"}


def test_an_older_event_after_a_newer_one_sets_only_what_the_newer_did_not(company: Company) -> None:
    change(company, "O1", 30, {"stage": "won"})
    older = change(company, "O1", 20, {"stage": "lost", "quantity": 7})
    oldest = change(company, "O1", 10, {"stage": "proposal"})
    assert (older.json()["outcome"], oldest.json()["outcome"]) == ("done", "superseded")
    assert held(company, "O1") == {"stage": "won", "quantity": 7, "next_step": None}


def test_events_about_one_deal_at_once_end_in_the_newest(company: Company) -> None:
    for round_ in range(5):
        at = [round_ * 10 + step for step in (3, 0, 2, 1)]
        with ThreadPoolExecutor(len(at)) as threads:
            list(threads.map(lambda when: change(company, "O1", when, {"quantity": when}, f"at-{when}"), at))
        assert held(company, "O1")["quantity"] == max(at)


def test_a_change_that_came_makes_its_system_fresh(company: Company) -> None:
    company.clock.at += minutes(600)
    change(company, "O1", 0, {"stage": "won"})
    with company.platform.store.read() as unit:
        assert unit.records.last_good("default", System.CRM, Opportunity) == company.clock.at
