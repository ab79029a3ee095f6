"""Reading the systems of record: side by side, each read timed out and allowed to fail visibly."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from langgraph.runtime import Runtime

from agents.inputs import open_products
from core.domain.base import System
from core.domain.visits import StepStatus
from core.errors import SourceError
from core.ports.reading import Reading
from graphs.visit.state import Node, Source, VisitContext, VisitState
from tools.recall_history import RecallArgs
from tools.registry import TOOLS
from tools.spec import NoArgs, OfAccount, OfProducts, ToolArgs

log = structlog.get_logger()

Plan = Callable[[VisitState, VisitContext], dict[str, ToolArgs]]


async def read(context: VisitContext, tool: str, args: ToolArgs) -> Source:
    """One tool's answer, or the problem that kept it from answering in time."""
    spec = TOOLS[tool]
    problem = None
    try:
        async with asyncio.timeout(context.gather_timeout_s):
            answer = await spec.run(context.tools, args)
    except SourceError as error:
        problem = error.reason
    except TimeoutError:
        problem = "timeout"
    except Exception:
        # A source may break in ways nobody foresaw; the package must say so rather than not exist.
        log.exception("source_failed", tool=tool, run=context.run_id)
        problem = "malformed"
    else:
        as_of = answer.as_of if isinstance(answer, Reading) else None
        return Source(spec.system, answer, as_of=as_of)
    log.warning("source_unavailable", tool=tool, problem=problem, run=context.run_id)
    return Source(spec.system, None, problem, await asyncio.to_thread(context.last_good, spec.system))


def gather(system: System, plan: Plan) -> tuple[str, Node]:
    """A node that reads all that `plan` asks of one system, with its name."""
    name = f"gather_{system}"

    async def node(state: VisitState, *, runtime: Runtime[VisitContext]) -> VisitState:
        context = runtime.context
        context.progress(name, StepStatus.STARTED, None)
        wanted = plan(state, context)
        answers = await asyncio.gather(*(read(context, tool, args) for tool, args in wanted.items()))
        sources = dict(zip(wanted, answers, strict=True))
        problems = sorted({source.problem for source in answers if source.problem})
        status = StepStatus.FAILED if problems else StepStatus.DONE
        context.progress(name, status, ", ".join(problems) or None)
        return {"sources": sources}

    return name, node


def records(state: VisitState, tool: str) -> tuple[Any, ...] | None:
    """The records a tool brought back; None when it failed or was not asked."""
    source = state["sources"].get(tool)
    return source.answer.records if source is not None and isinstance(source.answer, Reading) else None


def _crm(_state: VisitState, context: VisitContext) -> dict[str, ToolArgs]:
    of_account = OfAccount(account_id=context.account.id)
    return {
        "read_contacts": of_account,
        "read_opportunities": of_account,
        "read_products": NoArgs(),
        "read_sales_people": NoArgs(),
    }


def _erp(state: VisitState, context: VisitContext) -> dict[str, ToolArgs]:
    wanted = OfProducts(product_ids=open_products(records(state, "read_opportunities")))
    return {
        "read_stock": wanted,
        "read_prices": wanted,
        "read_pricing_rules": NoArgs(),
        "read_orders": OfAccount(account_id=context.account.id),
    }


def _contracts(_state: VisitState, context: VisitContext) -> dict[str, ToolArgs]:
    return {"read_contracts": OfAccount(account_id=context.account.id), "read_approval_rules": NoArgs()}


def _market(_state: VisitState, context: VisitContext) -> dict[str, ToolArgs]:
    return {"read_market_notes": OfAccount(account_id=context.account.id)}


def _resources(_state: VisitState, _context: VisitContext) -> dict[str, ToolArgs]:
    return {"read_experts": NoArgs(), "read_references": NoArgs()}


def _memory(_state: VisitState, context: VisitContext) -> dict[str, ToolArgs]:
    account_id = context.account.id
    query = RecallArgs(account_id=account_id, query=context.request.purpose, k=8)
    return {"read_interactions": OfAccount(account_id=account_id), "recall_history": query}


FIRST: tuple[tuple[str, Node], ...] = (
    gather(System.CRM, _crm),
    gather(System.CONTRACTS, _contracts),
    gather(System.MARKET, _market),
    gather(System.RESOURCES, _resources),
    gather(System.MEMORY, _memory),
)
ERP = gather(System.ERP, _erp)
