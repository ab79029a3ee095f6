"""What each agent of a visit is told: what the run has gathered so far."""

from collections.abc import Callable

from agents.history import Recalled
from agents.inputs import INFORMED, Gathered, build_input
from agents.spec import AgentInput
from core.ports.memory import Recollection
from core.ports.reading import Reading
from graphs.visit.state import VisitContext, VisitState


def gathered(state: VisitState, context: VisitContext) -> Gathered:
    """The sources that answered, and the views of the agents that have spoken."""
    sources = state["sources"]
    recall = sources.get("recall_history")
    found = recall.answer if recall is not None else None
    hits = found.hits if isinstance(found, Recollection) else ()
    return Gathered(
        account=context.account,
        lang=context.request.lang,
        today=context.today,
        as_of={source.system: source.as_of for source in sources.values() if source.as_of is not None},
        visit_on=context.visit_on,
        purpose=context.request.purpose,
        attendees=context.request.attendees,
        records={tool: source.answer.records for tool, source in sources.items() if isinstance(source.answer, Reading)},
        recalled=tuple(Recalled(interaction_id=hit.interaction, quote=hit.quote, score=hit.score) for hit in hits),
        views={agent: output.view for agent, output in state["outputs"].items()},
    )


def _told(agent: str) -> Callable[[VisitState, VisitContext], AgentInput]:
    return lambda state, context: build_input(agent, gathered(state, context))


INPUTS: dict[str, Callable[[VisitState, VisitContext], AgentInput]] = {agent: _told(agent) for agent in INFORMED}
