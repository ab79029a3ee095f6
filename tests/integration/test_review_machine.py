"""Whoever does what to reviews in whatever order: who may decides, once, on what they read, and all is on record."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.domain.contracts import Department
from core.domain.deadlines import DeadlineKind, DeadlineStatus
from core.domain.packages import Package
from core.domain.reviews import DelayReason, ReviewEventKind, ReviewStatus
from core.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from core.identity import Caller
from hub.deadlines import act_on_deadlines
from hub.installation import Platform
from hub.reviews.claim_edits import edit_claim
from hub.reviews.decisions import approve_review, reject_review
from hub.reviews.talk import answer_question, ask_back, delegate_review, note_delay, start_review
from hub.visits import get_package
from tests.reviewing import USERS, MovedClock, copy_package, make_package, part_of, person, reviewing_company

REQUESTER, TENANT = "rep", "default"
DEPARTMENTS = {
    Department.LEGAL: {"legal", "legal-b"},
    Department.SUPPLY_CHAIN: {"supply"},
    Department.FINANCE: {"money"},
}
LEADERS, BLIND = {"boss", "lead"}, {"legal-south"}
# Reviewers more often than others, so that much is done and not only refused.
WHO = st.sampled_from([*(user.id for user in USERS), "legal", "legal", "supply", "supply", "money", "money"])
WHICH = st.sampled_from(sorted(DEPARTMENTS))
GOING = {ReviewStatus.OPEN, ReviewStatus.ASKED}
NUMBERS = itertools.count()


class Expected:
    """What one review should be."""

    def __init__(self) -> None:
        self.status = ReviewStatus.OPEN
        self.assignee: str | None = None
        self.escalated: set[str] = set()
        self.decided_by: str | None = None


class ReviewMachine(RuleBasedStateMachine):
    """One package with three reviews; `expected` says what each should be, by rules written down a second time."""

    def __init__(self, platform: Platform, clock: MovedClock, template: Package) -> None:
        super().__init__()
        self.platform, self.clock = platform, clock
        self.run_id = f"run-{next(NUMBERS)}"
        self.package = copy_package(platform, template, self.run_id)
        self.expected = {department: Expected() for department in DEPARTMENTS}
        self.texts = {claim.id: claim.text for claim in self.package.claims}
        self.edits: list[str] = []
        self.started = clock.at

    def claims(self, which: Department) -> list[str]:
        return [claim.id for claim in part_of(self.package, which)]

    def revision(self, which: Department) -> int:
        return sum(claim in self.claims(which) for claim in self.edits)

    def decides(self, who: str, which: Department) -> type[HubError] | None:
        """The error that refuses a department's act; None when it is theirs to do."""
        review = self.expected[which]
        if who in BLIND:
            return NotFoundError
        theirs = who in DEPARTMENTS[which] and review.assignee in (None, who)
        return None if who != REQUESTER and (theirs or who in review.escalated) else ForbiddenError

    def sees(self, who: str, claim_id: str) -> bool:
        """Whether somebody may see all that a claim rests on: discount rules, for one, are not for supply chain."""
        caller = person(self.platform, who)
        claim = next(each for each in self.package.claims if each.id == claim_id)
        rests_on = [self.package.evidence[each] for each in claim.evidence]
        return all(caller.may_see(each.region, each.audience) for each in rests_on)

    def attempt(
        self, error: type[HubError] | None, act: Callable[..., Any], who: str, which: Department, **named: Any
    ) -> bool:
        """Try it; exactly the expected error must come. Whether it was done."""
        caller: Caller = person(self.platform, who)
        raised: type[HubError] | None = None
        try:
            act(self.platform, caller, f"{self.run_id}-{which}", **named)
        except HubError as refused:
            raised = type(refused)
        assert raised is error, (who, which, act)
        return raised is None

    @rule(who=WHO, which=WHICH)
    def start(self, who: str, which: Department) -> None:
        review = self.expected[which]
        error = self.decides(who, which) or (None if review.status in GOING else ConflictError)
        if self.attempt(error, start_review, who, which):
            review.assignee = who

    @rule(who=WHO, which=WHICH, approve=st.booleans(), behind=st.integers(0, 1), why=st.sampled_from(["", "agreed"]))
    def decide(self, who: str, which: Department, *, approve: bool, behind: int, why: str) -> None:
        review, read = self.expected[which], max(0, self.revision(which) - behind)
        stands_in = who in review.escalated and who not in DEPARTMENTS[which]
        error = self.decides(who, which) or (None if review.status in GOING else ConflictError)
        error = error or (None if read == self.revision(which) else ConflictError)
        if approve:
            error = error or (InvalidInputError if stands_in and not why else None)
            done = self.attempt(error, approve_review, who, which, revision=read, comment=why)
        else:
            error = error if why else InvalidInputError
            done = self.attempt(error, reject_review, who, which, revision=read, reason=why)
        if done:
            review.status = ReviewStatus.APPROVED if approve else ReviewStatus.REJECTED
            review.decided_by = review.assignee = who

    @rule(who=WHO, which=WHICH, place=st.integers(0, 5), words=st.sampled_from(["Agreed.", "Costs EUR 1.", "  "]))
    def edit(self, who: str, which: Department, place: int, words: str) -> None:
        review, ids = self.expected[which], self.claims(which)
        claim = ids[place % len(ids)]
        text = f"{self.texts[claim]} {words}".strip()
        error: type[HubError] | None = self.decides(who, which) or (None if review.status in GOING else ConflictError)
        others = [one for one in DEPARTMENTS if claim in self.claims(one)]
        taken = any(self.expected[one].status is ReviewStatus.APPROVED for one in others)
        unchanged = InvalidInputError if not words.strip() else None
        error = error or (None if self.sees(who, claim) else NotFoundError)
        error = error or unchanged or (ConflictError if taken else None)
        # A made-up price is new only until it stands in the sentence, where it never comes to stand.
        error = error or (InvalidInputError if "EUR 1." in words else None)
        if self.attempt(error, edit_claim, who, which, claim_id=claim, text=text):
            review.assignee = who
            self.texts[claim] = text
            self.edits.append(claim)

    @rule(who=WHO, which=WHICH)
    def ask(self, who: str, which: Department) -> None:
        review = self.expected[which]
        error = self.decides(who, which) or (None if review.status is ReviewStatus.OPEN else ConflictError)
        if self.attempt(error, ask_back, who, which, question="Which day?"):
            review.status, review.assignee = ReviewStatus.ASKED, who

    @rule(who=WHO, which=WHICH)
    def answer(self, who: str, which: Department) -> None:
        review = self.expected[which]
        error: type[HubError] | None = NotFoundError if who in BLIND else None
        error = error or (None if who == REQUESTER or who in LEADERS else ForbiddenError)
        error = error or (None if review.status is ReviewStatus.ASKED else ConflictError)
        if self.attempt(error, answer_question, who, which, text="Monday."):
            review.status = ReviewStatus.OPEN

    @rule(who=WHO, which=WHICH, to=WHO)
    def delegate(self, who: str, which: Department, to: str) -> None:
        review = self.expected[which]
        error = NotFoundError if who in BLIND else None if who in LEADERS else self.decides(who, which)
        error = error or (None if review.status in GOING else ConflictError)
        error = error or (None if to in DEPARTMENTS[which] else InvalidInputError)
        if self.attempt(error, delegate_review, who, which, to=to):
            review.assignee = to

    @rule(who=WHO, which=WHICH, reason=st.sampled_from(DelayReason))
    def delay(self, who: str, which: Department, reason: DelayReason) -> None:
        review = self.expected[which]
        error = NotFoundError if who in BLIND else None if who in LEADERS else self.decides(who, which)
        error = error or (None if review.status in GOING else ConflictError)
        self.attempt(error, note_delay, who, which, reason=reason)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.clock.move(timedelta(hours=hours))
        act_on_deadlines(self.platform, "w")
        for which, review in self.expected.items():
            due = self.deadline(which)
            if due is DeadlineStatus.ACTED and not review.escalated:
                self.escalated(which, review)

    def escalated(self, which: Department, review: Expected) -> None:
        review.escalated = {"boss"} if review.assignee in {"legal", "legal-b", "supply", "money"} else set(LEADERS)
        if review.assignee == "legal":
            review.assignee = "legal-b"

    def deadline(self, which: Department) -> DeadlineStatus:
        with self.platform.store.read() as unit:
            all_of = unit.deadlines.of(TENANT, f"{self.run_id}-{which}")
        return next(one.status for one in all_of if one.kind is DeadlineKind.REVIEW_DUE)

    @invariant()
    def the_records_say_what_happened(self) -> None:
        with self.platform.store.read() as unit:
            for which, wanted in self.expected.items():
                id_ = f"{self.run_id}-{which}"
                review, events = unit.reviews.get(TENANT, id_), unit.reviews.events(TENANT, [id_])
                assert review is not None
                assert (review.status, review.assignee) == (wanted.status, wanted.assignee)
                assert set(review.escalated_to) == wanted.escalated
                assert [event.seq for event in events] == list(range(1, len(events) + 1))
                ends = [event for event in events if event.kind in (ReviewEventKind.APPROVED, ReviewEventKind.REJECTED)]
                assert [event.actor for event in ends] == ([wanted.decided_by] if wanted.decided_by else [])
                deadlines = unit.deadlines.of(TENANT, id_)
                live = {one.kind for one in deadlines if one.status is DeadlineStatus.OPEN}
                assert not (wanted.status.is_over and live)
                assert wanted.status is not ReviewStatus.ASKED or live <= {DeadlineKind.ANSWER_DUE}
                assert (wanted.status is ReviewStatus.OPEN and not wanted.escalated) <= (
                    DeadlineKind.REVIEW_DUE in live
                )
                assert len(unit.audit.records(TENANT, subject=id_, limit=500)) == len(events)

    def teardown(self) -> None:
        shown = get_package(self.platform, person(self.platform, REQUESTER), self.run_id)
        assert {claim.id: claim.text for claim in shown.claims} == self.texts
        assert {claim.id for claim in shown.claims if claim.edited_by} == set(self.edits)
        with self.platform.store.read() as unit:
            ended = unit.audit.records(TENANT, subject=self.run_id, limit=500)
        assert sum(record.action == "visit.reviews_done" for record in ended) == all(
            review.status.is_over for review in self.expected.values()
        )
        # The next example needs its working day from the start.
        self.clock.at = self.started


def test_only_who_may_decides_once_and_on_what_they_read(store_url: str, tmp_path: Path) -> None:
    clock = MovedClock()
    with reviewing_company(tmp_path / "home", store_url, clock) as platform:
        template = make_package(platform)

        class OnThisStore(ReviewMachine):
            def __init__(self) -> None:
                super().__init__(platform, clock, template)

        checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
        run_state_machine_as_test(
            OnThisStore,
            settings=settings(max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=checks),
        )
