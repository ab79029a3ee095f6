"""What may go wrong: the risk agent's view."""

from enum import StrEnum

from core.domain.base import Frozen


class Severity(StrEnum):
    """How much a risk matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Risk(Frozen):
    """A warning: `code` is the rule or model that fired, `clears_when` what would end it, `claim` the sentence."""

    code: str
    severity: Severity
    text: str
    clears_when: str
    claim: str
    evidence: tuple[str, ...]


class RisksView(Frozen):
    """Warnings, gravest first, and the codes of all rules that were checked (so silence means something)."""

    risks: tuple[Risk, ...] = ()
    checked: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
