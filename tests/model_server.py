"""How the server of models answers the writer as it should."""

import json

from evals.bench.model_server.replies import completion
from evals.bench.model_server.serving import Exchange
from tests.scripted_model import answer, reworded


async def good(exchange: Exchange) -> None:
    """Faithful wordings, in one piece, at a cost of 50 and 20 tokens."""
    lines = [json.loads(line) for line in exchange.body["messages"][-1]["content"].splitlines()]
    await exchange.say(200, completion(answer({line["id"]: reworded(line["text"]) for line in lines})))
