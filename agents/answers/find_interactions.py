"""Question `find_interactions`."""

from pydantic import Field

from agents.answers.fields import AccountId, ContactId, Day
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.interactions import InteractionKind
from tools.spec import ToolArgs


class FindInteractionsArgs(ToolArgs):
    """Arguments of `find_interactions`."""

    account_id: AccountId
    kind: InteractionKind | None = Field(default=None, description="Only this form of exchange")
    person_id: ContactId | None = Field(default=None, description="Only exchanges with this person, a contact id")
    since: Day | None = Field(default=None, description="Only exchanges on or after this day")
    limit: int = Field(default=5, ge=1, le=20, description="How many at most, newest first")


async def find_interactions(asking: Asking, args: FindInteractionsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """The latest exchanges with a customer or one person there, and when the last contact was."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_interactions",
    agent="history",
    purpose="The latest exchanges with a customer or one person there, and when the last contact was",
    args_model=FindInteractionsArgs,
    run=find_interactions,
)
