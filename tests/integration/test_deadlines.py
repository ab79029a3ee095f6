"""Deadlines act by themselves, each exactly once, however many workers look and however late."""

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from core.domain.contracts import Department
from core.domain.deadlines import Deadline, DeadlineKind, DeadlineStatus
from core.domain.packages import Package
from core.domain.reviews import ReviewEvent, ReviewEventKind, ReviewStatus
from core.domain.webhooks import Endpoint
from hub.deadlines import act_on_deadlines, late_packages, list_notifications
from hub.installation import Platform
from hub.reviews.decisions import approve_review
from hub.reviews.reading import get_review
from hub.reviews.talk import answer_question, ask_back, delegate_review, start_review
from hub.running import execute_run
from tests.reviewing import MONDAY, MovedClock, accept, copy_package, make_package, person, reviewing_company

TENANT = "default"
LEGAL = "run-legal"
HOUR = timedelta(hours=1)
NUMBERS = itertools.count()
TRACES = {ReviewEventKind.REMINDED, ReviewEventKind.ESCALATED}


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def platform(store_url: str, tmp_path: Path, clock: MovedClock) -> Iterator[Platform]:
    with reviewing_company(tmp_path / "home", store_url, clock) as opened:
        yield opened


def happened(platform: Platform, review_id: str = LEGAL) -> list[ReviewEvent]:
    with platform.store.read() as unit:
        return unit.reviews.events(TENANT, [review_id])


def told(platform: Platform, user: str) -> list[str]:
    return sorted(each.kind for each in list_notifications(platform, person(platform, user)))


def test_eight_working_hours_end_the_next_day_and_after_a_holiday_the_day_after_it(
    platform: Platform, clock: MovedClock
) -> None:
    # 10:00 in Shanghai leaves seven hours of the day; the weekend of the Dragon Boat Festival ends on 21 June 2026.
    assert {one.due_at for one in make_package(platform).reviews} == {datetime(2026, 6, 2, 2, tzinfo=UTC)}
    clock.at = datetime(2026, 6, 18, 2, tzinfo=UTC)
    assert {one.due_at for one in make_package(platform, "two").reviews} == {datetime(2026, 6, 22, 2, tzinfo=UTC)}


def test_a_package_that_does_not_come_in_time_is_told_once(platform: Platform, clock: MovedClock) -> None:
    run = accept(platform, "run")
    clock.move(timedelta(minutes=14))
    assert act_on_deadlines(platform, "w") == 0
    clock.move(timedelta(minutes=2))
    assert [act_on_deadlines(platform, "w"), act_on_deadlines(platform, "w")] == [1, 0]
    assert told(platform, "rep") == ["package_late"]
    assert [each.id for each in late_packages(platform, person(platform, "rep"))] == ["run"]
    execute_run(platform, TENANT, run.id)
    assert late_packages(platform, person(platform, "rep")) == []


def test_a_package_in_time_calls_its_deadline_off(platform: Platform, clock: MovedClock) -> None:
    make_package(platform)
    clock.move(timedelta(minutes=20))
    assert act_on_deadlines(platform, "w") == 0


def test_reminders_come_at_half_and_most_of_the_time_then_it_is_escalated(
    platform: Platform, clock: MovedClock
) -> None:
    endpoint = Endpoint(
        id="e", url="https://hooks.example/in", secrets=("s",), events=("review.due",), created_at=MONDAY
    )
    with platform.store.write() as unit:
        unit.webhooks.save_endpoint(TENANT, endpoint)
    make_package(platform)
    start_review(platform, person(platform, "legal"), LEGAL)
    seen = []  # Lunch from 12:00 to 13:00 counts for nothing.
    for hours in (4.9, 0.2, 2.4, 22.0):
        clock.move(hours * HOUR)
        act_on_deadlines(platform, "w")
        seen.append([event.kind for event in happened(platform) if event.kind in TRACES])
    reminded, escalated = ReviewEventKind.REMINDED, ReviewEventKind.ESCALATED
    assert seen == [[], [reminded], [reminded] * 2, [reminded] * 2 + [escalated]]
    review = get_review(platform, person(platform, "boss"), LEGAL)
    assert review.overdue
    assert (review.part.review.assignee, review.part.review.escalated_to) == ("legal-b", ("boss",))
    assert "review_overdue" in told(platform, "boss")
    assert "review_overdue" in told(platform, "legal-b")
    with platform.store.read() as unit:
        assert {each.type for each in unit.webhooks.deliveries(TENANT)} == {"review.due"}
        assert len(unit.webhooks.deliveries(TENANT)) == 3


def test_a_question_stops_the_clock_and_the_answer_starts_it_where_it_stood(
    platform: Platform, clock: MovedClock
) -> None:
    make_package(platform)
    clock.move(3 * HOUR)
    ask_back(platform, person(platform, "legal"), LEGAL, "Which entity signs?")
    clock.move(timedelta(days=2))
    act_on_deadlines(platform, "w")
    assert not {event.kind for event in happened(platform)} & {ReviewEventKind.ESCALATED}
    assert "answer_overdue" in told(platform, "rep")
    answer_question(platform, person(platform, "rep"), LEGAL, "The limited company.")
    detail = get_review(platform, person(platform, "legal"), LEGAL)
    # 10:00 to 12:00 were used, the hour of lunch was not.
    assert detail.left == 6 * HOUR
    clock.move(timedelta(days=2))
    act_on_deadlines(platform, "w")
    assert ReviewEventKind.ESCALATED in {event.kind for event in happened(platform)}


