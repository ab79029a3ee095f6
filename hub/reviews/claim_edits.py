"""A reviewer's edit of a claim: kept as a diff, and held to the rules that the hub's own sentences keep."""

import re
from collections.abc import Iterator
from difflib import unified_diff

from core.domain.claims import Claim, ClaimState
from core.domain.packages import Package
from core.domain.reviews import ReviewEdit, ReviewEventKind, ReviewStatus
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.identity import Caller
from core.policy.named_prices import price_outside_policy
from graphs.visit.facts import Names
from graphs.visit.fidelity import Fault
from graphs.visit.support import find_unsupported
from hub.installation import Platform
from hub.redaction import visible_to
from hub.reviews.changing import Change, changing, require_going
from hub.reviews.decisions import require_revision
from hub.reviews.edited import as_reviewed
from hub.reviews.rights import require_decider
from hub.reviews.talk import take

# A word of letters, one Chinese character, or one other sign.
_TOKEN = re.compile(r"[^\W\u3400-\u9fff]+(?:[.,'’-][^\W\u3400-\u9fff]+)*|\S")


def edit_claim(
    platform: Platform, caller: Caller, review_id: str, claim_id: str, text: str, *, revision: int | None = None
) -> ReviewEdit:
    """Put a reviewer's words in place of a claim's.

    A price or discount outside policy is refused (InvalidInputError). What says more than the claim's evidence stands
    as *unsupported*, the reviewer's own statement. Raises ForbiddenError as for a decision, NotFoundError for a claim
    that is not in the caller's part, ConflictError when it was edited since `revision`, or is approved by others.
    """
    after = " ".join(text.split())
    if not after:
        raise InvalidInputError("is empty", field="text", remedy="Write the sentence as it should read.")
    with changing(platform, caller, review_id) as change:
        require_decider(change, caller)
        require_going(change.review, ReviewStatus.OPEN, ReviewStatus.ASKED)
        require_revision(change, revision)
        made, shown = _packages(change, caller)
        claim = _claim(shown, change, claim_id)
        if after == claim.text:
            raise InvalidInputError("is what the sentence says already", field="text", remedy="Change it, or approve.")
        _require_free(change, claim_id)
        state = _state(made, shown, claim, after)
        take(change, caller)
        edit = ReviewEdit(
            review_id=review_id,
            seq=len(change.unit.reviews.edits(change.tenant, change.run.id)) + 1,
            claim_id=claim_id,
            before=claim.text,
            after=after,
            diff=diff_words(claim.text, after),
            state=state,
            by=caller.user,
            at=change.now,
        )
        change.unit.reviews.add_edit(change.tenant, edit)
        change.record(ReviewEventKind.EDITED, claim=claim_id, edit=edit.seq, state=state.value)
        return edit


def diff_words(before: str, after: str) -> str:
    """The unified diff of two sentences, one word, Chinese character or sign a line."""
    return "\n".join(unified_diff(_TOKEN.findall(before), _TOKEN.findall(after), lineterm=""))


def _packages(change: Change, caller: Caller) -> tuple[Package, Package]:
    """The package as made, and as the caller now sees it."""
    package = change.unit.visits.package(caller, change.run.id)
    assert package is not None  # noqa: S101
    reviews = change.unit.reviews.of_run(change.tenant, change.run.id)
    edits = change.unit.reviews.edits(change.tenant, change.run.id)
    return package, visible_to(as_reviewed(package, reviews, edits), caller)


def _claim(package: Package, change: Change, claim_id: str) -> Claim:
    part = {claim.id: claim for claim in package.claims if claim.id in change.review.claims}
    if claim_id not in part:
        raise NotFoundError(
            f"no sentence “{claim_id}” in this part",
            field="claim",
            remedy="`saleshub reviews show` lists them.",
            nearest=list(part)[:5],
        )
    return part[claim_id]


def _require_free(change: Change, claim_id: str) -> None:
    """What another department has approved stays as it approved it."""
    for review in change.unit.reviews.of_run(change.tenant, change.run.id):
        if claim_id in review.claims and review.status is ReviewStatus.APPROVED:
            raise ConflictError(
                f"{review.department} has approved this sentence",
                field="claim",
                remedy="Ask back or reject with a reason instead.",
            )


def _state(made: Package, shown: Package, claim: Claim, after: str) -> ClaimState:
    quotes = shown.sections.stock.data.quotes if shown.sections.stock.data else ()
    priced = price_outside_policy(after, f"{claim.plain}\n{claim.text}", quotes)
    if priced is not None:
        raise InvalidInputError(
            f"“{priced}” is not a price inside policy",
            field="text",
            remedy="Name one that the package quotes, or none.",
        )
    cited = [shown.evidence[id_].quote for id_ in claim.evidence if id_ in shown.evidence]
    fault = find_unsupported(claim.plain, after, cited, shown.lang, Names(_names(shown)))
    if fault in (Fault.LENGTH, Fault.MARKUP):
        raise InvalidInputError(
            "is too long or holds signs that do not print", field="text", remedy="Write one or a few plain sentences."
        )
    computed = next(each.state for each in made.claims if each.id == claim.id)
    return computed if fault is None else ClaimState.UNSUPPORTED


def _names(package: Package) -> Iterator[str]:
    """Names that the package knows: the account, people, competitors, products."""
    yield package.account
    yield from package.attendees
    sections = package.sections
    if sections.influence_map.data:
        yield from (person.name for person in sections.influence_map.data.people)
    if sections.stock.data:
        yield from (cover.product for cover in sections.stock.data.covers)
        yield from (quote.product for quote in sections.stock.data.quotes)
    if sections.competitors.data:
        yield from sections.competitors.data.active
        yield from (move.competitor for move in sections.competitors.data.moves)
