"""The boards count what is on record: from when it was there to be answered, for those who may see it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.boards import ENOUGH, Answered, Boards, MeasureName, Target, Verdict
from core.domain.chat import AnswerStatus
from core.errors import ForbiddenError, InvalidInputError
from core.identity import Caller, Role
from core.language import Lang
from hub.boards.measures import measure_company
from hub.boards.spans import Span, percentile
from hub.boards.using import measure_self_service
from hub.chat.asking import ask_and_wait
from hub.inbound.answering import dismiss, mark_answered
from hub.policies import policy_text, publish_policy
from hub.rendering.measures import load_measure_words
from tests.events import Company, iso, minutes, open_company
from tests.small_company import NOW

NORTH = Caller(tenant="default", user="nora", roles=frozenset({Role.MANAGER}), regions=frozenset({"North"}))
SOUTH = Caller(tenant="default", user="sven", roles=frozenset({Role.MANAGER}), regions=frozenset({"South"}))


@pytest.fixture
def company(tmp_path: Path, store_url: str) -> Iterator[Company]:
    with open_company(tmp_path, store_url, inbound_within=timedelta(hours=2)) as opened:
        yield opened


def received(company: Company, sent_at: datetime, number: int = 1) -> str:
    mail: dict[str, Any] = {
        "from": "ada@acme-drives.example",
        "to": ["mia@vendor.example"],
        "sent_at": iso(sent_at),
        "subject": "Delivery",
        "text": "Can you deliver all VX-10 in June?",
        "message_id": f"<m{number}@acme>",
    }
    id_: str = company.send("mail.received", mail).json()["detail"]
    return id_


def boards(company: Company, caller: Caller | None = None) -> Boards:
    return measure_company(company.platform, caller or company.platform.owner(), 4)


def test_the_time_of_a_message_begins_when_the_hub_has_it(company: Company) -> None:
    id_ = received(company, NOW - minutes(100))
    company.clock.at = NOW + minutes(90)
    mark_answered(company.platform, company.platform.owner(), id_)

    response = boards(company).of(MeasureName.RESPONSE_TIME)
    assert (response.value, response.n) == (1.5, 1)
    assert response.figures["share_within"] == 1.0


def test_what_still_waits_counts_with_the_time_it_has_waited(company: Company) -> None:
    received(company, NOW)
    company.clock.at = NOW + timedelta(hours=30)
    response = boards(company).of(MeasureName.RESPONSE_TIME)
    assert (response.value, response.figures["waiting"]) == (30, 1)
    assert response.figures["share_within"] == 0


def test_what_needs_no_answer_is_counted_apart(company: Company) -> None:
    dismiss(company.platform, company.platform.owner(), received(company, NOW))
    response = boards(company).of(MeasureName.RESPONSE_TIME)
    assert (response.n, response.value, response.figures["dropped"]) == (0, None, 1)


def test_few_items_give_a_figure_and_no_verdict(company: Company) -> None:
    for number in range(ENOUGH):
        response = boards(company).of(MeasureName.RESPONSE_TIME)
        assert response.verdict is Verdict.TOO_FEW
        mark_answered(company.platform, company.platform.owner(), received(company, NOW, number))
    assert boards(company).of(MeasureName.RESPONSE_TIME).verdict is Verdict.MET


def test_customers_of_other_regions_do_not_count(company: Company) -> None:
    received(company, NOW)
    assert boards(company, NORTH).of(MeasureName.RESPONSE_TIME).n == 1
    assert boards(company, SOUTH).of(MeasureName.RESPONSE_TIME).n == 0


def test_questions_count_as_self_service_by_how_they_ended(company: Company) -> None:
    owner = company.platform.owner()
    ask_and_wait(company.platform, owner, "Is VX-10 in stock?")
    ask_and_wait(company.platform, owner, "What will the weather be like tomorrow?")
    service = boards(company).of(MeasureName.SELF_SERVICE)
    assert (service.value, service.n) == (0.5, 2)
    assert {row.key: row.n for row in service.by["outcome"] if row.n} == {"answered": 1, "refused": 1}
    assert service.figures["without_model"] == 1.0
    assert (service.target, service.verdict) == (Target(value=0.8, at_least=True), Verdict.TOO_FEW)


def test_a_question_without_an_answer_yet_is_not_counted(company: Company) -> None:
    """It is being answered by another process, or that process died."""
    owner = company.platform.owner()
    thread = ask_and_wait(company.platform, owner, "Is VX-10 in stock?").thread
    with company.platform.store.write() as unit:
        unit.threads.begin_turn(owner, thread, "cut-off", "And VX-20?", at=NOW, until=NOW + minutes(1))
    assert boards(company).of(MeasureName.SELF_SERVICE).n == 1


@pytest.mark.parametrize(("answered", "verdict"), [(4, Verdict.MET), (3, Verdict.MISSED)])
def test_self_service_is_judged_by_the_share_that_was_set(answered: int, verdict: Verdict) -> None:
    ends = [AnswerStatus.ANSWERED] * answered + [AnswerStatus.REFUSED] * (5 - answered)
    questions = [Answered(at=NOW, status=status, model_calls=0, seconds=1) for status in ends]
    assert measure_self_service(questions, [], 0.8, Span(NOW, 4)).verdict is verdict


def test_a_change_of_process_is_not_measured_and_said_so_beside_its_target(company: Company) -> None:
    owner, started = company.platform.owner(), company.clock.at
    table = policy_text(company.platform, owner, "effects")
    for version in range(3):
        company.clock.at = started + timedelta(days=3 * version)
        publish_policy(company.platform, owner, "effects", table + "\n" * version)
    process = boards(company).of(MeasureName.PROCESS_CHANGE)
    assert (process.value, process.n, process.verdict) == (None, 0, Verdict.UNMEASURED)
    assert process.target == Target(value=14)
    assert process.figures == {"published": 3, "between_days": 3}
    assert [(row.key, row.n, row.value) for row in process.by["table"]] == [("effects", 3, 3)]
    told = {lang: load_measure_words(lang) for lang in Lang}
    assert [words.verdict(process) for words in told.values()] == ["not measured", "尚无法衡量"]
    assert [words.target(process) for words in told.values()] == ["target ≤ 14 d", "目标 ≤ 14 天"]


def test_boards_are_for_those_who_answer_for_the_work(company: Company) -> None:
    rep = Caller(tenant="default", user="rita", roles=frozenset({Role.REP}))
    with pytest.raises(ForbiddenError):
        boards(company, rep)


@pytest.mark.parametrize("weeks", [0, -1, 105])
def test_a_number_of_weeks_that_is_not_possible_is_refused_by_name(company: Company, weeks: int) -> None:
    with pytest.raises(InvalidInputError) as error:
        measure_company(company.platform, company.platform.owner(), weeks)
    assert error.value.field == "weeks"


@given(
    now=st.floats(0, 2_000, allow_nan=False).map(lambda days: NOW + timedelta(days=days)),
    weeks=st.integers(1, 104),
    back=st.lists(st.floats(0, 800, allow_nan=False), max_size=30),
)
def test_each_item_of_the_span_is_in_exactly_one_week(now: datetime, weeks: int, back: list[float]) -> None:
    span = Span(now, weeks)
    items = [now - timedelta(days=days) for days in back]
    found = span.by_week(items, lambda at: at, len)
    assert sum(week.n for week in found) == sum(at >= span.since for at in items)
    assert [week.monday.weekday() for week in found] == [0] * weeks
    assert found[-1].monday <= now.date() < found[-1].monday + timedelta(days=7)
    assert isinstance(found[0].monday, date)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_enough_do_not_exceed_it(values: list[float], part: float) -> None:
    found = percentile(values, part)
    assert found in values
    assert sum(value <= found for value in values) >= part * len(values)
