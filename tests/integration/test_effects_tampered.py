"""Whoever changes the hub's rows by hand gets nothing sent that was not approved."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core.domain.effects import EffectStatus, Route, SeatStatus, Verdict
from db.effect_tables import approvals, effects, outbox
from db.hub_tables import audit_log
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import withdraw_effect
from hub.installation import Platform
from tests.effect_company import NOW, SUPPLY, open_company, propose, reserve, stock, written

ALLOWED = Route(verdict=Verdict.ALLOWED, rules=())


def ended(platform: Platform, effect_id: str) -> tuple[str, str]:
    with platform.store.engine.connect() as connection:
        query = select(effects.c.status, effects.c.reason).where(effects.c.id == effect_id)
        [row] = connection.execute(query)
    return row.status, row.reason


@pytest.mark.parametrize(
    "tampering",
    [
        update(effects).values(payload=reserve(2).model_dump_json()),
        update(effects).values(payload="{}"),
        update(effects).values(digest="0" * 64),
        update(effects).values(account_id="a2"),
        update(effects).values(proposer="x", proposed_by=SUPPLY.model_dump_json()),
        update(effects).values(route=ALLOWED.model_dump_json()),
        update(effects).values(expires_at=NOW + timedelta(days=900)),
        update(approvals).values(digest="0" * 64),
        update(approvals).values(status=SeatStatus.OPEN.value),
        update(approvals).values(status=SeatStatus.VOID.value),
        update(approvals).values(decided_by=None),
        update(approvals).values(decided_by="hub"),
        update(approvals).values(role="rep"),
        approvals.delete(),
    ],
    ids=str,
)
def test_what_was_changed_after_its_approval_is_never_sent(tmp_path: Path, tampering: Any) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path) as (platform, _clock):
        effect = propose(platform, reserve(1))
        decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
        with platform.store.engine.begin() as connection:
            connection.execute(tampering)
        assert (dispatch_due(platform, "w1"), dispatch_due(platform, "w1")) == (1, 0)
        assert ended(platform, effect.id) in (("dead", "unapproved"), ("dead", "unreadable"))
        assert (written(platform), stock(platform)) == ({}, 2)


def test_what_was_approved_by_somebody_who_was_shown_something_else_is_never_sent(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path) as (platform, _clock):
        effect = propose(platform, reserve(1))
        with platform.store.engine.begin() as connection:
            connection.execute(update(effects).values(preview='[{"field": "x", "new": "z"}]'))
        decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
        dispatch_due(platform, "w1")
        assert ended(platform, effect.id) == ("dead", "unapproved")
        assert (written(platform), stock(platform)) == ({}, 2)


def test_rows_that_say_all_that_is_needed_are_not_sent_without_the_records(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path) as (platform, _clock):
        forged = propose(platform, reserve(1))
        with platform.store.engine.begin() as connection:
            connection.execute(update(approvals).values(status=SeatStatus.APPROVED.value, decided_by="supply"))
            connection.execute(update(effects).values(status=EffectStatus.APPROVED.value))
        with platform.store.write() as unit:
            unit.outbox.put("t", forged.id, at=NOW)
        dispatch_due(platform, "w1")
        assert ended(platform, forged.id) == ("dead", "unapproved")
        changed = propose(platform, reserve(2), "k2")
        decide_effect(platform, SUPPLY, changed.id, approve=True, reason="")
        with platform.store.engine.begin() as connection:
            connection.execute(update(audit_log).values(actor=audit_log.c.actor + "x"))
        dispatch_due(platform, "w1")
        assert ended(platform, changed.id) == ("dead", "unapproved")
        assert (written(platform), stock(platform)) == ({}, 2)


def test_what_was_withdrawn_is_not_brought_back_by_its_rows(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path) as (platform, _clock):
        effect = propose(platform, reserve(1))
        decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
        withdraw_effect(platform, effect.proposed_by, effect.id)
        with platform.store.engine.begin() as connection:
            connection.execute(update(effects).values(status=EffectStatus.APPROVED.value))
            connection.execute(update(outbox).values(status="waiting", done_at=None))
        dispatch_due(platform, "w1")
        assert ended(platform, effect.id) == ("dead", "unapproved")
        assert (written(platform), stock(platform)) == ({}, 2)


def test_what_was_confirmed_is_not_taken_back_because_a_row_says_so(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'a.sqlite'}", tmp_path) as (platform, _clock):
        effect = propose(platform, reserve(1))
        decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
        dispatch_due(platform, "w1")
        kept = written(platform), stock(platform)
        other = propose(platform, reserve(1), "k2")
        decide_effect(platform, SUPPLY, other.id, approve=False, reason="no")
        with platform.store.write() as unit:
            unit.outbox.put("t", effect.id, undo=True, at=NOW)
        with platform.store.engine.begin() as connection:
            connection.execute(update(effects).values(group_id="g", position=0))
        dispatch_due(platform, "w1")
        assert (written(platform), stock(platform)) == kept
