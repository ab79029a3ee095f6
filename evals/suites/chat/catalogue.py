"""The tools that a message may end in, as the product offers them: what each is for, and its default arguments."""

from collections.abc import Mapping
from typing import Any

from agents.answers.spec import Asking
from agents.spec import AgentInput
from core.language import Lang
from evals.suites.chat.company import TENANT, USERS
from graphs.chat.state import ChatTool
from hub.chat.proposing import InHand
from hub.chat.toolbox import build_toolbox
from hub.installation import Platform
from tools.spec import ToolArgs


def read_catalogue(platform: Platform) -> Mapping[str, ChatTool]:
    """All tools by name, to look at and not to run."""
    now = platform.clock.now()
    asking = Asking(USERS["manager"].caller(TENANT), now, AgentInput(lang=Lang.EN, today=now.date()), _reads_nothing)
    return build_toolbox(platform, asking, "suite", Lang.EN, InHand())


def default_arguments(tools: Mapping[str, ChatTool]) -> dict[str, dict[str, Any]]:
    """By tool, the arguments with a default and that default: given or left out, they say the same."""
    return {
        name: {each: field.default for each, field in tool.args_model.model_fields.items() if not field.is_required()}
        for name, tool in tools.items()
    }


async def _reads_nothing(tool: str, args: ToolArgs) -> Any:
    raise AssertionError(f"{tool} is only looked at, not run with {args}")
