"""What a finished run leaves: package, pre-reviews, recommendations, notifications."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from core.domain.packages import Package
from core.domain.reviews import Review
from core.domain.views.proposals import Recommendation
from db.documents import to_json
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
    insert_new(connection, reviews, [{**of_run, **review.model_dump(), "status": "open"} for review in package.reviews])
    insert_new(
        connection,
        recommendations,
        [{**of_run, **made, **item.model_dump(), "status": "exposed"} for item in recommended],
    )
    insert_new(connection, notifications, [{**of_run, **made, **_notice(review)} for review in package.reviews])


def stored_reviews(connection: Connection, tenant: str, run_id: str) -> list[Review]:
    """Pre-reviews of a run, by department."""
    query = select(reviews).where(reviews.c.tenant == tenant, reviews.c.run_id == run_id)
    return [
        Review(id=row.id, run_id=row.run_id, department=row.department, due_at=row.due_at, claims=row.claims)
        for row in connection.execute(query.order_by(reviews.c.department))
    ]


def _notice(review: Review) -> dict[str, str]:
    body = {"review": review.id, "due_at": review.due_at.isoformat(), "claims": len(review.claims)}
    return {
        "id": f"{review.id}-{REVIEW_REQUESTED}",
        "department": review.department.value,
        "kind": REVIEW_REQUESTED,
        "body": json.dumps(body, separators=(",", ":")),
    }
