"""Everything an effect can show has its words in both languages."""

from datetime import timedelta

import pytest

from core.domain.effects import (
    Delivery,
    DeliveryStatus,
    Effect,
    EffectStatus,
    RiskClass,
    Route,
    Seat,
    SeatStatus,
    Verdict,
    digest_of_payload,
)
from core.domain.payloads import PAYLOADS, Operation, UpdateContact, UpdateOpportunity
from core.identity import Role
from core.language import Lang, is_cjk
from hub.rendering.effects import load_effect_words
from tests.unit.tools.world import CASES, NOW, REP, resolve

REASONS = (
    "down",
    "timeout",
    "malformed",
    "throttled",
    "forbidden",
    "changed",
    "unknown",
    "invalid",
    "short",
    "mismatch",
)


def effect_of(operation: Operation) -> Effect:
    proposal = resolve(operation, **CASES[operation])
    return Effect(
        id="e1",
        system=proposal.payload.system,
        digest=digest_of_payload(proposal.payload),
        route=Route(verdict=Verdict.ALLOWED, rules=("r",)),
        account_id="a1",
        proposed_by=REP,
        origin="test",
        status=EffectStatus.APPROVED,
        created_at=NOW,
        expires_at=NOW + timedelta(days=1),
        **dict(proposal),
    )


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("operation", list(Operation))
def test_every_field_of_a_preview_has_a_name(operation: Operation, lang: Lang) -> None:
    words, effect = load_effect_words(lang), effect_of(operation)
    for change in effect.preview:
        assert words.field(change)
        assert words.value(effect, change, change.new)
    assert words.say.name(operation)
    assert words.say.name(effect.system)


def test_every_field_of_every_payload_has_a_name() -> None:
    kinds = load_effect_words(Lang.EN).say.book.kinds
    hidden = {"account_id", "operation", "expected", "changes", "lines"}
    fields = {field for payload in PAYLOADS.values() for field in payload.model_fields} - hidden
    for update in (UpdateOpportunity, UpdateContact):
        changes = update.model_fields["changes"].annotation
        assert changes is not None
        fields |= set(changes.model_fields)
    assert {f"field_{field}" for field in fields} <= kinds


@pytest.mark.parametrize("lang", list(Lang))
def test_every_state_has_a_name(lang: Lang) -> None:
    say = load_effect_words(lang).say
    for value in (*EffectStatus, *RiskClass, *SeatStatus, *DeliveryStatus, *Role):
        assert say.name(value)


@pytest.mark.parametrize("error", [*REASONS, "something_new"])
def test_what_was_given_up_has_a_reason_and_a_remedy_in_both_languages(error: str) -> None:
    given_up = Delivery(
        effect_id="e1", status=DeliveryStatus.DEAD, attempts=1, due_at=NOW, error=error, error_detail="said so"
    )
    chinese, english = load_effect_words(Lang.ZH), load_effect_words(Lang.EN)
    for words, has_han in ((chinese, True), (english, False)):
        told = f"{words.error(given_up)} {words.remedy(given_up)}"
        assert any(map(is_cjk, told)) is has_han
        assert "said so" in told
    assert load_effect_words(Lang.EN).error(given_up.model_copy(update={"error": None})) is None


def test_codes_read_as_words_but_free_text_stays() -> None:
    words = load_effect_words(Lang.ZH)
    review = effect_of(Operation.OPEN_REVIEW)
    department = next(change for change in review.preview if change.field == "department")
    assert words.value(review, department, department.new) == "法务"
    contact = effect_of(Operation.UPDATE_CONTACT)
    change = contact.preview[0].model_copy(update={"field": "department", "new": "legal"})
    assert words.value(contact, change, change.new) == "legal"
    assert words.value(contact, change, None) == "—"


def test_why_somebody_must_agree_is_told_in_the_language_where_policy_has_it() -> None:
    seat = Seat(id="s", effect_id="e", position=1, role=Role.LEGAL, rule="r", reason="Terms", reason_zh="条款")
    assert load_effect_words(Lang.ZH).reason(seat) == "条款"
    assert load_effect_words(Lang.EN).reason(seat) == "Terms"
    assert load_effect_words(Lang.ZH).reason(seat.model_copy(update={"reason_zh": None})) == "Terms"
