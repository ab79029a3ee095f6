"""The history of a review says what happened in the words of the page's language, not in codes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from console.review_view import words_of
from core.domain.reviews import DelayReason, ReviewEvent, ReviewEventKind
from core.language import Lang
from hub.rendering.labels import load_labels


def event(kind: ReviewEventKind, **body: Any) -> ReviewEvent:
    return ReviewEvent(review_id="r", seq=1, kind=kind, actor="legal", at=datetime(2026, 6, 1, tzinfo=UTC), body=body)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("reason", list(DelayReason))
def test_a_delay_is_named_with_its_note(lang: Lang, reason: DelayReason) -> None:
    say = load_labels(lang, "reviews")
    noted = event(ReviewEventKind.DELAY_NOTED, reason=reason.value, note="clause 4")
    assert words_of(say, noted) == [say.name(reason), "clause 4"]
    assert reason.value not in words_of(say, noted)


def test_who_got_a_review_and_what_was_written_is_told() -> None:
    say = load_labels(Lang.EN, "reviews")
    assert words_of(say, event(ReviewEventKind.DELEGATED, to="legal-b", before=None)) == ["→ legal-b"]
    assert words_of(say, event(ReviewEventKind.ESCALATED, to=["legal-b", "boss"])) == ["→ legal-b, boss"]
    assert words_of(say, event(ReviewEventKind.ESCALATED, to=[])) == []
    assert words_of(say, event(ReviewEventKind.APPROVED, revision=0, comment="", escalated=False)) == []
    assert words_of(say, event(ReviewEventKind.ASKED, question="Who signs?")) == ["Who signs?"]
