"""Competitors' moves: the market agent's view."""

from datetime import date

from pydantic import Field

from core.domain.base import Frozen
from core.domain.market import MoveKind


class Move(Frozen):
    """A competitor's move with its relevance (0–1) to this account and deal, and why it is relevant."""

    competitor: str
    move: MoveKind
    title: str
    at: date | None
    relevance: float
    why: tuple[str, ...]
    evidence: tuple[str, ...]


class MarketView(Frozen):
    """Relevant moves, most relevant first; `active` names competitors the account itself mentioned or a deal lists.

    `active_evidence` holds the ids of the sentences and deals that show it, by competitor.
    """

    moves: tuple[Move, ...] = ()
    active: tuple[str, ...] = ()
    active_evidence: dict[str, tuple[str, ...]] = Field(default_factory=dict)
