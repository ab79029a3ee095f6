"""Question `list_signals`."""

from pydantic import Field

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.views.stage import SignalKind
from tools.spec import ToolArgs


class ListSignalsArgs(ToolArgs):
    """Arguments of `list_signals`."""

    account_id: AccountId
    kind: SignalKind | None = Field(default=None, description="Only needs, objections, competitors or urgency")


async def list_signals(asking: Asking, args: ListSignalsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """What a customer said it needs, objects to or hurries with, and which competitors it named."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="list_signals",
    agent="intent",
    purpose="What a customer said it needs, objects to or hurries with, and which competitors it named",
    args_model=ListSignalsArgs,
    run=list_signals,
)
