"""Whatever a package can hold has a name in both languages."""

from enum import StrEnum

import pytest

from core.domain.base import System
from core.domain.claims import ClaimState, Section
from core.domain.contracts import Department
from core.domain.interactions import InteractionKind
from core.domain.packages import SectionStatus
from core.domain.views.people import BuyingRole, Stance
from core.domain.views.proposals import RecommendationKind
from core.domain.views.risks import Severity
from core.domain.views.stage import BuyingStage
from core.domain.visits import RunStatus
from core.language import Lang
from hub.rendering.labels import load_labels
from hub.running import VISIT_STEPS
from tests.packages import build_package

SHOWN: tuple[type[StrEnum], ...] = (
    *(System, ClaimState, Section, SectionStatus, Department, InteractionKind, BuyingRole, Stance),
    *(RecommendationKind, Severity, BuyingStage, RunStatus),
)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("kind", SHOWN)
def test_every_value_has_a_name(kind: type[StrEnum], lang: Lang) -> None:
    labels = load_labels(lang)
    assert all(labels.name(value) for value in kind)


@pytest.mark.parametrize("lang", Lang)
def test_every_step_of_a_run_has_a_name_in_the_console(lang: Lang) -> None:
    say = load_labels(lang, "console")
    assert all(say(f"step_{step}") for step in VISIT_STEPS)


def test_a_package_says_which_model_worded_it() -> None:
    labels = load_labels(Lang.EN)
    assert labels.engine(build_package()) == "the embedded engine"
    assert "some-model" in labels.engine(build_package().model_copy(update={"model": "some-model"}))


@pytest.mark.parametrize("lang", Lang)
def test_stages_are_called_the_same_in_tables_and_in_sentences(lang: Lang) -> None:
    labels, sentences = load_labels(lang), load_labels(lang, "intent")
    assert all(labels.name(stage).lower() == sentences(f"stage_{stage}") for stage in BuyingStage)
