"""The chat supervisor as a LangGraph graph: understand, plan, run specialists side by side, word, end."""

import asyncio
from collections.abc import Sequence
from typing import TypeAlias

from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.understanding.dialogue import Dialogue, Focus
from core.ports.checkpoints import CheckpointStore
from graphs.chat.checkpoints import StoredSaver
from graphs.chat.planning import plan
from graphs.chat.routing import end, gather, understand
from graphs.chat.specialists import specialist
from graphs.chat.state import ChatContext, ChatState, Outcome
from graphs.chat.wording import word

ChatGraph: TypeAlias = CompiledStateGraph[ChatState, ChatContext, ChatState, ChatState]

_STEPS = 64
_NOTHING = Focus()


def build_chat_graph(store: CheckpointStore) -> ChatGraph:
    """The compiled graph, whose threads are kept in `store`; it writes nothing else."""
    graph = StateGraph(ChatState, context_schema=ChatContext)
    graph.add_node("understand", understand, destinations=("plan", "specialist", "end"))
    graph.add_node("plan", plan, destinations=("plan", "specialist", "word", "end"))
    graph.add_node("specialist", specialist)
    graph.add_node("gather", gather, destinations=("plan", "word", "end"))
    graph.add_node("word", word, destinations=("end",))
    graph.add_node("end", end)
    graph.add_edge(START, "understand")
    graph.add_edge("specialist", "gather")
    return graph.compile(checkpointer=StoredSaver(store))


async def run_turn(
    graph: ChatGraph,
    context: ChatContext,
    thread: str,
    question: str,
    *,
    earlier: Sequence[str] = (),
    about: Focus = _NOTHING,
) -> Outcome:
    """Answer one question in a thread and return how it ended.

    In a thread of which nothing is remembered, the conversation is `about` these records and `earlier` questions went
    before.
    """
    config: RunnableConfig = {"configurable": {"thread_id": thread}, "recursion_limit": _STEPS}
    before = await graph.aget_state(config)
    state: ChatState = {"question": question, "outcome": {}}
    if "dialogue" not in before.values:
        begun = await asyncio.to_thread(replay, context, earlier, about)
        state |= {"dialogue": begun.model_dump(mode="json"), "asked": [*earlier]}
    final = await graph.ainvoke(state, config, context=context, durability="exit")
    return Outcome.model_validate(final["outcome"])


def replay(context: ChatContext, earlier: Sequence[str], about: Focus) -> Dialogue:
    """The dialogue after questions that were asked elsewhere; nothing of them is run."""
    dialogue = Dialogue(focus=about)
    for question in earlier:
        dialogue = context.understand(question, dialogue).dialogue
    return dialogue
