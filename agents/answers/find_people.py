"""Question `find_people`."""

from pydantic import Field

from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.views.people import BuyingRole
from tools.spec import ToolArgs


class FindPeopleArgs(ToolArgs):
    """Arguments of `find_people`."""

    account_id: AccountId
    role: BuyingRole | None = Field(default=None, description="Only this buying role; economic_buyer decides")


async def find_people(asking: Asking, args: FindPeopleArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Who decides, supports, evaluates or blocks at a customer; the map of people with their influence."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_people",
    agent="stakeholders",
    purpose="Who decides, supports, evaluates or blocks at a customer; the map of people with their influence",
    args_model=FindPeopleArgs,
    run=find_people,
)
