"""The chat supervisor as a LangGraph graph: understand, plan, run specialists side by side, word, end."""

from collections.abc import Sequence
from typing import TypeAlias

from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.understanding.dialogue import Dialogue
from core.ports.checkpoints import CheckpointStore
from graphs.chat.checkpoints import StoredSaver
from graphs.chat.planning import plan
from graphs.chat.routing import end, gather, understand
from graphs.chat.specialists import specialist
from graphs.chat.state import ChatContext, ChatState, Outcome
from graphs.chat.wording import word

ChatGraph: TypeAlias = CompiledStateGraph[ChatState, ChatContext, ChatState, ChatState]

_STEPS = 64


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
    graph: ChatGraph, context: ChatContext, thread: str, question: str, earlier: Sequence[str] = ()
) -> Outcome:
    """Answer one question in a thread and return how it ended; `earlier` questions begin a thread that has none."""
    config: RunnableConfig = {"configurable": {"thread_id": thread}, "recursion_limit": _STEPS}
    before = await graph.aget_state(config)
    state: ChatState = {"question": question, "outcome": {}}
    if "dialogue" not in before.values:
        state |= {"dialogue": replay(context, earlier), "asked": [*earlier]}
    final = await graph.ainvoke(state, config, context=context, durability="exit")
    return Outcome.model_validate(final["outcome"])


def replay(context: ChatContext, earlier: Sequence[str]) -> dict[str, object]:
    """The dialogue after questions that were asked elsewhere; nothing of them is run."""
    dialogue = Dialogue()
    for question in earlier:
        dialogue = context.understand(question, dialogue).dialogue
    return dialogue.model_dump(mode="json")
