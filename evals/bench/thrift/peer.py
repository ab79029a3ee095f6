"""The peer: `langgraph-supervisor` over one ReAct agent for each specialist, with the hub's own answers as its tools.

In its favour: each specialist makes its calls at once, and says what they brought in the hub's own sentences; nothing
is checked, kept or asked again.
"""

import json
from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langgraph.prebuilt import create_react_agent
from langgraph_supervisor import create_supervisor

from agents.answers.registry import ANSWERS
from agents.answers.spec import AnswerSpec, Asking
from agents.registry import AGENTS
from agents.spec import Notebook
from evals.bench.thrift.counting import Meter, MeteredModel
from evals.bench.thrift.jobs import Job

OutputMode = Literal["full_history", "last_message"]


async def ask_plainly(job: Job, ids: dict[str, str], asking: Asking, meter: Meter, mode: OutputMode) -> str:
    """What the supervisor says in the end; `ids` are those of the names in the job's calls."""
    wanted: dict[str, list[dict[str, Any]]] = {}
    for name, args in job.calls:
        call = {"name": name, "args": _resolved(args, ids), "id": name, "type": "tool_call"}
        wanted.setdefault(ANSWERS[name].agent, []).append(call)

    def supervise(messages: Sequence[BaseMessage]) -> AIMessage:
        handed = {message.name for message in messages if isinstance(message, ToolMessage)}
        for agent in wanted:
            if (tool := f"transfer_to_{agent}") not in handed:
                return AIMessage("", tool_calls=[{"name": tool, "args": {}, "id": tool, "type": "tool_call"}])
        return AIMessage("\n".join(str(m.content) for m in messages if isinstance(m, AIMessage) and m.name in wanted))

    def specialise(agent: str) -> MeteredModel:
        def script(messages: Sequence[BaseMessage]) -> AIMessage:
            calls = wanted[agent]
            said = [m for m in messages if isinstance(m, ToolMessage) and m.name in {call["name"] for call in calls}]
            if not said:
                return AIMessage("", tool_calls=calls)
            return AIMessage("\n".join(line for message in said for line in json.loads(str(message.content))))

        return MeteredModel(script=script, meter=meter)

    agents: list[Any] = []
    for agent in sorted({spec.agent for spec in ANSWERS.values()}):
        tools = [_tool(spec, asking) for spec in ANSWERS.values() if spec.agent == agent]
        agents.append(create_react_agent(specialise(agent), tools, name=agent, prompt=AGENTS[agent].purpose))
    supervisor = MeteredModel(script=supervise, meter=meter)
    prompt = "You lead these specialists of a sales team. Hand the question to those who can answer it, then answer."
    graph = create_supervisor(agents, model=supervisor, prompt=prompt, output_mode=mode).compile()
    final = await graph.ainvoke({"messages": [HumanMessage(job.question)]}, {"recursion_limit": 100})
    return str(final["messages"][-1].content)


def _tool(spec: AnswerSpec[Any], asking: Asking) -> StructuredTool:
    async def run(**args: Any) -> str:
        notebook = Notebook(spec.agent, asking.given)
        output = await spec.run(asking, spec.args_model.model_validate(args), notebook)
        return json.dumps([claim.text for claim in output.claims], ensure_ascii=False)

    return StructuredTool.from_function(
        coroutine=run, name=spec.name, description=spec.purpose, args_schema=spec.args_model
    )


def _resolved(args: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    return {name: ids.get(value, value) if isinstance(value, str) else value for name, value in args.items()}
