"""Question `suggest_proposal`."""

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class SuggestProposalArgs(ToolArgs):
    """Arguments of `suggest_proposal`."""

    account_id: AccountId


async def suggest_proposal(asking: Asking, args: SuggestProposalArgs, notebook: Notebook) -> AgentOutput[Told]:
    """What to do next with a customer: goal, messages, offer inside policy and next steps."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="suggest_proposal",
    agent="proposal",
    purpose="What to do next with a customer: goal, messages, offer inside policy and next steps",
    args_model=SuggestProposalArgs,
    run=suggest_proposal,
)
