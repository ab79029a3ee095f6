"""Tool `recall_history`."""

from pydantic import Field

from core.domain.base import System
from core.ports.memory import Recollection
from tools.spec import ToolArgs, ToolContext, ToolSpec


class RecallArgs(ToolArgs):
    """What to look for in which account's past; `k` passages at most."""

    account_id: str
    query: str = Field(min_length=1, max_length=2000)
    k: int = Field(default=8, ge=1, le=100)


async def recall_history(context: ToolContext, args: RecallArgs) -> Recollection:
    """Passages of past interactions that answer a question."""
    return await context.memory.recall(context.caller, args.query, args.account_id, until=context.until, k=args.k)


TOOL = ToolSpec(
    name="recall_history",
    purpose="Passages of past interactions that answer a question",
    system=System.MEMORY,
    args_model=RecallArgs,
    run=recall_history,
)
