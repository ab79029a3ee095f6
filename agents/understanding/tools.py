"""Tools that a message may ask for: who answers, and which arguments there are."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from agents.answers.registry import ANSWERS
from core.domain.payloads import Operation
from tools.registry import WRITE_TOOLS
from tools.spec import ToolArgs

HUB = "hub"
"""Answers what concerns the hub itself, and takes writes as proposals."""

MODELS: dict[str, type[ToolArgs]] = {
    **{name: answer.args_model for name, answer in ANSWERS.items()},
    **{operation.value: tool.args_model for operation, tool in WRITE_TOOLS.items()},
}
# The hub's own tools, whose arguments are defined above this layer.
_OWN: dict[str, frozenset[str]] = {
    "prepare_visit": frozenset({"account_id", "purpose", "at"}),
    "find_visit": frozenset({"account_id"}),
    "list_tasks": frozenset(),
    "list_effects": frozenset({"status"}),
    "help": frozenset(),
}
SLOTS: dict[str, frozenset[str]] = {name: frozenset(model.model_fields) for name, model in MODELS.items()} | _OWN
DAY_SLOTS = ("by", "until", "due_on", "needed_on", "on", "at", "closing_by", "close_on", "since", "valid_until")
WRITING = frozenset(operation.value for operation in Operation) | {"prepare_visit"}
REFUSING = frozenset({"out_of_scope", "not_allowed", "needs_model"})


def agent_of(tool: str) -> str:
    """Who answers a call."""
    return ANSWERS[tool].agent if tool in ANSWERS else HUB


def is_valid(tool: str, args: Mapping[str, Any]) -> bool:
    """Whether a tool takes these arguments."""
    model = MODELS.get(tool)
    if model is None:
        return args.keys() <= SLOTS[tool]
    try:
        model.model_validate(dict(args))
    except ValidationError:
        return False
    return True
