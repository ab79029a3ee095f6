"""A row that somebody changed so that nobody can read it stands in the way of no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from core.domain.effects import Effect
from core.errors import ConflictError
from db.effect_tables import effects
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import expire_effects
from hub.effects.ledger import get_effect, list_dead_letters, list_effects
from hub.installation import Platform
from tests.effect_company import ADMIN, SUPPLY, SetClock, open_company, propose, reserve

Company = tuple[Platform, SetClock]


@pytest.fixture
def company(store_url: str, tmp_path: Path) -> Iterator[Company]:
    with open_company(store_url, tmp_path) as opened:
        yield opened


def spoil(platform: Platform, effect: Effect, **values: str) -> None:
    with platform.store.engine.begin() as connection:
        connection.execute(update(effects).where(effects.c.id == effect.id).values(values))


@pytest.mark.parametrize("column", ["payload", "route", "facts", "preview", "proposed_by", "status"])
def test_it_can_be_neither_read_nor_decided_and_hides_no_other(company: Company, column: str) -> None:
    platform, _clock = company
    spoilt, other = propose(platform, reserve(), "k1"), propose(platform, reserve(), "k2")
    spoil(platform, spoilt, **{column: '"x"'})
    assert [effect.id for effect in list_effects(platform, ADMIN)] == [other.id]
    with pytest.raises(ConflictError, match="other-payload"):
        get_effect(platform, ADMIN, spoilt.id)
    with pytest.raises(ConflictError, match="other-payload"):
        decide_effect(platform, SUPPLY, spoilt.id, approve=True, reason="")


def test_the_others_still_expire(company: Company) -> None:
    platform, clock = company
    spoilt = propose(platform, reserve(), "k1")
    clock.advance(minutes=1)
    other = propose(platform, reserve(), "k2")
    spoil(platform, spoilt, payload="{}")
    clock.advance(days=400)
    assert expire_effects(platform) == 1
    assert get_effect(platform, ADMIN, other.id).effect.status == "expired"


def test_the_other_dead_letters_are_still_seen(company: Company) -> None:
    platform, _clock = company
    both = [propose(platform, reserve(), key) for key in ("k1", "k2")]
    for effect in both:
        decide_effect(platform, SUPPLY, effect.id, approve=True, reason="")
    spoil(platform, both[0], payload="{}")
    spoil(platform, both[1], payload=reserve(2).model_dump_json())
    dispatch_due(platform, "w1")
    assert [letter.effect.id for letter in list_dead_letters(platform, ADMIN)] == [both[1].id]
