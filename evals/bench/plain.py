"""The same package made the plain way, to compare CPU with: a `langgraph-supervisor` over ReAct agents.

Each specialist reads its records through tools into the conversation, recalls from Chroma with `where`, runs the very
analysis that the hub runs, and answers; a SqliteSaver checkpoints every step. The scripted model costs next to nothing
on either side, so what is compared is the machinery.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings as ChromaSettings
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt import create_react_agent
from langgraph_supervisor import create_supervisor

from agents.registry import AGENTS
from core.ports.embedder import Embedder
from evals.bench.scripted import ScriptedModel

TEAM = tuple(AGENTS)


def _call(name: str, number: int, args: dict[str, Any]) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": args, "id": f"{name}-{number}", "type": "tool_call"}])


def _supervisor_script(messages: Sequence[BaseMessage]) -> AIMessage:
    """Hand over to each specialist in turn, then sum up."""
    handed = {message.name for message in messages if isinstance(message, ToolMessage)}
    for number, name in enumerate(TEAM):
        if f"transfer_to_{name}" not in handed:
            return _call(f"transfer_to_{name}", number, {})
    return AIMessage("The package is ready.")


def _specialist_script(tools: Sequence[str]) -> ScriptedModel:
    """Call each tool once, then answer with what the last one said."""

    def script(messages: Sequence[BaseMessage]) -> AIMessage:
        own = [message for message in messages if isinstance(message, ToolMessage) and message.name in tools]
        if len(own) < len(tools):
            return _call(tools[len(own)], len(own), {})
        return AIMessage(str(own[-1].content))

    return ScriptedModel(script=script)


class PlainHub:
    """The peer: records in memory by account, vectors in one Chroma collection, checkpoints in SQLite."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        client = chromadb.PersistentClient(str(folder / "chroma"), ChromaSettings(anonymized_telemetry=False))
        self._passages = client.create_collection("passages", embedding_function=None)
        self._connection = sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False)
        self._saver = SqliteSaver(self._connection)
        self._job: dict[str, Any] = {}
        self._graph = self._build()

    def add(self, ids: list[str], texts: list[str], accounts: list[str]) -> None:
        """Index passages under their account."""
        self._passages.add(
            ids=ids,
            documents=texts,
            embeddings=self._embedder.embed_passages(texts),
            metadatas=[{"account": account} for account in accounts],
        )

    def make(self, thread: str, account: str, purpose: str, inputs: dict[str, Any], reads: dict[str, str]) -> str:
        """One package; `inputs` by agent and `reads` (records as JSON) by tool are what the hub's tools would give."""
        self._job = {"account": account, "purpose": purpose, "inputs": inputs, "reads": reads}
        ask = {"messages": [{"role": "user", "content": f"Prepare the visit to {account}: {purpose}"}]}
        final = self._graph.invoke(ask, {"configurable": {"thread_id": thread}, "recursion_limit": 200})
        return str(final["messages"][-1].content)

    def close(self) -> None:
        """Close the checkpoints."""
        self._connection.close()

    def _recall(self) -> str:
        """Passages like the purpose."""
        vector = self._embedder.embed_query(self._job["purpose"])
        found = self._passages.query(query_embeddings=[vector], n_results=8, where={"account": self._job["account"]})
        return json.dumps(found["documents"], ensure_ascii=False)

    def _specialist(self, agent: str, tools: Sequence[str]) -> CompiledStateGraph[Any, Any, Any, Any]:
        def read(tool: str) -> StructuredTool:
            return StructuredTool.from_function(
                lambda: self._job["reads"][tool], name=tool, description=f"Answer of {tool}"
            )

        def analyse() -> str:
            return str(AGENTS[agent].run(self._job["inputs"][agent]).model_dump_json())

        name = f"analyse_{agent}"
        own = [read(tool) for tool in tools]
        if agent == "history":
            own.append(
                StructuredTool.from_function(self._recall, name="recall", description="Passages like the purpose")
            )
        own.append(StructuredTool.from_function(analyse, name=name, description=AGENTS[agent].purpose))
        return create_react_agent(_specialist_script([tool.name for tool in own]), own, name=agent)

    def _build(self) -> CompiledStateGraph[Any, Any, Any, Any]:
        specialists = [self._specialist(agent, READS.get(agent, ())) for agent in TEAM]
        graph = create_supervisor(
            specialists, model=ScriptedModel(script=_supervisor_script), output_mode="full_history"
        )
        return graph.compile(checkpointer=self._saver)


READS: dict[str, tuple[str, ...]] = {
    "history": ("read_interactions",),
    "intent": ("read_interactions",),
    "stakeholders": ("read_contacts", "read_interactions"),
    "operations": (
        "read_opportunities",
        "read_orders",
        "read_stock",
        "read_prices",
        "read_pricing_rules",
        "read_contracts",
        "read_approval_rules",
    ),
    "market": ("read_market_notes",),
    "resources": ("read_experts", "read_references"),
}
