"""Running an agent as a node: off the event loop, and allowed to fail visibly."""

import asyncio

import structlog
from langgraph.runtime import Runtime

from agents.registry import AGENTS
from core.domain.visits import StepStatus
from graphs.visit.inputs import INPUTS
from graphs.visit.state import Node, VisitContext, VisitState

log = structlog.get_logger()


def analyse(agent: str) -> tuple[str, Node]:
    """A node that runs one agent on what has been gathered so far, with its name."""
    name = f"analyse_{agent}"
    spec = AGENTS[agent]

    async def node(state: VisitState, *, runtime: Runtime[VisitContext]) -> VisitState:
        context = runtime.context
        context.progress(name, StepStatus.STARTED, None)
        try:
            output = await asyncio.to_thread(lambda: spec.run(INPUTS[agent](state, context)))
        except Exception as error:
            # The other sections must still reach the manager; this one will be shown as missing.
            log.exception("agent_failed", agent=agent, run=context.run_id)
            context.progress(name, StepStatus.FAILED, type(error).__name__)
            return {"outputs": {}}
        context.progress(name, StepStatus.DONE, str(len(output.claims)))
        return {"outputs": {agent: output}}

    return name, node
