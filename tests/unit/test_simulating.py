"""The simulated year: the same for a seed, free of contradictions, and parallel never slower than in sequence."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.main import run
from core.policy.calendar import is_working_day, working_time
from hub.simulating import CycleTimes, simulate
from hub.simulation.assumptions import HUB_IN_SEQUENCE, WAYS, WITH_HUB, WITHOUT_HUB, Assumptions, Way
from hub.simulation.departments import Cycle, YearOfReviews
from hub.simulation.draws import Request, Year, draw_year

ASSUMED = Assumptions()
ALWAYS_THERE = Assumptions(leave_days=0, sick_days=0)
INSTANT = timedelta(milliseconds=1)


def own(cycle: Cycle) -> list[timedelta]:
    return [spent.waiting + spent.working + spent.asked for spent in cycle.spent]


def test_the_same_seed_gives_the_same_year_and_another_seed_another() -> None:
    assert simulate(60, 7, 2026) == simulate(60, 7, 2026)
    assert simulate(60, 7, 2026).with_hub != simulate(60, 8, 2026).with_hub


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_for_the_same_draws_parallel_reviews_are_never_slower(seed: int) -> None:
    """One request, so that no queue behind others hides the difference."""
    year = draw_year(1, seed, 2026, ALWAYS_THERE)
    (parallel,), (sequence,) = (YearOfReviews(year, way, ALWAYS_THERE).run() for way in (WITH_HUB, HUB_IN_SEQUENCE))
    assert parallel.worked <= sequence.worked
    assert parallel.elapsed <= sequence.elapsed
    assert max(own(parallel)) == pytest.approx(parallel.worked - parallel.between, abs=INSTANT)


@pytest.mark.parametrize("way", [HUB_IN_SEQUENCE, WITHOUT_HUB], ids=["hub", "mail"])
def test_in_sequence_the_parts_add_up_to_the_whole(way: Way) -> None:
    year = draw_year(80, 3, 2026, ASSUMED)
    for cycle in YearOfReviews(year, way, ASSUMED).run():
        assert sum(own(cycle), cycle.between) == pytest.approx(cycle.worked, abs=INSTANT)
        assert all(part >= timedelta() for spent in cycle.spent for part in (spent.waiting, spent.working, spent.asked))


def test_no_cycle_takes_more_working_time_than_time() -> None:
    year = draw_year(80, 4, 2026, ASSUMED)
    for way in WAYS.values():
        assert all(timedelta() < cycle.worked <= cycle.elapsed for cycle in YearOfReviews(year, way, ASSUMED).run())


def test_requests_come_in_working_hours_and_by_season() -> None:
    year = draw_year(3000, 5, 2026, ASSUMED)
    months: Counter[int] = Counter()
    for request in year.requests:
        calendar = year.calendars[request.office]
        local = request.at.astimezone(ZoneInfo(calendar.zone))
        assert is_working_day(calendar, local.date())
        around = timedelta(minutes=1)
        assert working_time(calendar, request.at - around, request.at + around) > timedelta()
        months[local.month] += 1
    assert months[2] < months[1] < months[3]


def test_more_requests_are_met_with_more_reviewers_and_two_are_always_there() -> None:
    few, many = (draw_year(count, 1, 2026, ASSUMED).staff for count in (10, 5000))
    assert {len(people) for people in few.values()} == {2}
    assert max(len(people) for people in many.values()) > 4


def test_the_figures_of_a_way_fit_one_another() -> None:
    done = simulate(400, 2, 2026)
    for times in (done.with_hub, done.hub_in_sequence, done.without_hub):
        assert times.p50_hours <= times.p90_hours <= times.elapsed.p90_hours
        assert times.elapsed.p50_hours <= times.elapsed.p90_hours
        assert times.elapsed.share_within_8h <= times.share_within_8h
        assert sum(bar.requests for bar in times.histogram) == 400
        within = sum(bar.requests for bar in times.histogram if bar.up_to is not None and bar.up_to <= 8)
        assert times.share_within_8h == pytest.approx(within / 400, abs=1e-4)
    assert done.with_hub.p50_hours < done.hub_in_sequence.p50_hours < done.without_hub.p50_hours


def test_without_the_hub_the_median_lies_in_the_given_three_to_five_days() -> None:
    days = [simulate(400, seed, 2026).without_hub.elapsed.p50_hours / 24 for seed in (1, 2)]
    assert all(3 <= each <= 5 for each in days)


def test_the_last_days_of_a_year_end_in_the_next() -> None:
    year = draw_year(3, 1, 2026, ASSUMED)
    late = Request(datetime(2026, 12, 31, 9, 30, tzinfo=UTC), "China", 0.0, year.requests[0].tasks)
    (cycle,) = YearOfReviews(Year((late,), year.calendars, year.staff), WITHOUT_HUB, ASSUMED).run()
    assert late.at + cycle.elapsed > datetime(2027, 1, 3, tzinfo=UTC)


def test_the_command_prints_what_programs_expect(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--requests", "50", "--seed", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["requests"], answer["seed"]) == (50, 1)
    for way in ("with_hub", "without_hub"):
        assert {"p50_hours", "p90_hours", "share_within_8h"} <= answer[way].keys() == CycleTimes.model_fields.keys()
    assert "assumptions" in answer


@pytest.mark.parametrize(("lang", "words"), [("en", "simulation under assumptions"), ("zh", "基于假设的模拟")])
def test_the_command_says_that_it_is_a_simulation(capsys: pytest.CaptureFixture[str], lang: str, words: str) -> None:
    assert run(["simulate", "--requests", "30", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert words in printed
    assert "█" in printed
