"""What a finished run leaves: package, pre-reviews, recommendations, notifications."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from core.domain.packages import Package
from core.domain.reviews import Review, ReviewStatus
from core.domain.views.proposals import Recommendation
from db.documents import to_json
from db.reviews import Reviews
from db.visit_tables import notifications, packages, recommendations, reviews
from db.writing import insert_new

REVIEW_REQUESTED = "review_requested"


def save_deliverables(
    connection: Connection, tenant: str, package: Package, recommended: Sequence[Recommendation]
) -> None:
    """Insert everything a package consists of; what exists already stays as it is."""
    of_run = {"tenant": tenant, "run_id": package.run_id}
    made = {"created_at": package.created_at}
    insert_new(connection, packages, [{**of_run, **made, "body": to_json(package), "model": package.model}])
    insert_new(connection, reviews, [{**of_run, **review.model_dump()} for review in package.reviews])
    insert_new(
        connection,
        recommendations,
        [{**of_run, **made, **item.model_dump(), "status": "exposed"} for item in recommended],
    )
    opened = [review for review in package.reviews if review.status is ReviewStatus.OPEN]
    insert_new(connection, notifications, [{**of_run, **made, **_notice(review)} for review in opened])


def stored_reviews(connection: Connection, tenant: str, run_id: str) -> list[Review]:
    """Pre-reviews of a run as they stand, by position and department."""
    return Reviews(connection).of_run(tenant, run_id)


def _notice(review: Review) -> dict[str, str]:
    body = {"review": review.id, "due_at": review.due_at.isoformat(), "claims": len(review.claims)}
    return {
        "id": f"{review.id}-{REVIEW_REQUESTED}",
        "department": review.department.value,
        "kind": REVIEW_REQUESTED,
        "body": json.dumps(body, separators=(",", ":")),
    }
