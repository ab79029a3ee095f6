"""All agents by name."""

from typing import Any

from agents import history, intent, market, meetings, operations, proposal, reply, resources, risk, stakeholders
from agents.spec import AgentSpec

AGENTS: dict[str, AgentSpec[Any, Any]] = {
    spec.name: spec
    for spec in (
        history.SPEC,
        intent.SPEC,
        stakeholders.SPEC,
        operations.SPEC,
        market.SPEC,
        resources.SPEC,
        risk.SPEC,
        proposal.SPEC,
        reply.SPEC,
        meetings.SPEC,
    )
}
