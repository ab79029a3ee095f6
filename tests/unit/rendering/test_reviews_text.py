"""Reviews as a terminal shows them."""

from datetime import UTC, datetime, timedelta

import pytest

from cli.reviews_text import print_list
from core.domain.contracts import Department
from core.domain.reviews import Review, ReviewTask

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_narrow_terminal_shows_the_id_of_a_review_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run = "67ba7c98d9e2467996fc6cc4ef150614"
    due = NOW + timedelta(hours=8)
    review = Review(id=f"{run}-supply_chain", run_id=run, department=Department.SUPPLY_CHAIN, due_at=due, claims=())
    task = ReviewTask(
        review=review,
        account="Helios Process Systems GmbH",
        account_id="001TL000001",
        requester="rep",
        revision=0,
        made_at=NOW,
    )
    print_list([task], [], NOW, json=False)
    assert f"{run}-supply_chain" in capsys.readouterr().out
