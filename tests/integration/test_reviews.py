"""What departments do with their part of a package, on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.claims import ClaimState
from core.domain.contracts import Department
from core.domain.packages import Package
from core.domain.reviews import DelayReason, Review, ReviewEventKind, ReviewStatus
from core.errors import ConflictError, ForbiddenError, HubError, InvalidInputError, NotFoundError
from core.identity import Role
from hub.auditing import verify_log
from hub.deadlines import act_on_deadlines, list_notifications
from hub.installation import Platform
from hub.rendering.html import render_html
from hub.rendering.markdown import render_markdown
from hub.reviews.claim_edits import edit_claim
from hub.reviews.cycle_times import Phase, cycle_times
from hub.reviews.decisions import approve_review, reject_review
from hub.reviews.opening import begin_reviews
from hub.reviews.reading import get_review, list_reviews
from hub.reviews.talk import answer_question, ask_back, delegate_review, note_delay, start_review
from hub.visits import get_package
from tests.reviewing import MovedClock, accept, copy_package, make_package, part_of, person, reviewing_company

LEGAL, FINANCE, SUPPLY = "run-legal", "run-finance", "run-supply_chain"
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def platform(store_url: str, tmp_path: Path, clock: MovedClock) -> Iterator[Platform]:
    with reviewing_company(tmp_path / "home", store_url, clock) as opened:
        yield opened


def claim_like(package: Package, department: Department, words: str) -> str:
    return next(claim.id for claim in part_of(package, department) if words in claim.text)


def put_in_order(platform: Platform, package: Package, **changes: dict[str, object]) -> None:
    """Save a package of run `ordered` whose reviews differ from the plan, by department."""
    run = accept(platform, "ordered")
    reviews = tuple(
        Review(
            **{**each.model_dump(), "id": f"ordered-{each.department}", "run_id": run.id, **changes[each.department]}
        )
        for each in package.reviews
    )
    made = package.model_copy(update={"run_id": run.id, "reviews": reviews})
    with platform.store.write() as unit:
        assert unit.visits.save_package("default", made, [])
        begin_reviews(platform, unit, "default", made)


def test_an_edit_that_its_sources_bear_out_keeps_its_state_and_shows_who_made_it(platform: Platform) -> None:
    package = make_package(platform)
    claim = claim_like(package, Department.FINANCE, "List price")
    text = "List price of VX-10 gear pump for 20 pieces: EUR 1,200 each."
    edit = edit_claim(platform, person(platform, "money"), FINANCE, claim, text)
    assert edit.state is ClaimState.SUPPORTED
    assert "+pieces" in edit.diff.splitlines()
    shown = get_package(platform, person(platform, "rep"), "run")
    found = next(each for each in shown.claims if each.id == claim)
    assert (found.text, found.edited_by, found.plain != found.text) == (text, "money", True)
    assert "edited by money" in render_markdown(shown)
    assert "edited by money" in render_html(shown)


def test_what_its_sources_do_not_say_stands_as_the_reviewers_own_statement(platform: Platform) -> None:
    package = make_package(platform)
    claim = claim_like(package, Department.SUPPLY_CHAIN, "can be there by 1 July 2026; lead")
    supply = person(platform, "supply")
    text = "VX-10 gear pump is 13 short. All of it can be there by 1 August 2026."
    assert edit_claim(platform, supply, SUPPLY, claim, text).state is ClaimState.UNSUPPORTED
    assert "**⚠" in render_markdown(get_package(platform, person(platform, "rep"), "run"))
    back = "VX-10 gear pump is 13 short. All of it can be there by 1 July 2026."
    assert edit_claim(platform, supply, SUPPLY, claim, back).state is ClaimState.INFERRED


def test_a_price_below_what_approval_may_allow_is_refused_in_any_form(platform: Platform) -> None:
    package = make_package(platform)
    claim = claim_like(package, Department.FINANCE, "List price")
    money = person(platform, "money")
    for price in ("EUR 959", "900 euros", "CNY 1,000", "一元", "a discount of 21%"):
        with pytest.raises(InvalidInputError):
            edit_claim(platform, money, FINANCE, claim, f"We sell VX-10 gear pump for {price} each.")
    edit_claim(platform, money, FINANCE, claim, "List price of VX-10 gear pump for 20: EUR 960 each.")


def test_a_decision_on_what_was_edited_since_is_refused(platform: Platform) -> None:
    package = make_package(platform)
    shared = claim_like(package, Department.LEGAL, "get the approval")
    text = "Account owner: get the approval for the discount; without it the price must not be named."
    edit_claim(platform, person(platform, "money"), FINANCE, shared, text)
    legal = person(platform, "legal")
    with pytest.raises(ConflictError) as refused:
        approve_review(platform, legal, LEGAL, revision=0)
    assert refused.value.field == "revision"
    assert get_review(platform, legal, LEGAL).revision == 1
    assert approve_review(platform, legal, LEGAL, revision=1).review.status is ReviewStatus.APPROVED
    with pytest.raises(ConflictError):
        edit_claim(platform, person(platform, "money"), FINANCE, shared, f"{text} Now.")


def test_of_many_clicks_at_once_one_decides(platform: Platform) -> None:
    make_package(platform)
    callers = [person(platform, user) for user in ("legal", "legal-b")] * 4

    def click(number: int) -> type[HubError] | None:
        try:
            if number % 2:
                approve_review(platform, callers[number], LEGAL)
            else:
                reject_review(platform, callers[number], LEGAL, reason="no")
        except HubError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(8) as threads:
        ended = list(threads.map(click, range(8)))
    assert ended.count(None) == 1
    history = get_review(platform, callers[0], LEGAL).history
    assert sum(event.kind in (ReviewEventKind.APPROVED, ReviewEventKind.REJECTED) for event in history) == 1
    assert verify_log(platform, "default").whole


def test_a_quorum_takes_different_people_who_agree_to_the_same_words(platform: Platform) -> None:
    package = make_package(platform)
    put_in_order(platform, package, legal={"quorum": 2}, finance={}, supply_chain={})
    legal, other = person(platform, "legal"), person(platform, "legal-b")
    claim = claim_like(package, Department.LEGAL, "Before an order")
    assert approve_review(platform, legal, "ordered-legal").review.status is ReviewStatus.OPEN
    with pytest.raises(ConflictError):
        approve_review(platform, legal, "ordered-legal")
    edit_claim(platform, other, "ordered-legal", claim, "Export control officer in legal must approve.")
    assert approve_review(platform, other, "ordered-legal").review.status is ReviewStatus.OPEN
    assert approve_review(platform, legal, "ordered-legal").review.status is ReviewStatus.APPROVED


def test_in_sequence_the_next_department_opens_when_the_one_before_has_decided(
    platform: Platform, clock: MovedClock
) -> None:
    waiting = {"position": 2, "status": ReviewStatus.WAITING, "opened_at": None}
    put_in_order(platform, make_package(platform), legal={}, supply_chain={}, finance=waiting)
    money = person(platform, "money")
    with pytest.raises(ConflictError):
        approve_review(platform, money, "ordered-finance")
    clock.move(HOUR)
    approve_review(platform, person(platform, "legal"), "ordered-legal")
    assert get_review(platform, money, "ordered-finance").part.review.status is ReviewStatus.WAITING
    reject_review(platform, person(platform, "supply"), "ordered-supply_chain", reason="not in stock")
    opened = get_review(platform, money, "ordered-finance")
    assert (opened.part.review.status, opened.left) == (ReviewStatus.OPEN, 8 * HOUR)
    approve_review(platform, money, "ordered-finance")
    inbox = list_notifications(platform, person(platform, "rep"))
    done = next(each for each in inbox if each.kind == "reviews_done")
    assert done.body == {"finance": "approved", "legal": "approved", "supply_chain": "rejected"}
    times = next(each for each in cycle_times(platform, money).reviews if each.review_id == "ordered-finance")
    assert times.hours[Phase.TURN] == 1.0


def test_each_sees_what_is_theirs(platform: Platform) -> None:
    make_package(platform)
    lists = {user: [task.review.id for task in list_reviews(platform, person(platform, user))] for user in
             ("legal", "legal-south", "money", "rep", "boss")}  # fmt: skip
    assert lists == {
        "legal": [LEGAL], "legal-south": [], "money": [FINANCE],
        "rep": [FINANCE, LEGAL, SUPPLY], "boss": [FINANCE, LEGAL, SUPPLY],
    }  # fmt: skip
    with pytest.raises(ForbiddenError):
        get_review(platform, person(platform, "money"), LEGAL)
    with pytest.raises(NotFoundError):
        get_review(platform, person(platform, "legal-south"), LEGAL)

    def waits(user: str) -> list[str]:
        return [task.review.id for task in list_reviews(platform, person(platform, user), mine=True)]

    assert (waits("legal"), waits("legal-b"), waits("rep"), waits("boss")) == ([LEGAL], [LEGAL], [], [])
    ask_back(platform, person(platform, "legal"), LEGAL, "Which entity signs?")
    assert (waits("legal"), waits("legal-b"), waits("rep")) == ([], [], [LEGAL])


def test_who_asked_for_the_visit_never_decides_whatever_their_roles(platform: Platform, clock: MovedClock) -> None:
    with platform.store.write() as unit:
        for user, roles in (("rep", {Role.LEGAL, Role.MANAGER, Role.ADMIN}), ("boss", {Role.MANAGER})):
            known = unit.users.get("default", user)
            assert known is not None
            unit.users.save("default", known.model_copy(update={"roles": frozenset(roles)}))
    make_package(platform)
    for _twice in range(2):
        with pytest.raises(ForbiddenError):
            approve_review(platform, person(platform, "rep"), LEGAL)
        clock.move(timedelta(days=3))
        act_on_deadlines(platform, "w")
    with pytest.raises(InvalidInputError):
        approve_review(platform, person(platform, "boss"), LEGAL)
    decided = approve_review(platform, person(platform, "boss"), LEGAL, comment="Legal is away.")
    assert decided.review.status is ReviewStatus.APPROVED


def test_times_are_split_into_waiting_and_working(platform: Platform, clock: MovedClock) -> None:
    make_package(platform)
    legal, rep = person(platform, "legal"), person(platform, "rep")
    clock.move(HOUR)  # 11:00
    start_review(platform, legal, LEGAL)
    clock.move(3 * HOUR)  # 14:00, of which lunch one
    ask_back(platform, legal, LEGAL, "Which entity signs?")
    clock.move(2 * HOUR)  # 16:00
    answer_question(platform, rep, LEGAL, "The limited company.")
    note_delay(platform, legal, LEGAL, DelayReason.MISSING_INFORMATION)
    clock.move(HOUR)  # 17:00
    approve_review(platform, legal, LEGAL)
    clock.move(timedelta(days=1))
    delegate_review(platform, person(platform, "boss"), FINANCE, "money")
    approve_review(platform, person(platform, "money"), FINANCE)
    measured = cycle_times(platform, person(platform, "boss"))
    by_id = {each.review_id: each for each in measured.reviews}
    assert by_id[LEGAL].hours == {Phase.TURN: 0, Phase.START: 1, Phase.ANSWER: 2, Phase.WORK: 3}
    assert by_id[LEGAL].elapsed_hours == {Phase.TURN: 0, Phase.START: 1, Phase.ANSWER: 2, Phase.WORK: 4}
    assert by_id[FINANCE].hours == {Phase.TURN: 0, Phase.START: 14, Phase.ANSWER: 0, Phase.WORK: 0}
    overall, reasons = measured.overall, {each.group: each for each in measured.reasons}
    assert (overall.reviews, overall.decided, overall.p50, overall.p90, overall.share_within) == (3, 2, 6, 14, 0.5)
    assert (reasons["missing_information"].p50, reasons["none"].p50) == (6, 14)


def test_what_waits_comes_before_all_that_is_decided(platform: Platform, clock: MovedClock) -> None:
    package = make_package(platform)
    for review, user in ((LEGAL, "legal"), (FINANCE, "money"), (SUPPLY, "supply")):
        approve_review(platform, person(platform, user), review)
        clock.move(HOUR)
    clock.move(48 * HOUR)
    copy_package(platform, package, "next")
    listed = [task.review.id for task in list_reviews(platform, person(platform, "boss"), over=True)]
    assert [id_.partition("-")[0] for id_ in listed[:3]] == ["next"] * 3
    assert listed[3:] == [SUPPLY, FINANCE, LEGAL]


def test_who_only_reviews_does_not_get_the_whole_package(platform: Platform) -> None:
    make_package(platform)
    for user in ("legal", "money", "supply"):
        with pytest.raises(ForbiddenError):
            get_package(platform, person(platform, user), "run")
    for user in ("rep", "boss"):
        assert get_package(platform, person(platform, user), "run").claims
    make_package(platform, "own", "legal")
    assert get_package(platform, person(platform, "legal"), "own").claims


def test_who_has_agreed_does_not_keep_the_review_from_the_rest_of_the_quorum(
    platform: Platform, clock: MovedClock
) -> None:
    two: dict[str, object] = {"quorum": 2}
    put_in_order(platform, make_package(platform), legal=two, finance={}, supply_chain={})
    review, first, second = "ordered-legal", person(platform, "legal-b"), person(platform, "legal")
    approve_review(platform, first, review)
    with pytest.raises(ConflictError):
        start_review(platform, first, review)
    with pytest.raises(InvalidInputError):
        delegate_review(platform, person(platform, "boss"), review, "legal-b")
    assert ask_back(platform, first, review, "Which entity signs?").review.assignee is None
    answer_question(platform, person(platform, "rep"), review, "The GmbH.")
    start_review(platform, second, review)
    clock.move(72 * HOUR)
    act_on_deadlines(platform, "w")
    # The delegate of the second has agreed already, so the review stays where somebody can decide it.
    overdue = get_review(platform, second, review).part.review
    assert (overdue.assignee, overdue.escalated_to) == ("legal", ("boss",))
    assert approve_review(platform, second, review).review.status is ReviewStatus.APPROVED
