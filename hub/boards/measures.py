"""All measures of a company, for those who answer for its work."""

from core.domain.boards import Boards
from core.errors import InvalidInputError
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.boards.answering import measure_packages, measure_response
from hub.boards.reviewing import measure_cycles
from hub.boards.spans import Span
from hub.boards.upkeep import measure_freshness, measure_process
from hub.boards.using import measure_adoption, measure_self_service
from hub.installation import Platform
from hub.reviews.cycle_times import cycle_times

LONGEST_WEEKS = 104


def measure_company(platform: Platform, caller: Caller, weeks: int = 12) -> Boards:
    """Measure what the caller's company did in the last `weeks` weeks, the present one included.

    Of customers outside the caller's regions nothing counts. Raises ForbiddenError for whom boards are not,
    InvalidInputError for a number of weeks that is not from 1 to 104.
    """
    require(caller, Action.READ_BOARDS)
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise InvalidInputError(
            f"{weeks} weeks is not possible", field="weeks", remedy=f"Give a number from 1 to {LONGEST_WEEKS}."
        )
    span, settings = Span(platform.clock.now(), weeks), platform.settings
    with platform.store.read() as unit:
        visits = unit.measures.visits(caller, span.since)
        messages = unit.measures.messages(caller, span.since)
        questions = unit.measures.questions(caller, span.since)
        packages = unit.measures.packages(caller, span.since)
        fed = unit.measures.fed(caller.tenant)
        published = unit.policies.list(caller.tenant)
    cycles = cycle_times(platform, caller, span.since, whole=True)
    return Boards(
        at=span.now,
        since=span.since,
        measures=(
            measure_response([*visits, *messages], settings.answer_within, span),
            measure_freshness(fed, settings.stale_after, span),
            measure_process(published, settings.process_change_within, span),
            measure_self_service(questions, visits, settings.self_service_share, span),
            measure_packages(visits, settings.package_within, span),
            measure_cycles(cycles, span),
            measure_adoption(packages, span),
        ),
    )
