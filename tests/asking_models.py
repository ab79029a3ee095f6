"""A model at the protocol server, two tools, and a dialogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.model_settings import ModelRole
from core.settings import Settings
from evals.bench.model_server.serving import ModelServer, Reply, open_model_server
from graphs.models.build import build_models
from graphs.models.messages import Message
from graphs.models.model import Model

SOON = {"retry_after_ms": "1"}

# A model outlives its loops, as in an installation. One that is collected while its loop lives leaves connections open.
_KEPT: list[Model] = []


@dataclass(frozen=True)
class SomeTool:
    name: str
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)


STOCK = SomeTool(
    "check_stock",
    "How many of a product can be delivered.",
    {
        "type": "object",
        "properties": {"product": {"type": "string"}, "quantity": {"type": "integer"}},
        "required": ["product"],
        "additionalProperties": False,
    },
)
PEOPLE = SomeTool(
    "find_people",
    "Who decides at a customer.",
    {
        "type": "object",
        "properties": {"account": {"type": "string"}, "role": {"$ref": "#/$defs/Role"}},
        "required": ["account"],
        "additionalProperties": False,
        "$defs": {"Role": {"enum": ["champion", "blocker"]}},
    },
)
TOOLS = (PEOPLE, STOCK)

ASKED = (Message("system", "You help sales people."), Message("user", "Who decides at Helios, and are 40 P-100 there?"))


def model_at(server: ModelServer, role: ModelRole = ModelRole.PLANNER, **chosen: Any) -> Model:
    """The model of a role at the server, set up as an installation would."""
    settings = Settings.model_validate(
        {
            "openai_base_url": server.url,
            "openai_api_key": None,
            "planner_model": "big",
            "models": {role: {"seconds": 60.0, **chosen}},
        }
    )
    model = build_models(settings).of(role)
    assert model is not None
    _KEPT.append(model)
    return model


@contextmanager
def asking(*replies: Reply, **chosen: Any) -> Iterator[tuple[Model, ModelServer]]:
    """A planner whose server answers with the replies in order, the last one for good."""
    with open_model_server(*replies) as server:
        yield model_at(server, **chosen), server
