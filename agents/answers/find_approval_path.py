"""Question `find_approval_path`."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agents.analysis.contract_terms import clauses_in_force
from agents.analysis.deals import open_deals
from agents.analysis.price_quotes import asked_discount
from agents.analysis.quoting import quoted
from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId, Amount, Fraction
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.accounts import Account
from core.domain.base import Record
from core.domain.claims import ClaimState, Section
from core.domain.contracts import ApprovalRule
from core.domain.deals import Opportunity
from core.domain.money import Money, plausible_money
from core.policy.approvals import ApprovalFacts, approval_path
from core.policy.decision import PolicyError
from core.policy.defaults import load_default_tables
from tools.spec import OfAccount, ToolArgs


class FindApprovalPathArgs(ToolArgs):
    """Arguments of `find_approval_path`."""

    account_id: AccountId
    discount: Fraction | None = None
    amount: Amount | None = None


_REASONS = 6


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be approved: the figures asked about, else those of the customer's largest open deal, if any."""

    account: Account
    deal: Opportunity | None
    amount: Money | None
    discount: Decimal
    cited: tuple[Record, ...]


async def find_approval_path(asking: Asking, args: FindApprovalPathArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Ask the approval table about the deal, and say who must approve, in order, and why."""
    desk, of_account = Desk(asking, notebook, Section.APPROVAL_PATH), OfAccount(account_id=args.account_id)
    account, rules, deals, contracts = await asyncio.gather(
        desk.account(args.account_id),
        desk.records("read_approval_rules"),
        desk.records("read_opportunities", of_account),
        desk.records("read_contracts", of_account),
    )
    if account is None or rules is None:
        return desk.finish({"account_id": args.account_id})
    matter = _matter(account, open_deals(deals or ()), args)
    facts: dict[str, Any] = {
        "account_id": account.id,
        "deal": matter.deal.id if matter.deal else None,
        "amount": matter.amount,
        "amount_cny": matter.amount.in_cny() if matter.amount else None,
        "discount": matter.discount,
    }
    table = rules or load_default_tables().approvals
    try:
        path = approval_path(
            table,
            ApprovalFacts(
                amount_cny=facts["amount_cny"],
                discount=matter.discount,
                region=account.region or (matter.deal.region if matter.deal else None),
                customer_class=account.customer_class,
                clauses=None if contracts is None else clauses_in_force(contracts, desk.today),
                country=account.country,
            ),
        )
    except PolicyError as error:
        problem = quoted(str(error), 160)
        desk.say("approvals_unusable", account, state=ClaimState.INFERRED, problem=problem)
        return desk.finish(facts)
    steps = _say_path(desk, matter, path, own=bool(rules))
    if contracts is None and any(rule.clause is not None for rule in path):
        desk.say("path_clauses_unknown", *matter.cited, state=ClaimState.INFERRED)
    return desk.finish({**facts, "steps": steps})


def _matter(account: Account, deals: tuple[Opportunity, ...], args: FindApprovalPathArgs) -> Matter:
    deal = deals[0] if deals else None
    amount = args.amount or (plausible_money(deal.amount) if deal else None)
    asked = asked_discount(deal) if deal else None
    discount = args.discount if args.discount is not None else min(asked or Decimal(0), Decimal(1))
    return Matter(account, deal, amount, discount, (account, *([deal] if deal else [])))


def _say_path(desk: Desk, matter: Matter, path: tuple[ApprovalRule, ...], *, own: bool) -> list[dict[str, Any]]:
    """Say the path and the reason of each step; returned as facts, in order."""
    shown: dict[str, Any] = {
        "account": named(matter.account.name),
        "deal": named(matter.deal.name) if matter.deal else None,
        "amount": matter.amount,
        "discount": matter.discount or None,
    }
    steps = [
        {
            "order": rule.order,
            "approver": _approver(desk, rule, own=own),
            "department": rule.department,
            "reason": quoted((rule.reason_zh if desk.chinese else None) or rule.reason, 200).rstrip(".。 "),
        }
        for rule in path
    ]
    # The hub's own table is no record of the company; what it was asked about is.
    cited = [*(path if own else ()), *matter.cited]
    if not steps:
        desk.say("path_free", *cited, state=ClaimState.INFERRED, **shown)
        return steps
    groups = _groups(steps)
    desk.say("path", *cited, state=ClaimState.INFERRED, **shown, steps=groups, count=len(groups))
    for rule, step in list(zip(path, steps, strict=True))[:_REASONS]:
        sources = [rule] if own else [matter.account]
        department = desk.term("operations", f"department_{rule.department}")
        told = {"approver": step["approver"], "department": department, "reason": step["reason"]}
        desk.say("path_reason", *sources, state=ClaimState.INFERRED, **told)
    desk.say_more(cited, count=len(steps[_REASONS:]))
    if matter.amount is None and any(rule.min_amount is not None or rule.max_amount is not None for rule in path):
        desk.say("path_amount_unknown", *matter.cited, state=ClaimState.INFERRED)
    if not own:
        desk.say("path_default", matter.account, state=ClaimState.INFERRED)
    return steps


def _groups(steps: list[dict[str, Any]]) -> list[str]:
    """Approvers by order, those of equal order together."""
    orders = sorted({step["order"] for step in steps})
    joint = [dict.fromkeys(step["approver"] for step in steps if step["order"] == order) for order in orders]
    return [" + ".join(approvers) for approvers in joint]


def _approver(desk: Desk, rule: ApprovalRule, *, own: bool) -> str:
    """As the company's table has it, or the role in the hub's own table in the reader's language."""
    if own:
        return quoted(rule.approver, 60)
    return desk.term("operations", f"approver_{rule.approver.lower().replace(' ', '_')}")


ANSWER = AnswerSpec(
    name="find_approval_path",
    agent="operations",
    purpose="Who must approve a deal with a customer, in order, at a discount or an amount",
    args_model=FindApprovalPathArgs,
    run=find_approval_path,
)
