"""The sandbox systems written to: each operation once a key, read back, taken back, refused where it does not fit."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.sandbox import Counts, Fault, Faults, build_targets
from connectors.sandbox.faults import Trouble
from connectors.sandbox.writing import KINDS
from core.domain.accounts import Contact
from core.domain.base import Record, System
from core.domain.contracts import ClauseKind, Department
from core.domain.deals import Opportunity, PipelineStage
from core.domain.money import Money
from core.domain.payloads import (
    PAYLOADS,
    ContactFields,
    CreateContact,
    CreateOpportunity,
    CreateTask,
    OpenReview,
    OpportunityFields,
    Payload,
    RequestAmendment,
    RequestSample,
    SampleForm,
    ScheduleSignature,
    UpdateContact,
    UpdateOpportunity,
)
from core.domain.written import RecordChange
from core.errors import RefusedError, SourceError
from core.ports.effects import Targets
from db.store import Store
from tests.effect_company import ADMIN, NOW, RECORDS, SetClock, log_activity, next_step, quote, reserve

DAY = date(2026, 6, 30)
HUNDRED = Money(amount=Decimal(100))
EACH: list[Payload] = [
    log_activity().model_copy(update={"opportunity_id": "o1"}),
    CreateTask(account_id="a1", subject="Call back", due_on=DAY, assignee="Mia"),
    CreateOpportunity(account_id="a1", name="Line 4", amount=HUNDRED, close_on=DAY),
    UpdateOpportunity(
        account_id="a1",
        opportunity_id="o1",
        expected=OpportunityFields(name="Line 3", stage=PipelineStage.PROPOSAL),
        changes=OpportunityFields(stage=PipelineStage.NEGOTIATION, amount=HUNDRED),
    ),
    next_step("Send"),
    CreateContact(account_id="a1", name="Ben Okoro", email="ben@acme.example"),
    UpdateContact(
        account_id="a1",
        contact_id="c1",
        expected=ContactFields(title="Buyer"),
        changes=ContactFields(title="Head", phone="1"),
    ),
    reserve(3),
    RequestSample(account_id="a1", form=SampleForm.SAMPLE, product_id="p1", needed_on=DAY),
    quote(),
    OpenReview(account_id="a1", department=Department.LEGAL, subject="Liability", question="?", due_on=DAY),
    RequestAmendment(account_id="a1", contract_id="k1", clause=ClauseKind.PAYMENT, wording="60 days", reason="asked"),
    ScheduleSignature(account_id="a1", contract_id="k1", on=DAY, signatories=("Ada", "Lin")),
]
REFUSED: dict[str, tuple[Payload, str]] = {
    "an account nobody knows": (log_activity(account_id="a9"), "unknown"),
    "a deal nobody knows": (log_activity().model_copy(update={"opportunity_id": "o9"}), "unknown"),
    "another account’s deal": (next_step("Send").model_copy(update={"account_id": "a2"}), "unknown"),
    "a changed deal": (next_step("Send", expected="Wait"), "changed"),
    "more than there is": (reserve(8), "short"),
    "a warehouse nobody knows": (reserve().model_copy(update={"warehouse": "Moon"}), "unknown"),
    "a contract nobody knows": (EACH[-1].model_copy(update={"contract_id": "k9"}), "unknown"),
}


@contextmanager
def opened(store: Store, fault: Fault | None = None, counts: Counts | None = None) -> Iterator[Targets]:
    with store.write() as session:
        session.records.upsert("t", RECORDS, {}, at=NOW)
    same = Faults(**{system.value: fault or Fault() for system in System})
    yield build_targets(store.keyed_writes_port(), SetClock(), same, counts)


def everything(store: Store) -> list[Record]:
    kinds = {type(record) for record in RECORDS} | set(KINDS.values())
    with store.read() as session:
        found = [record for kind in kinds for record in session.records.find(ADMIN, kind)]
    return sorted(found, key=by_kind)


def by_kind(record: Record) -> tuple[str, str]:
    return record.kind, record.id


def test_each_operation_is_tried() -> None:
    assert [payload.operation for payload in EACH] == list(PAYLOADS)


async def test_each_is_written_once_read_back_and_taken_back_once(store: Store) -> None:
    counts = Counts()
    with opened(store, counts=counts) as targets:
        for payload in EACH:
            target, key, before = targets[payload.system], payload.operation.value, everything(store)
            assert await target.find("t", key) is None
            receipt = await target.apply("t", key, payload)
            held = everything(store)
            assert (receipt.key, len(held)) == (key, len(before) + 1)
            assert await target.apply("t", key, payload) == receipt
            assert (await target.find("t", key), await target.find("u", key)) == (receipt, None)
            assert (await target.read_back("t", receipt, payload), everything(store)) == ((), held)
            assert await target.undo("t", key, payload) == receipt
            undone = everything(store)
            assert await target.undo("t", key, payload) == receipt
            assert (await target.apply("t", key, payload), everything(store)) == (receipt, undone)
            assert await target.read_back("t", receipt, payload) != ()
            assert [record for record in undone if record in RECORDS] == sorted(RECORDS, key=by_kind)
            assert counts.writes[f"{payload.system}.{payload.operation}"] == 3


async def test_what_does_not_fit_is_refused_and_leaves_nothing(store: Store) -> None:
    with opened(store) as targets:
        before = everything(store)
        for case, (payload, reason) in REFUSED.items():
            with pytest.raises(RefusedError) as caught:
                await targets[payload.system].apply("t", case, payload)
            assert (case, caught.value.reason, everything(store)) == (case, reason, before)
            assert await targets[payload.system].find("t", case) is None


async def test_a_key_taken_back_before_its_use_writes_nothing_ever(store: Store) -> None:
    with opened(store) as targets:
        before = everything(store)
        assert await targets[System.ERP].undo("t", "key", reserve()) is None
        with pytest.raises(RefusedError, match="forbidden"):
            await targets[System.ERP].apply("t", "key", reserve())
        assert (await targets[System.ERP].find("t", "key"), everything(store)) == (None, before)


async def test_a_record_changed_since_is_not_restored(sqlite_store: Store) -> None:
    with opened(sqlite_store) as targets:
        await targets[System.CRM].apply("t", "1", next_step("Send"))
        await targets[System.CRM].apply("t", "2", next_step("Sign", expected="Send"))
        with pytest.raises(RefusedError, match="changed"):
            await targets[System.CRM].undo("t", "1", next_step("Send"))


async def test_one_key_used_at_once_writes_once(store: Store) -> None:
    with opened(store) as targets:
        receipts = await asyncio.gather(*(targets[System.ERP].apply("t", "key", reserve()) for _ in range(8)))
        assert len({receipt.record_id for receipt in receipts}) == 1
        assert len(everything(store)) == len(RECORDS) + 1


async def test_no_more_is_reserved_at_once_than_there_is(store: Store) -> None:
    with opened(store) as targets:
        tried = [targets[System.ERP].apply("t", str(number), reserve(2)) for number in range(6)]
        answers = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(isinstance(answer, RefusedError) for answer in answers) == 3


async def test_the_history_says_what_was_changed_under_which_key(sqlite_store: Store) -> None:
    with opened(sqlite_store) as targets:
        await targets[System.CRM].apply("t", "key", EACH[3])
    with sqlite_store.read() as session:
        [entry] = session.records.find(ADMIN, RecordChange)
        origins = session.records.origins("t", RecordChange, [entry.id])
        deals = session.records.origins("t", Opportunity, ["o1"])
    assert (entry.record_kind, entry.record_id, entry.effect_key) == ("opportunity", "o1", "key")
    assert {(change.field, change.old) for change in entry.changes} == {("stage", "proposal"), ("amount", None)}
    assert (origins[entry.id], deals["o1"]) == ("effect:key", "")


async def test_a_new_person_and_a_new_deal_say_which_effect_made_them(sqlite_store: Store) -> None:
    with opened(sqlite_store) as targets:
        deal = await targets[System.CRM].apply("t", "d", EACH[2])
        contact = await targets[System.CRM].apply("t", "c", EACH[5])
    with sqlite_store.read() as session:
        assert session.records.origins("t", Opportunity, [deal.record_id]) == {deal.record_id: "effect:d"}
        assert session.records.origins("t", Contact, [contact.record_id]) == {contact.record_id: "effect:c"}
        assert session.records.last_good("t", System.CRM) == NOW


@pytest.mark.parametrize(
    ("fault", "reason", "done"),
    [
        ({"down": True}, "down", 0),
        ({"forbidden": True}, "forbidden", 0),
        ({"throttled": True}, "throttled", 0),
        ({"malformed": True}, "malformed", 1),
        ({"lost_reply": True}, "timeout", 1),
    ],
    ids=str,
)
async def test_a_faulty_write_says_so_and_is_done_or_not(
    sqlite_store: Store, fault: dict[str, Any], reason: str, done: int
) -> None:
    with opened(sqlite_store, Fault(**fault)) as targets, pytest.raises(SourceError) as caught:
        await targets[System.CRM].apply("t", "key", log_activity())
    assert caught.value.reason == reason
    assert len(everything(sqlite_store)) == len(RECORDS) + done


async def test_a_write_refused_on_purpose_is_refused(sqlite_store: Store) -> None:
    with opened(sqlite_store, Fault(refused=True)) as targets:
        assert await targets[System.CRM].find("t", "key") is None
        with pytest.raises(RefusedError, match="forbidden"):
            await targets[System.CRM].apply("t", "key", log_activity())


def test_a_fault_strikes_the_first_calls_or_a_share_of_them_the_same_way_each_time() -> None:
    first = Trouble(Fault(down=True, first=2))
    assert [first.strike().down for _ in range(4)] == [True, True, False, False]
    often = Fault(down=True, share=0.25, seed=7)
    once, again = Trouble(often), Trouble(often)
    struck = [once.strike().down for _ in range(400)]
    assert struck == [again.strike().down for _ in range(400)]
    assert 60 < sum(struck) < 140
    assert Fault(stale=timedelta(1)) == Trouble(Fault(stale=timedelta(1))).strike()
