"""Minutes of a meeting on record, and the writes that they suggest."""

from datetime import date
from pathlib import Path

import pytest

from core.domain.accounts import SalesPerson
from core.domain.effects import EffectStatus
from core.domain.interactions import InteractionKind, Turn
from core.errors import NotFoundError
from core.language import Lang
from hub.effects.ledger import list_effects
from hub.effects.proposing import propose
from hub.meetings import read_minutes, suggest_writes
from tests.effect_company import NOW, REP, open_company, person
from tests.remembered import mail, remember
from tests.samples import interaction

TURNS = (
    Turn(speaker="Ada Frost", start=1.0, text="Your price is too high for us. We haven't agreed on the warranty."),
    Turn(speaker="Rita Rep", start=9.0, text="I'll send you a new quotation by Friday."),
    Turn(speaker="Ada Frost", start=15.0, text="I will send you our form tomorrow. We decided on the CP-80."),
)


def test_minutes_suggest_writes_with_previews_and_nothing_is_written(tmp_path: Path) -> None:
    with open_company(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as (platform, _clock):
        seller = SalesPerson(id="r1", name="Rita Rep", email="rita@ours.example")
        with platform.store.write() as unit:
            unit.records.upsert("t", (seller,), {}, at=NOW)
        text = "\n".join(f"{turn.speaker}: {turn.text}" for turn in TURNS)
        told = interaction("i1", text=text, form=InteractionKind.MEETING, turns=TURNS, at=NOW, subject="Pumps")
        remember(platform.store, told, mail("m1", "Hello."))

        minutes = read_minutes(platform, REP, "i1", query="price", words=20, lang=Lang.EN)
        assert [one.text for one in minutes.view.decisions] == ["We decided on the CP-80."]
        assert minutes.view.answer[0].at == 1.0

        record, task, step = suggest_writes(platform, REP, "i1", lang=Lang.EN).suggested
        assert "Decided: “We decided on the CP-80.” (00:15, Ada Frost)" in record.args["text"]
        assert (task.args["assignee"], task.at, task.evidence) == ("Rita Rep", 9.0, TURNS[1].text)
        assert date.fromisoformat(task.args["due_on"]) > NOW.date()
        assert all(one.preview and one.reason is None for one in (record, task, step))
        assert ("Call", TURNS[1].text) in [(change.old, change.new) for change in step.preview]
        assert list_effects(platform, REP) == []

        proposed = propose(platform, REP, task.operation, task.args, request_key="k", origin="api")
        assert proposed.status is not EffectStatus.REJECTED

        for caller, wanted in ((REP, "m1"), (REP, "nothing"), (person("x", tenant="u"), "i1")):
            with pytest.raises(NotFoundError):
                read_minutes(platform, caller, wanted)
