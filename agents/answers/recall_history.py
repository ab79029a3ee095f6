"""Question `recall_history`."""

from pydantic import Field

from agents.answers.fields import AccountId, Words
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class RecallHistoryArgs(ToolArgs):
    """Arguments of `recall_history`."""

    account_id: AccountId
    query: Words = Field(description="The topic or question, in the words of whoever asks")


async def recall_history(asking: Asking, args: RecallHistoryArgs, notebook: Notebook) -> AgentOutput[Told]:
    """What was said or written about a topic in past exchanges with a customer, in the words of the source."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="recall_history",
    agent="history",
    purpose="What was said or written about a topic in past exchanges with a customer, in the words of the source",
    args_model=RecallHistoryArgs,
    run=recall_history,
)
