"""The package as its reviewers left it."""

from collections.abc import Sequence
from typing import Any

from core.domain.claims import Claim
from core.domain.packages import Package, PackageSection
from core.domain.reviews import Review, ReviewEdit


def as_reviewed(package: Package, reviews: Sequence[Review], edits: Sequence[ReviewEdit]) -> Package:
    """The package with the state of its reviews, and each edited claim as last edited, wherever its words stand.

    `edits` are in the order in which they were made.
    """
    state = {review.id: review for review in reviews}
    last = {edit.claim_id: edit for edit in edits}
    package = package.model_copy(update={"reviews": tuple(state.get(each.id, each) for each in package.reviews)})
    if not last:
        return package
    sections = package.sections
    texts = {claim_id: edit.after for claim_id, edit in last.items()}
    return package.model_copy(
        update={
            "claims": tuple(_edited(claim, last.get(claim.id)) for claim in package.claims),
            "sections": sections.model_copy(
                update={
                    "proposals": _reworded(sections.proposals, "recommendations", texts),
                    "risks": _reworded(sections.risks, "risks", texts),
                }
            ),
        }
    )


def _edited(claim: Claim, edit: ReviewEdit | None) -> Claim:
    if edit is None:
        return claim
    return claim.model_copy(update={"text": edit.after, "state": edit.state, "edited_by": edit.by})


def _reworded(section: PackageSection[Any], field: str, texts: dict[str, str]) -> PackageSection[Any]:
    """The section whose typed data repeats the words of claims."""
    if section.data is None:
        return section
    items = tuple(
        item.model_copy(update={"text": texts.get(item.claim, item.text)}) for item in getattr(section.data, field)
    )
    return section.model_copy(update={"data": section.data.model_copy(update={field: items})})
