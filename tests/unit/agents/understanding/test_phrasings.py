"""How other people put it: messages written before the engine was tuned on them, and what must come of each."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agents.answers.registry import ANSWERS
from agents.understanding.dialogue import Dialogue, Status
from agents.understanding.understand import understand
from core.domain.chat import AnswerStatus
from evals.suites.chat.cases import load_cases
from evals.suites.chat.matching import Matcher
from evals.suites.chat.scoring import Judged, Said, figures_of, judge
from tests.unit.agents.understanding.company import TODAY, ids_of, names_of
from tools.registry import WRITE_TOOLS

HERE = Path(__file__).parent
SETS = ("phrasings", "phrasings_other", "phrasings_third", "phrasings_fourth", "phrasings_fifth", "phrasings_sixth")
ENDS = {
    Status.PLAN: AnswerStatus.ANSWERED,
    Status.CLARIFY: AnswerStatus.CLARIFY,
    Status.REFUSE: AnswerStatus.REFUSED,
}


@cache
def matcher() -> Matcher:
    defaults: dict[str, dict[str, Any]] = {}
    models = {name: answer.args_model for name, answer in ANSWERS.items()}
    models |= {operation.value: tool.args_model for operation, tool in WRITE_TOOLS.items()}
    for name, model in models.items():
        fields = model.model_fields.items()
        defaults[name] = {key: field.default for key, field in fields if not field.is_required()}
    return Matcher(ids_of(names_of("rep")), defaults)


@cache
def judged(name: str) -> tuple[Judged, ...]:
    found = []
    for case in load_cases(HERE / f"{name}.yaml").cases:
        dialogue = Dialogue()
        for place, message in enumerate(case.turns):
            meant = understand(message.say, dialogue, names_of(case.user), TODAY)
            dialogue = meant.dialogue
            said = Said(
                status=ENDS[meant.status],
                reason=meant.reason,
                calls=tuple((call.tool, call.args) for call in meant.calls),
                confidence=meant.confidence,
                effects=None,
            )
            found.append(judge(matcher(), case, place, said))
    return tuple(found)


@pytest.mark.parametrize("name", SETS)
def test_requests_are_understood_with_their_arguments(name: str) -> None:
    wrong = [(one.case.id, one.message.say, one.said.calls) for one in judged(name) if not one.right]
    # The sixth is hardly anything but idioms.
    assert figures_of(judged(name))["calls_right"] >= (0.94 if name == "phrasings_sixth" else 0.96), wrong


@pytest.mark.parametrize("name", SETS)
def test_what_is_not_our_business_is_refused(name: str) -> None:
    figures = figures_of(judged(name))
    # One of the ten in the sixth is asked back.
    assert figures["out_of_scope_refused"] >= (0.9 if name == "phrasings_sixth" else 0.97)
    assert figures.get("unknown_right", 1) == 1


def test_hardly_anything_goes_wrong_without_a_word() -> None:
    everything = [one for name in SETS for one in judged(name)]
    silent = [(one.case.id, one.message.say, one.said.calls) for one in everything if one.silent]
    assert len(silent) <= 0.01 * len(everything), silent


def test_confidence_is_what_it_says() -> None:
    everything = [one for name in SETS for one in judged(name)]
    assert figures_of(everything)["ece"] <= 0.05
