"""What goes where on the page: reading order, which claims each part carries, and the numbers of the sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from core.domain.base import Evidence
from core.domain.claims import Claim, Section
from core.domain.packages import Package, SectionStatus
from core.domain.views.operations import ApprovalStep
from core.domain.views.proposals import Recommendation, RecommendationKind
from core.domain.views.stage import BuyingStage
from hub.rendering.labels import Labels, load_labels

# What to do and what to fear comes first; the facts behind it follow.
READING_ORDER = (
    Section.PROPOSALS,
    Section.RISKS,
    Section.INFLUENCE_MAP,
    Section.STAGE,
    Section.STOCK,
    Section.APPROVAL_PATH,
    Section.COMPETITORS,
    Section.RESOURCES,
    Section.HISTORY,
)

_SHORT_CHARS = 60
_PERSON_ID = "person:"


class Cited(Protocol):
    """Something that rests on one piece of evidence."""

    @property
    def evidence(self) -> str:
        """Its evidence id."""


Item = TypeVar("Item", bound=Cited)


@dataclass(frozen=True)
class Outline:
    """A package with the order, numbers and labels under which it is shown."""

    package: Package
    labels: Labels

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.package.claims}

    def of(self, ids: Iterable[str]) -> list[Claim]:
        """The claims with these ids that the package holds, in order and once each."""
        return [self.claims[id_] for id_ in dict.fromkeys(ids) if id_ in self.claims]

    @cached_property
    def summary(self) -> list[Claim]:
        """The claims to read first."""
        return self.of(self.package.summary)

    def remaining(self, section: Section) -> list[Claim]:
        """Claims of a section that its typed data does not already put before the reader."""
        shown = {claim.id for claim in self._with_data(section)}
        return [claim for claim in self.of(self.package.sections.of(section).claims) if claim.id not in shown]

    @cached_property
    def reading(self) -> list[Claim]:
        """The claims in the order in which the page shows them, from the top to the end of the last section."""
        reading = [*self.summary]
        for section in READING_ORDER:
            reading += [*self._with_data(section), *self.remaining(section)]
        return reading

    def reference(self, claim: Claim) -> str | None:
        """The beginning of a claim that stands in a section above; None for one that must be given in full."""
        if claim.id not in self._read or len(claim.text) <= _SHORT_CHARS:
            return None
        return _opening(claim.text)

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(claim.id for claim in self.reading)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each source, from 1, in the order in which the page cites them."""
        ids = dict.fromkeys(id_ for claim in (*self.reading, *self.package.claims) for id_ in claim.evidence)
        return {id_: number for number, id_ in enumerate(ids, start=1)}

    @property
    def evidence(self) -> dict[str, Evidence]:
        """The sources that the reader may see, by id."""
        return self.package.evidence

    def evidence_of(self, claim: Claim) -> list[tuple[int, Evidence | None]]:
        """Number and source of each piece of evidence; None for one that the reader may not see."""
        return [(self.numbers[id_], self.package.evidence.get(id_)) for id_ in claim.evidence]

    def numbers_of(self, claim: Claim) -> str:
        """The numbers of a claim's sources, runs shortened: `2, 5–8`."""
        numbers = sorted(self.numbers[id_] for id_ in claim.evidence)
        runs: list[list[int]] = []
        for number in numbers:
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return ", ".join(_run(run) for run in runs)

    def anchor(self, claim: Claim) -> str:
        """The id under which a page shows a claim's sources; made of nothing that came from outside."""
        return f"claim-{self._places[claim.id]}"

    @cached_property
    def _places(self) -> dict[str, int]:
        return {claim.id: place for place, claim in enumerate(self.package.claims)}

    @cached_property
    def sources(self) -> list[tuple[int, Evidence | None]]:
        """All cited sources by number."""
        return [(number, self.package.evidence.get(id_)) for id_, number in self.numbers.items()]

    @cached_property
    def gaps(self) -> list[tuple[Section, str]]:
        """Sections that are stale or missing, with the reason."""
        found = [(section, self.package.sections.of(section)) for section in READING_ORDER]
        return [(name, part.reason or "") for name, part in found if part.status is not SectionStatus.OK]

    @cached_property
    def plan(self) -> dict[RecommendationKind, list[Recommendation]]:
        """Recommendations by kind, in the order of use; kinds without any are left out."""
        view = self.package.sections.proposals.data
        given = view.recommendations if view else ()
        by_kind = {kind: [each for each in given if each.kind is kind] for kind in RecommendationKind}
        return {kind: found for kind, found in by_kind.items() if found}

    @cached_property
    def steps(self) -> list[tuple[int, list[tuple[ApprovalStep, Claim | None]]]]:
        """The approval path: by its own order, the steps taken side by side, each with the claim that words it."""
        view = self.package.sections.approval_path.data
        steps = view.steps if view else ()
        orders = sorted({step.order for step in steps})
        return [(order, [(step, self._wording(step)) for step in steps if step.order == order]) for order in orders]

    def _wording(self, step: ApprovalStep) -> Claim | None:
        claims = self.of(self.package.sections.approval_path.claims)
        return next((claim for claim in claims if step.approver in claim.text and step.reason in claim.text), None)

    @cached_property
    def distribution(self) -> list[tuple[BuyingStage, float]]:
        """The buying stages in their usual order with their probabilities; empty when nothing is known."""
        view = self.package.sections.stage.data
        return [(stage, view.distribution.get(stage, 0.0)) for stage in BuyingStage] if view else []

    def uncited(self, section: Section, items: Iterable[Item]) -> list[Item]:
        """Those of a section's items that none of its claims already tells of."""
        told = {id_ for claim in self.of(self.package.sections.of(section).claims) for id_ in claim.evidence}
        return [item for item in items if item.evidence not in told]

    def person(self, given: str) -> str:
        """A person's name, whether named or given by id; empty for the id of one whose name could not be read."""
        return self._names.get(given, "" if given.startswith(_PERSON_ID) else given)

    @cached_property
    def _names(self) -> dict[str, str]:
        view = self.package.sections.influence_map.data
        return {person.id: person.name for person in view.people} if view else {}

    def _with_data(self, section: Section) -> list[Claim]:
        if section is Section.RISKS and (risks := self.package.sections.risks.data):
            return self.of(risk.claim for risk in risks.risks)
        if section is Section.PROPOSALS and (plan := self.package.sections.proposals.data):
            texts = [each.claim for found in self.plan.values() for each in found]
            return self.of([*texts, *(offer.claim for offer in plan.offers)])
        if section is Section.APPROVAL_PATH:
            return [claim for _place, steps in self.steps for _step, claim in steps if claim is not None]
        return []


def _opening(text: str) -> str:
    start = text[:_SHORT_CHARS]
    # Latin text is cut between words; Chinese has no spaces to cut at.
    head, _space, tail = start.rpartition(" ")
    return f"{(head if head and tail.isascii() else start).rstrip(' ,;:，；：、')} …"


def _run(numbers: list[int]) -> str:
    if len(numbers) < 3:
        return ", ".join(map(str, numbers))
    return f"{numbers[0]}–{numbers[-1]}"


def outline_of(package: Package) -> Outline:
    """The outline of a package in the package's own language."""
    return Outline(package, load_labels(package.lang))
