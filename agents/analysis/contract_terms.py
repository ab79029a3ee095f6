"""What the account's contracts bind us to, and when they end."""

from collections.abc import Iterable
from datetime import date

from agents.analysis.quoting import quoted
from core.domain.contracts import ClauseKind, Contract
from core.domain.money import plausible_money
from core.domain.views.operations import ContractTerm

CLAUSE_CHARACTERS = 240


def build_terms(contracts: Iterable[Contract], today: date) -> tuple[ContractTerm, ...]:
    """All contracts: those in force first, the next to end leading; then the expired ones, the latest leading."""
    terms = [_term(contract, today) for contract in contracts]
    running = [term for term in terms if term.days_left is None or term.days_left >= 0]
    over = [term for term in terms if term.days_left is not None and term.days_left < 0]
    running.sort(key=lambda term: (term.ends_on or date.max, term.contract_id))
    over.sort(key=lambda term: (-(term.days_left or 0), term.contract_id))
    return (*running, *over)


def clauses_in_force(contracts: Iterable[Contract], today: date) -> frozenset[ClauseKind]:
    """Kinds of clauses in contracts that have not ended."""
    running = (contract for contract in contracts if contract.ends_on is None or contract.ends_on >= today)
    return frozenset(clause.kind for contract in running for clause in contract.clauses)


def _term(contract: Contract, today: date) -> ContractTerm:
    clauses: dict[ClauseKind, str] = {}
    for clause in contract.clauses:
        clauses.setdefault(clause.kind, quoted(clause.text, CLAUSE_CHARACTERS))
    return ContractTerm(
        contract_id=contract.id,
        title=quoted(contract.title, 80),
        number=quoted(contract.number, 40) if contract.number else None,
        value=plausible_money(contract.value),
        ends_on=contract.ends_on,
        days_left=(contract.ends_on - today).days if contract.ends_on else None,
        clauses=clauses,
        evidence=contract.evidence_id,
    )
