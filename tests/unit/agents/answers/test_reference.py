"""The page that lists the questions is in step with the questions."""

from pathlib import Path

from agents.answers.registry import ANSWERS
from tests.unit.agents.answers.test_every_answer import NEEDED

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "questions.md"


def test_the_page_lists_every_question_with_its_specialist_its_arguments_and_its_systems() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    listed = {}
    for row in rows:
        name, agent, arguments, _asked, _answers, needs = (cell.strip() for cell in row.strip("|").split("|"))
        listed[name.strip("`")] = (agent, arguments, frozenset(needs.split(", ")))
    assert listed == {
        name: (
            spec.agent,
            ", ".join(
                f"`{field}`" if info.is_required() else f"`{field}?`"
                for field, info in spec.args_model.model_fields.items()
            ),
            frozenset(system.value for system in NEEDED[name]),
        )
        for name, spec in ANSWERS.items()
    }
