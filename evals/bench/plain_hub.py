"""The same package made the plain way: a `langgraph-supervisor` over ReAct agents, each with its own tools.

In its favour: each kind of record is read once, straight from the store, with parallel tool calls; every specialist
computes with the hub's own analysis on the records that were read; nothing is asked twice; there is no job engine, no
progress, no check of claims. The saved package is the specialists' outputs as they are.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import chromadb
from chromadb.config import Settings as ChromaSettings
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt import create_react_agent
from langgraph_supervisor import create_supervisor

from agents.registry import AGENTS
from core.identity import Caller
from core.ports.embedder import Embedder
from core.ports.memory import Hit, Recollection
from core.ports.reading import Reading
from db.store import Session, Store
from evals.bench.plain_reads import READS, PlainJob
from evals.bench.scripted import ScriptedModel
from graphs.visit.inputs import INPUTS
from graphs.visit.state import Source

OutputMode = Literal["full_history", "last_message"]
Graph = CompiledStateGraph[Any, Any, Any, Any]

# A tool belongs to the first specialist that needs its records; the later ones compute with what was read.
TOOLS_OF: dict[str, tuple[str, ...]] = {
    "history": ("read_interactions", "recall_history", "read_opportunities"),
    "intent": ("read_market_notes",),
    "stakeholders": ("read_contacts", "read_sales_people", "read_experts"),
    "operations": (
        "read_orders", "read_products", "read_stock", "read_prices", "read_pricing_rules", "read_contracts",
        "read_approval_rules",
    ),
    "market": (),
    "resources": ("read_references",),
    "risk": (),
    "proposal": (),
}  # fmt: skip
_LIKE_THE_PURPOSE = 8


def _calls(*names: str) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": name, "args": {}, "id": name, "type": "tool_call"} for name in names])


def _supervise(messages: Sequence[BaseMessage]) -> AIMessage:
    """Hand over to each specialist in turn, then sum up what they said."""
    handed = {message.name for message in messages if isinstance(message, ToolMessage)}
    for name in TOOLS_OF:
        if f"transfer_to_{name}" not in handed:
            return _calls(f"transfer_to_{name}")
    said = [str(m.content) for m in messages if isinstance(m, AIMessage) and m.name in TOOLS_OF and not m.tool_calls]
    return AIMessage("\n\n".join(said))


def _specialise(agent: str) -> ScriptedModel:
    """Read everything at once, analyse, then say the claims."""
    reads, analysis = TOOLS_OF[agent], f"analyse_{agent}"

    def script(messages: Sequence[BaseMessage]) -> AIMessage:
        answers = {message.name: message for message in messages if isinstance(message, ToolMessage)}
        if any(name not in answers for name in reads):
            return _calls(*reads)
        if analysis not in answers:
            return _calls(analysis)
        output = json.loads(str(answers[analysis].content))
        return AIMessage("\n".join(claim["text"] for claim in output["claims"]))

    return ScriptedModel(script=script)


class PlainHub:
    """One installation of the peer: vectors in one Chroma collection, checkpoints and packages in SQLite."""

    def __init__(self, store: Store, embedder: Embedder, folder: Path, output_mode: OutputMode) -> None:
        folder.mkdir()
        self._store = store
        self._embedder = embedder
        client = chromadb.PersistentClient(str(folder / "chroma"), ChromaSettings(anonymized_telemetry=False))
        self._passages = client.create_collection("passages", embedding_function=None)
        self._connection = sqlite3.connect(folder / "plain.sqlite", check_same_thread=False)
        self._saver = SqliteSaver(self._connection)
        self._saver.setup()
        self._connection.execute("CREATE TABLE packages (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        self._graph = self._build(output_mode)
        self._job: PlainJob | None = None
        self.analysis_s = 0.0

    def index(self, caller: Caller) -> None:
        """Put all passages into Chroma, under their accounts."""
        with self._store.read() as session:
            for batch in session.passages.iterate(caller.tenant):
                passages = [stored.passage for stored in batch]
                self._passages.add(
                    ids=[passage.id for passage in passages],
                    documents=[passage.text for passage in passages],
                    embeddings=list(self._embedder.embed_passages([passage.text for passage in passages])),
                    metadatas=[
                        {"account": one.account_id, "interaction": one.interaction_id, "at": one.at.isoformat()}
                        for one in passages
                    ],
                )

    def make(self, job: PlainJob) -> str:
        """One package, made and saved; what the supervisor says at the end."""
        self._job = job
        ask = HumanMessage(f"Prepare the visit to {job.context.account.name}: {job.context.request.purpose}")
        place: Any = {"configurable": {"thread_id": job.context.run_id}, "recursion_limit": 200}
        final = self._graph.invoke({"messages": [ask]}, place)
        said = str(final["messages"][-1].content)
        sections = {agent: output.model_dump(mode="json") for agent, output in job.outputs.items()}
        body = json.dumps({"said": said, "sections": sections}, ensure_ascii=False)
        with self._connection:
            self._connection.execute("INSERT INTO packages VALUES (?, ?)", (job.context.run_id, body))
        return said

    def close(self) -> None:
        """Close the checkpoints."""
        self._connection.close()

    @property
    def _at_hand(self) -> PlainJob:
        assert self._job is not None  # noqa: S101
        return self._job

    def _read(self, tool: str, query: Callable[[Session, PlainJob], Sequence[Any]]) -> str:
        job = self._at_hand
        with self._store.read() as session:
            found = tuple(query(session, job))
        job.sources[tool] = Source(READS[tool].system, Reading(found, job.context.now), as_of=job.context.now)
        return "[" + ",".join(record.model_dump_json() for record in found) + "]"

    def _recall(self) -> str:
        job = self._at_hand
        vector: Any = self._embedder.embed_query(job.context.request.purpose)
        found: Any = self._passages.query(
            query_embeddings=[vector], n_results=_LIKE_THE_PURPOSE, where={"account": job.context.account.id}
        )
        rows = zip(found["ids"][0], found["documents"][0], found["metadatas"][0], found["distances"][0], strict=True)
        hits = tuple(
            Hit(told["interaction"], passage, 1 / (1 + distance), text, datetime.fromisoformat(told["at"]))
            for passage, text, told, distance in rows
        )
        job.sources["recall_history"] = Source(READS["read_interactions"].system, Recollection(hits, 0, 0))
        return json.dumps(found["documents"][0], ensure_ascii=False)

    def _analyse(self, agent: str) -> str:
        job = self._at_hand
        start = time.thread_time()
        output = AGENTS[agent].run(INPUTS[agent]({"sources": job.sources, "outputs": job.outputs}, job.context))
        self.analysis_s += time.thread_time() - start
        job.outputs[agent] = output
        return output.model_dump_json()

    def _tool(self, name: str) -> StructuredTool:
        if name == "recall_history":
            return StructuredTool.from_function(self._recall, name=name, description="Passages like the purpose")
        query = READS[name].query
        return StructuredTool.from_function(lambda: self._read(name, query), name=name, description=READS[name].purpose)

    def _specialist(self, agent: str) -> Graph:
        analyse = StructuredTool.from_function(
            lambda: self._analyse(agent), name=f"analyse_{agent}", description=AGENTS[agent].purpose
        )
        tools = [*map(self._tool, TOOLS_OF[agent]), analyse]
        made: Graph = create_react_agent(_specialise(agent), tools, name=agent)
        return made

    def _build(self, output_mode: OutputMode) -> Graph:
        specialists: list[Any] = [self._specialist(agent) for agent in TOOLS_OF]
        graph = create_supervisor(specialists, model=ScriptedModel(script=_supervise), output_mode=output_mode)
        return graph.compile(checkpointer=self._saver)
