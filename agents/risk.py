"""The risk agent: warnings by rule, each with severity, evidence and what would clear it."""

from collections.abc import Sequence
from decimal import Decimal

from agents.analysis.risk.registry import RULES
from agents.analysis.risk.rule import Case, Hit, Rule, Term
from agents.analysis.risk.thresholds import PER_RULE, RISKS_SHOWN
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account
from core.domain.claims import Section
from core.domain.interactions import Interaction
from core.domain.views.market import MarketView
from core.domain.views.operations import OperationsView
from core.domain.views.people import InfluenceMap
from core.domain.views.risks import Risk, RisksView, Severity
from core.domain.views.stage import StageView
from prompts.loader import load_phrases

# Figures beyond this are errors of a file; they must not keep the other warnings from being shown.
_MOST = 10**15
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


class RiskInput(AgentInput):
    """What the other agents concluded and what was said; None means not readable or failed."""

    account: Account
    interactions: tuple[Interaction, ...] = ()
    stage: StageView | None = None
    people: InfluenceMap | None = None
    operations: OperationsView | None = None
    market: MarketView | None = None


def _rank(found: tuple[Rule, Hit]) -> tuple[int, int, str]:
    rule, hit = found
    return _GRAVITY[hit.severity], -(hit.on.toordinal() if hit.on else 0), rule.code


def _gravest(found: Sequence[tuple[Rule, Hit]]) -> list[tuple[Rule, Hit]]:
    """At most `PER_RULE` of each rule and `RISKS_SHOWN` in all, gravest and newest first."""
    shown: list[tuple[Rule, Hit]] = []
    for rule, hit in sorted(found, key=_rank):
        if sum(other.code == rule.code for other, _ in shown) < PER_RULE:
            shown.append((rule, hit))
    return shown[:RISKS_SHOWN]


class _Words:
    """Puts a hit into the words of the language asked for."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._book = load_phrases("risk")

    def facts(self, kind: str, hit: Hit) -> dict[str, object]:
        """Those facts of the hit that phrase `kind` uses, with terms in words."""
        used = self._book.phrases[kind, self._notebook.given.lang].variables
        return {name: self._worded(value) for name, value in hit.facts.items() if name in used}

    def _worded(self, value: object) -> object:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return max(-_MOST, min(_MOST, value))
        return self._notebook.phrase(f"{value.group}_{value.key}") if isinstance(value, Term) else value


def _risk(notebook: Notebook, rule: Rule, hit: Hit) -> Risk:
    words = _Words(notebook)
    claim = notebook.claim(
        Section.RISKS,
        rule.code,
        *hit.sources,
        state=rule.state,
        departments=rule.departments,
        **words.facts(rule.code, hit),
    )
    clears = f"{rule.code}_clears"
    return Risk(
        code=rule.code,
        severity=hit.severity,
        text=notebook.claims[claim].text,
        clears_when=notebook.phrase(clears, **words.facts(clears, hit)),
        claim=claim,
        evidence=notebook.claims[claim].evidence,
    )


def run(given: RiskInput) -> AgentOutput[RisksView]:
    """Warnings, gravest first; rules whose inputs are missing are named as not checked."""
    notebook = Notebook("risk", given)
    case = Case(
        given.account, given.today, given.interactions, given.stage, given.people, given.operations, given.market
    )
    checked = {code: rule for code, rule in RULES.items() if case.available.issuperset(rule.needs)}
    found = [(rule, hit) for rule in checked.values() for hit in rule.find(case)]
    risks = tuple(_risk(notebook, rule, hit) for rule, hit in _gravest(found))
    unchecked = tuple(code for code in RULES if code not in checked)
    return notebook.output(RisksView(risks=risks, checked=tuple(checked), not_checked=unchecked))


SPEC = AgentSpec(
    name="risk",
    purpose="What may go wrong, how grave it is, and what would clear it",
    input_model=RiskInput,
    output_model=AgentOutput[RisksView],
    run=run,
)
