"""Question `find_contact`."""

from agents.answers.fields import ContactId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from tools.spec import ToolArgs


class FindContactArgs(ToolArgs):
    """Arguments of `find_contact`."""

    contact_id: ContactId


async def find_contact(asking: Asking, args: FindContactArgs, notebook: Notebook) -> AgentOutput[Told]:
    """One person at a customer: title, mail address, phone, last contact, stance towards us."""
    raise NotImplementedError


ANSWER = AnswerSpec(
    name="find_contact",
    agent="stakeholders",
    purpose="One person at a customer: title, mail address, phone, last contact, stance towards us",
    args_model=FindContactArgs,
    run=find_contact,
)
