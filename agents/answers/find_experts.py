"""Question `find_experts`."""

from pydantic import Field

from agents.answers.fields import AccountId, Day
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindExpertsArgs(ToolArgs):
    """Arguments of `find_experts`."""

    account_id: AccountId
    on: Day | None = Field(default=None, description="The day of the visit")


async def find_experts(asking: Asking, args: FindExpertsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Which of our technical experts to bring to a customer, and whether they are free on a day."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_experts",
    agent="resources",
    purpose="Which of our technical experts to bring to a customer, and whether they are free on a day",
    args_model=FindExpertsArgs,
    run=find_experts,
)
