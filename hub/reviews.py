"""What each department gets to pre-review."""

from core.domain.base import Evidence, Frozen
from core.domain.claims import Claim
from core.domain.contracts import Department
from core.domain.reviews import Review
from core.errors import ForbiddenError, NotFoundError
from core.identity import Caller, Role
from hub.installation import Platform
from hub.visits import get_package


class Part(Frozen):
    """One department's part of a package: its claims and the evidence they cite, nothing else."""

    run_id: str
    account: str
    purpose: str
    review: Review
    claims: tuple[Claim, ...]
    evidence: dict[str, Evidence]


def get_part(platform: Platform, caller: Caller, run_id: str, department: Department) -> Part:
    """The department's part, for its own people and for managers.

    NotFoundError when the department does not review this package, ForbiddenError for people of another department.
    """
    if not caller.roles & {Role.ADMIN, Role.MANAGER, *(role for role in Role if role.value == department.value)}:
        raise ForbiddenError(
            f"this part is for {department} alone", field="department", remedy="Ask for your own department’s part."
        )
    package = get_package(platform, caller, run_id)
    review = next((review for review in package.reviews if review.department is department), None)
    if review is None:
        names = [review.department.value for review in package.reviews]
        raise NotFoundError(
            f"{department} does not review this package", field="department", remedy="Use a reviewer.", nearest=names
        )
    claims = tuple(claim for claim in package.claims if claim.id in review.claims)
    cited = {evidence_id for claim in claims for evidence_id in claim.evidence}
    evidence = {evidence_id: package.evidence[evidence_id] for evidence_id in package.evidence if evidence_id in cited}
    return Part(
        run_id=run_id,
        account=package.account,
        purpose=package.purpose,
        review=review,
        claims=claims,
        evidence=evidence,
    )