def test_a_delegate_who_may_not_see_the_account_is_passed_over(platform: Platform, clock: MovedClock) -> None:
    with platform.store.write() as unit:
        legal = unit.users.get(TENANT, "legal")
        assert legal is not None
        unit.users.save(TENANT, legal.model_copy(update={"delegate": "legal-south", "manager": "rep"}))
    make_package(platform)
    delegate_review(platform, person(platform, "boss"), LEGAL, "legal")
    clock.move(timedelta(days=2))
    act_on_deadlines(platform, "w")
    review = get_review(platform, person(platform, "boss"), LEGAL).part.review
    # The manager asked for the visit, so that others must decide.
    assert (review.assignee, review.escalated_to) == ("legal", ("boss", "lead"))


def test_what_came_due_while_nobody_worked_is_acted_on_in_order(platform: Platform, clock: MovedClock) -> None:
    make_package(platform)
    clock.move(timedelta(days=9))
    while act_on_deadlines(platform, "w", limit=2):
        pass
    kinds = [event.kind for event in happened(platform)]
    assert kinds[1:] == [ReviewEventKind.REMINDED, ReviewEventKind.REMINDED, ReviewEventKind.ESCALATED]


def test_an_action_that_fails_stays_due_and_holds_up_no_other(platform: Platform, clock: MovedClock) -> None:
    with platform.store.write() as unit:
        unit.deadlines.set(TENANT, "broken", DeadlineKind.PACKAGE_DUE, "no such run", MONDAY)
    make_package(platform)
    clock.move(timedelta(days=9))
    assert act_on_deadlines(platform, "w") == 9
    with platform.store.read() as unit:
        assert [one.id for _tenant, one in unit.deadlines.due(clock.at, 10)] == ["broken"]


class DeadlineMachine(RuleBasedStateMachine):
    """Runs come and go while four workers look at the deadlines at once; each acts once or not at all."""

    def __init__(self, platform: Platform, clock: MovedClock, template: Package) -> None:
        super().__init__()
        self.platform, self.clock, self.template = platform, clock, template
        self.runs: list[str] = []
        self.reviews: list[str] = []

    @rule()
    def request(self) -> None:
        run = accept(self.platform, f"late-{next(NUMBERS)}")
        self.runs.append(run.id)

    @rule(department=st.sampled_from([Department.LEGAL, Department.FINANCE]))
    def finish(self, department: Department) -> None:
        run_id = f"made-{next(NUMBERS)}"
        copy_package(self.platform, self.template, run_id)
        self.reviews.append(f"{run_id}-{department}")

    @precondition(lambda self: self.reviews)
    @rule(data=st.data(), what=st.sampled_from(["ask", "answer", "approve"]))
    def act(self, data: st.DataObject, what: str) -> None:
        id_ = data.draw(st.sampled_from(self.reviews))
        with self.platform.store.read() as unit:
            review = unit.reviews.get(TENANT, id_)
        assert review is not None
        who = person(self.platform, review.assignee or ("legal" if review.department is Department.LEGAL else "money"))
        if what == "ask" and review.status is ReviewStatus.OPEN:
            ask_back(self.platform, who, id_, "Why?")
        elif what == "answer" and review.status is ReviewStatus.ASKED:
            answer_question(self.platform, person(self.platform, "rep"), id_, "Because.")
        elif what == "approve" and not review.status.is_over:
            approve_review(self.platform, who, id_)

    @rule(hours=st.sampled_from([0.2, 1, 4, 30]))
    def wait(self, hours: float) -> None:
        self.clock.move(hours * HOUR)
        with self.platform.store.read() as unit:
            due = unit.deadlines.due(self.clock.at, 1000)
        with ThreadPoolExecutor(4) as workers:
            acted = list(workers.map(lambda name: act_on_deadlines(self.platform, name, limit=1000), "abcd"))
        with self.platform.store.read() as unit:
            assert unit.deadlines.due(self.clock.at, 1000) == []
        assert sum(acted) == len(due)

    def teardown(self) -> None:
        with self.platform.store.read() as unit:
            for run_id in self.runs:
                lateness = [each.action for each in unit.audit.records(TENANT, subject=run_id, limit=500)]
                acted = [one for one in unit.deadlines.of(TENANT, run_id) if one.status is DeadlineStatus.ACTED]
                assert lateness.count("visit.late") == len(acted)
            for id_ in self.reviews:
                self.each_left_one_trace(unit.deadlines.of(TENANT, id_), unit.reviews.events(TENANT, [id_]))
                audited = unit.audit.records(TENANT, subject=id_, limit=500)
                assert len(audited) == len(unit.reviews.events(TENANT, [id_]))
        self.clock.at = MONDAY

    @staticmethod
    def each_left_one_trace(deadlines: list[Deadline], events: list[ReviewEvent]) -> None:
        acted = {one.id for one in deadlines if one.status is DeadlineStatus.ACTED}
        reminded = Counter(event.body["deadline"] for event in events if event.kind is ReviewEventKind.REMINDED)
        escalated = sum(event.kind is ReviewEventKind.ESCALATED for event in events)
        assert reminded.keys() <= acted
        assert set(reminded.values()) <= {1}
        assert escalated == sum(one.id in acted for one in deadlines if one.kind is DeadlineKind.REVIEW_DUE)
        assert len(reminded) + escalated == len(acted)


def test_many_workers_act_on_each_deadline_once(store_url: str, tmp_path: Path) -> None:
    clock = MovedClock()
    with reviewing_company(tmp_path / "home", store_url, clock) as platform:
        template = make_package(platform)

        class OnThisStore(DeadlineMachine):
            def __init__(self) -> None:
                super().__init__(platform, clock, template)

        checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            OnThisStore,
            settings=settings(max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=checks),
        )
