"""The visit graph: a fixed plan that code makes and checks."""

import asyncio
from itertools import chain
from typing import TypeAlias

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from core.domain.visits import StepStatus
from core.ports.reading import Reading
from graphs.visit.analyse import analyse
from graphs.visit.compose import compose
from graphs.visit.facts import names_of
from graphs.visit.gather import ERP, FIRST
from graphs.visit.state import Draft, VisitContext, VisitState
from graphs.visit.word import word

VisitGraph: TypeAlias = CompiledStateGraph[VisitState, VisitContext, VisitState, VisitState]

# Agents that need only what was gathered run side by side; the others build on their views.
_SIDE_BY_SIDE = ("history", "intent", "stakeholders", "operations", "market")
_AFTER = ("resources", "risk", "proposal")

STEPS = (
    *(name for name, _node in FIRST),
    ERP[0],
    *(f"analyse_{agent}" for agent in (*_SIDE_BY_SIDE, *_AFTER)),
    "compose",
    "word",
)


async def _compose(state: VisitState, *, runtime: Runtime[VisitContext]) -> VisitState:
    runtime.context.progress("compose", StepStatus.STARTED, None)
    draft = await asyncio.to_thread(compose, state, runtime.context)
    runtime.context.progress("compose", StepStatus.DONE, str(len(draft.claims)))
    return {"draft": draft}


async def _word(state: VisitState, *, runtime: Runtime[VisitContext]) -> VisitState:
    runtime.context.progress("word", StepStatus.STARTED, None)
    context = runtime.context
    draft = state["draft"]
    if context.writer is not None:
        read = [source.answer.records for source in state["sources"].values() if isinstance(source.answer, Reading)]
        draft = await word(draft, context, names_of([context.account, *chain.from_iterable(read)]))
    runtime.context.progress("word", StepStatus.DONE, draft.model)
    return {"draft": draft}


def build_visit_graph() -> VisitGraph:
    """The compiled graph; it reads and computes, and writes nothing."""
    graph = StateGraph(VisitState, context_schema=VisitContext)
    for name, node in FIRST:
        graph.add_node(name, node)
        graph.add_edge(START, name)
    erp_name, erp_node = ERP
    graph.add_node(erp_name, erp_node)
    gathered = [name for name, _ in FIRST]
    graph.add_edge(gathered, erp_name)
    views = []
    for agent in _SIDE_BY_SIDE:
        name, node = analyse(agent)
        graph.add_node(name, node)
        graph.add_edge(erp_name, name)
        views.append(name)
    before: str | list[str] = views
    for agent in _AFTER:
        name, node = analyse(agent)
        graph.add_node(name, node)
        graph.add_edge(before, name)
        before = name
    graph.add_node("compose", _compose)
    graph.add_node("word", _word)
    graph.add_edge(before, "compose")
    graph.add_edge("compose", "word")
    graph.add_edge("word", END)
    return graph.compile()


async def prepare_package(graph: VisitGraph, context: VisitContext) -> Draft:
    """Run the graph once and return the worded, checked draft."""
    final = await graph.ainvoke({"sources": {}, "outputs": {}}, context=context)
    draft: Draft = final["draft"]
    return draft
