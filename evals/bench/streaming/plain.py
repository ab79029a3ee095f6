"""The peer: LangGraph's own agent behind FastAPI, streaming in the same protocol; nothing is checked or kept.

`python -m evals.bench.streaming.plain` serves it in a process of its own.
"""

import argparse
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent

from core.domain.products import StockLine
from core.identity import local_owner
from core.settings import Settings
from db.store import Store, open_store
from evals.bench.demo_home import TENANT


def build_app(store: Store, url: str) -> FastAPI:
    """One agent with one tool, which reads stock straight from the store."""

    @tool
    def check_stock(product_ids: list[str]) -> str:
        """How many of some products are in stock."""
        with store.read() as unit:
            lines = unit.records.find(local_owner(TENANT), StockLine)
        return json.dumps([line.model_dump(mode="json") for line in lines if line.product_id in product_ids])

    model = ChatOpenAI(model="stub", base_url=url, api_key="none")
    agent: Any = create_react_agent(model, [check_stock])
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> StreamingResponse:
        question = (await request.json())["messages"][-1]["content"]
        return StreamingResponse(_events(agent, question), media_type="text/event-stream")

    return app


async def _events(agent: Any, question: str) -> AsyncIterator[str]:
    asked = {"messages": [HumanMessage(question)]}
    async for message, _where in agent.astream(asked, stream_mode="messages"):
        if isinstance(message, AIMessageChunk) and message.content:
            yield f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'content': message.content}}]})}\n\n"
    yield "data: [DONE]\n\n"


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    with open_store(Settings(home=chosen.home).records_url) as store:
        uvicorn.run(build_app(store, chosen.model), port=chosen.port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
