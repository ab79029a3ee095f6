"""A company with reviewers, a package that waits for them, and a clock that tests move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.claims import Claim
from core.domain.contracts import Department
from core.domain.packages import Package
from core.domain.people import User
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Caller, Role
from core.settings import Settings
from hub.installation import Platform
from hub.people import acting_as
from hub.platform import open_platform
from hub.reviews.opening import begin_reviews, plan_reviews, watch_package
from hub.running import execute_run
from hub.visits import get_package
from tests.small_company import import_small_company

# A Monday, 10:00 in Shanghai.
MONDAY = datetime(2026, 6, 1, 2, tzinfo=UTC)
ACME = "A1"

USERS = (
    User(id="rep", name="Rep", roles=frozenset({Role.REP})),
    User(id="boss", name="Boss", roles=frozenset({Role.MANAGER})),
    User(id="lead", name="Lead", roles=frozenset({Role.MANAGER})),
    User(id="legal", name="Legal", roles=frozenset({Role.LEGAL}), manager="boss", delegate="legal-b"),
    User(id="legal-b", name="Legal B", roles=frozenset({Role.LEGAL}), manager="boss"),
    User(id="legal-south", name="Legal S", roles=frozenset({Role.LEGAL}), regions=frozenset({"South"})),
    User(id="supply", name="Supply", roles=frozenset({Role.SUPPLY_CHAIN}), manager="boss"),
    User(id="money", name="Money", roles=frozenset({Role.FINANCE}), manager="boss"),
)


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        """Where the hands are."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Move the hands on."""
        self.at += by


@contextmanager
def reviewing_company(home: Path, url: str, clock: MovedClock) -> Iterator[Platform]:
    """A platform on the database at `url` with the small company and its reviewers."""
    with open_platform(Settings(home=home, database_url=url), clock=clock) as platform:
        import_small_company(platform, home / "exports")
        with platform.store.write() as unit:
            for user in USERS:
                unit.users.save("default", user)
        yield platform


def person(platform: Platform, user: str) -> Caller:
    """The caller that a user is."""
    return acting_as(platform, platform.owner(), user)


def accept(platform: Platform, run_id: str, requester: str = "rep") -> Run:
    """Accept a visit request without running it."""
    caller = person(platform, requester)
    request = VisitRequest(account="Acme Drives Ltd", purpose="Agree on price and delivery")
    run = Run(
        id=run_id,
        account_id=ACME,
        account="Acme Drives Ltd",
        request=request,
        requester=caller,
        status=RunStatus.QUEUED,
        created_at=platform.clock.now(),
    )
    with platform.store.write() as unit:
        unit.visits.create(caller.tenant, run, run.id, run.id)
        watch_package(platform, unit, run)
    return run


def make_package(platform: Platform, run_id: str = "run", requester: str = "rep") -> Package:
    """A package whose reviews have just been opened."""
    run = accept(platform, run_id, requester)
    execute_run(platform, run.requester.tenant, run.id)
    return get_package(platform, run.requester, run.id)


def part_of(package: Package, department: Department) -> list[Claim]:
    """The claims of a department."""
    review = next(each for each in package.reviews if each.department is department)
    return [claim for claim in package.claims if claim.id in review.claims]


def copy_package(platform: Platform, template: Package, run_id: str, requester: str = "rep") -> Package:
    """The template as the package of a new run: saved, its reviews opened now."""
    run = accept(platform, run_id, requester)
    now = platform.clock.now()
    reviews = plan_reviews(run, template.claims, "North", now, platform.settings.review_within)
    made = template.model_copy(update={"run_id": run_id, "reviews": reviews, "created_at": now})
    with platform.store.write() as unit:
        assert unit.visits.save_package("default", made, [])
        begin_reviews(platform, unit, "default", made)
    return made
