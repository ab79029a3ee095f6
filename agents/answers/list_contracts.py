"""Question `list_contracts`."""

import asyncio
from typing import Any

from agents.analysis.contract_terms import build_terms
from agents.analysis.quoting import quoted, unstopped
from agents.answers.desk import Desk, named
from agents.answers.fields import AccountId
from agents.answers.spec import AnswerSpec, Asking, Told
from agents.spec import AgentOutput, Notebook
from core.domain.claims import ClaimState, Section
from core.domain.contracts import ClauseKind
from core.domain.views.operations import ContractTerm
from core.text import split_sentences
from tools.spec import OfAccount, ToolArgs


class ListContractsArgs(ToolArgs):
    """Arguments of `list_contracts`."""

    account_id: AccountId


_SHOWN = 3
_CLAUSES = (ClauseKind.DELIVERY, ClauseKind.LIABILITY, ClauseKind.PRICE, ClauseKind.RENEWAL, ClauseKind.TERMINATION)
_CLAUSE_CHARACTERS = 160
_MOST_CLAUSES = 2


async def list_contracts(asking: Asking, args: ListContractsArgs, notebook: Notebook) -> AgentOutput[Told]:
    """Say of each contract until when it binds and how it is paid, then what else the first one lays down."""
    desk = Desk(asking, notebook, Section.APPROVAL_PATH)
    account, contracts = await asyncio.gather(
        desk.account(args.account_id), desk.records("read_contracts", OfAccount(account_id=args.account_id))
    )
    if account is None or contracts is None:
        return desk.finish({"account_id": args.account_id})
    terms = build_terms(contracts, desk.today)
    running = [term for term in terms if term.days_left is None or term.days_left >= 0]
    over = [term for term in terms if term not in running]
    name = named(account.name)
    if not running:
        ended = over[0] if over else None
        cited = desk.sources([ended.evidence]) if ended else []
        was: dict[str, Any] = {"title": ended.title if ended else None, "ended_on": ended.ends_on if ended else None}
        desk.say("contracts_none", *(cited or [account]), account=name, **was)
    elif len(running) > 1:
        cited = desk.sources(term.evidence for term in running)
        desk.say("contracts", *cited, state=ClaimState.INFERRED, account=name, count=len(running))
    for term in running[:_SHOWN]:
        _say_contract(desk, term)
    if running:
        _say_clauses(desk, running[0])
    desk.say_more(desk.sources(term.evidence for term in running[_SHOWN:]))
    return desk.finish({"account_id": account.id, "in_force": running, "ended": over})


def _say_contract(desk: Desk, term: ContractTerm) -> None:
    payment = term.clauses.get(ClauseKind.PAYMENT)
    shown: dict[str, Any] = {"title": term.title, "number": term.number, "value": term.value, "ends_on": term.ends_on}
    paid = unstopped(_opening(payment)) if payment else None
    desk.say("contract", *desk.sources([term.evidence]), **shown, days=term.days_left, payment=paid)


def _say_clauses(desk: Desk, term: ContractTerm) -> None:
    for kind in [kind for kind in _CLAUSES if kind in term.clauses][:_MOST_CLAUSES]:
        topic = desk.term("operations", f"clause_{kind}")
        text = unstopped(_opening(term.clauses[kind]))
        desk.say("contract_clause", *desk.sources([term.evidence]), title=term.title, topic=topic, text=text)


def _opening(text: str) -> str:
    """As many whole sentences as fit on two lines, the first one in any case."""
    first, *others = split_sentences(text) or [""]
    for sentence in others:
        if len(first) + len(sentence) > _CLAUSE_CHARACTERS:
            break
        first = f"{first} {sentence}" if first.isascii() else first + sentence
    return quoted(first, _CLAUSE_CHARACTERS)


ANSWER = AnswerSpec(
    name="list_contracts",
    agent="operations",
    purpose="Contracts of a customer: payment terms, penalties and other clauses, value, when they end",
    args_model=ListContractsArgs,
    run=list_contracts,
)
