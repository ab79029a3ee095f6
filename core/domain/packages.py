"""The collaboration package: what a visit request turns into."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from core.domain.base import Evidence, Frozen
from core.domain.claims import Claim, Section
from core.domain.reviews import Review
from core.domain.views.history import HistoryView
from core.domain.views.market import MarketView
from core.domain.views.operations import ApprovalStep, ContractTerm, Cover, Quote
from core.domain.views.people import InfluenceMap
from core.domain.views.proposals import ProposalsView
from core.domain.views.resources import ResourcesView
from core.domain.views.risks import RisksView
from core.domain.views.stage import StageView
from core.domain.visits import RunStatus
from core.language import Lang

View = TypeVar("View")


class SectionStatus(StrEnum):
    """Whether a section can be relied on: `stale` has old or partial sources, `missing` has no data at all."""

    OK = "ok"
    STALE = "stale"
    MISSING = "missing"


class StockView(Frozen):
    """Typed data of the stock section."""

    covers: tuple[Cover, ...] = ()
    quotes: tuple[Quote, ...] = ()


class ApprovalView(Frozen):
    """Typed data of the approval path section."""

    steps: tuple[ApprovalStep, ...] = ()
    contracts: tuple[ContractTerm, ...] = ()


class PackageSection(Frozen, Generic[View]):
    """One section: its state with the reason, when its sources were last good, its claims and its typed data.

    Written out, the fields of `data` stand beside `status` and the rest; a missing section has none.
    """

    status: SectionStatus
    reason: str | None = None
    as_of: datetime | None = None
    claims: tuple[str, ...] = ()
    data: View | None = None

    @model_serializer(mode="wrap")
    def _beside(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = write(self)
        data = fields.pop("data") or {}
        return fields | data

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "data" in given:
            return given
        own = {name: value for name, value in given.items() if name in cls.model_fields}
        data = {name: value for name, value in given.items() if name not in cls.model_fields}
        return {**own, "data": data or None}


class Sections(Frozen):
    """All sections; none may be absent."""

    history: PackageSection[HistoryView]
    stage: PackageSection[StageView]
    competitors: PackageSection[MarketView]
    stock: PackageSection[StockView]
    approval_path: PackageSection[ApprovalView]
    proposals: PackageSection[ProposalsView]
    influence_map: PackageSection[InfluenceMap]
    risks: PackageSection[RisksView]
    resources: PackageSection[ResourcesView]

    def of(self, section: Section) -> PackageSection[Frozen]:
        """The section by its name."""
        found: PackageSection[Frozen] = getattr(self, section.value)
        return found


class Usage(Frozen):
    """What a run spent on language models; all zero with the embedded engine."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Package(Frozen):
    """The package as shown to people and other programs; `docs/reference/package.md` is its reference."""

    run_id: str
    account: str
    account_id: str
    lang: Lang
    purpose: str
    visit_on: date | None = None
    attendees: tuple[str, ...] = ()
    status: RunStatus
    created_at: datetime
    elapsed_ms: int
    summary: tuple[str, ...] = Field(default=(), description="Ids of the claims to read first")
    sections: Sections
    claims: tuple[Claim, ...]
    evidence: dict[str, Evidence]
    reviews: tuple[Review, ...] = ()
    model: str
    wording: str | None = Field(
        default=None, description="How far a language model reworded the claims, and why not further; None without one"
    )
    prompts: tuple[str, ...] = ()
    usage: Usage = Usage()
