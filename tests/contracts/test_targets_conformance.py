"""What every system that can be written to must do. What it holds is counted from its own records."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.sandbox import build_targets
from connectors.sandbox.writing import KINDS
from connectors.tryton.build import tryton_behind
from core.domain.base import System
from core.domain.deals import PipelineStage
from core.domain.effects import Receipt
from core.domain.payloads import PAYLOADS, OpportunityFields, Payload, UpdateOpportunity
from core.errors import RefusedError, SourceError
from core.ports.effects import EffectTarget, Targets
from db.store import open_store
from tests.contracts.implementations import Sandbox
from tests.contracts.target_writes import HELD, REFUSED, WRITES
from tests.effect_company import ADMIN, NOW, SetClock, log_activity, next_step, reserve
from tests.tryton_server import TrialTryton

_TRACES = "SELECT saleshub_keys FROM {} WHERE saleshub_keys IS NOT NULL"
_WRITTEN = ("party_party", "sale_opportunity", "sale_sale", "stock_move", "saleshub_activity", "saleshub_request")


@dataclass(frozen=True, slots=True)
class Company:
    """A company that can be written to; `keys` are the traces of writes in its own records, one a write."""

    targets: Targets
    keys: Callable[[], list[str]]


@contextmanager
def in_sandbox(folder: Path) -> Iterator[Company]:
    with open_store(f"sqlite:///{folder / 'saleshub.sqlite'}") as store:
        with store.write() as session:
            session.records.upsert("t", HELD, {}, at=NOW)

        def keys() -> list[str]:
            with store.read() as session:
                held = [record for kind in set(KINDS.values()) for record in session.records.find(ADMIN, kind)]
            known = {record.id for record in HELD}
            return [getattr(record, "effect_key", "made") for record in held if record.id not in known]

        yield Company(build_targets(store.keyed_writes_port(), SetClock()), keys)


@contextmanager
def in_tryton(folder: Path, trial: TrialTryton) -> Iterator[Company]:
    trial.load({"t": HELD}, afresh=True)

    def keys() -> list[str]:
        held = [row for table in _WRITTEN for row in trial.rows("t", _TRACES.format(table))]
        return [key for (told,) in held for key in str(told).splitlines()]

    with Sandbox().holding(folder, {}) as held:
        yield Company(tryton_behind(trial.source, held).targets, keys)


@pytest.fixture(params=["sandbox", "tryton"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    opened: AbstractContextManager[Company] = (
        in_sandbox(tmp_path) if request.param == "sandbox" else in_tryton(tmp_path, request.getfixturevalue("tryton"))
    )
    with opened as company:
        yield company


async def insist(target: EffectTarget, key: str, payload: Payload) -> Receipt:
    """Apply as the dispatcher does, which comes back when a system is too busy to answer."""
    for _ in range(20):
        with suppress(SourceError):
            return await target.apply("t", key, payload)
    raise AssertionError(key)


def test_each_operation_is_tried() -> None:
    assert [payload.operation for payload in WRITES] == list(PAYLOADS)


async def test_each_is_written_once_read_back_and_taken_back_once(company: Company) -> None:
    for number, payload in enumerate(WRITES):
        target, key = company.targets[payload.system], payload.operation.value
        assert await target.find("t", key) is None
        receipt = await target.apply("t", key, payload)
        assert (receipt.key, await target.apply("t", key, payload)) == (key, receipt)
        assert (await target.find("t", key), len(company.keys())) == (receipt, number + 1)
        assert list(await target.read_back("t", receipt, payload)) == []
    for payload in WRITES:
        target, key = company.targets[payload.system], payload.operation.value
        taken_back = await target.undo("t", key, payload)
        undone = company.keys()
        assert taken_back is not None
        assert (await target.undo("t", key, payload), await target.apply("t", key, payload)) == (taken_back, taken_back)
        assert (company.keys(), list(await target.read_back("t", taken_back, payload)) == []) == (undone, False)


async def test_what_does_not_fit_is_refused_and_leaves_nothing(company: Company) -> None:
    for case, (payload, reason) in REFUSED.items():
        with pytest.raises(RefusedError) as caught:
            await company.targets[payload.system].apply("t", case, payload)
        assert (case, caught.value.reason, company.keys()) == (case, reason, [])
        assert await company.targets[payload.system].find("t", case) is None


async def test_a_key_used_many_times_at_once_writes_once(company: Company) -> None:
    payloads: list[Payload] = [log_activity(), reserve(), next_step("Send")]
    for number, payload in enumerate(payloads):
        target = company.targets[payload.system]
        receipts = await asyncio.gather(*(insist(target, f"key{number}", payload) for _ in range(6)))
        assert (len(set(receipts)), len(company.keys())) == (1, number + 1)


async def test_of_updates_that_expect_the_same_one_gets_through(company: Company) -> None:
    target = company.targets[System.CRM]
    steps = [next_step(f"Step {number}") for number in range(4)]
    tried = [insist(target, f"k{number}", step) for number, step in enumerate(steps)]
    found = await asyncio.gather(*tried, return_exceptions=True)
    refused = [one for one in found if isinstance(one, RefusedError)]
    assert ([one.reason for one in refused], len(company.keys())) == (["changed"] * 3, 1)


async def test_stock_is_not_promised_twice(company: Company) -> None:
    target = company.targets[System.ERP]
    found = await asyncio.gather(*(insist(target, f"k{n}", reserve(3)) for n in range(4)), return_exceptions=True)
    refused = [one for one in found if isinstance(one, RefusedError)]
    assert ([one.reason for one in refused], len(company.keys())) == (["short"] * 2, 2)


async def test_a_key_taken_back_before_its_use_writes_nothing_ever(company: Company) -> None:
    target = company.targets[System.ERP]
    assert await target.undo("t", "key", reserve()) is None
    with pytest.raises(RefusedError, match="forbidden"):
        await target.apply("t", "key", reserve())
    assert (await target.find("t", "key"), company.keys()) == (None, [])


async def test_a_record_changed_since_is_not_restored(company: Company) -> None:
    target = company.targets[System.CRM]
    await target.apply("t", "1", next_step("Send"))
    await target.apply("t", "2", next_step("Sign", expected="Send"))
    with pytest.raises(RefusedError, match="changed"):
        await target.undo("t", "1", next_step("Send"))


async def test_a_later_change_shows_when_read_back(company: Company) -> None:
    target = company.targets[System.CRM]
    update = WRITES[3]
    assert isinstance(update, UpdateOpportunity)
    receipt = await target.apply("t", "1", update)
    now, later = (OpportunityFields(stage=stage) for stage in (PipelineStage.NEGOTIATION, PipelineStage.PROPOSAL))
    back = update.model_copy(update={"expected": now, "changes": later})
    await target.apply("t", "2", back)
    stage = next(change for change in await target.read_back("t", receipt, update) if change.field == "stage")
    assert (stage.old, stage.new) == (PipelineStage.PROPOSAL, PipelineStage.NEGOTIATION)
