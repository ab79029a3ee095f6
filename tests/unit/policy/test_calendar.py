"""Working time: exact, the same however it is cut, and undisturbed by clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.policy.calendar import (
    Calendar,
    Opening,
    add_working_time,
    calendar_of,
    is_working_day,
    load_calendars,
    working_time,
)

HOUR = timedelta(hours=1)
ROUND_THE_CLOCK = Calendar(
    name="always",
    zone="Europe/Berlin",
    weekdays=frozenset(range(7)),
    hours=(Opening(start=time(0), end=time(2, 30)), Opening(start=time(2, 30), end=time(23, 59))),
)
CALENDARS = [*load_calendars().calendars, ROUND_THE_CLOCK]
START = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(), timedelta(days=700)).map(lambda passed: START + passed)
calendars = st.sampled_from(CALENDARS)
amounts = st.timedeltas(timedelta(), timedelta(hours=120))


def test_eight_working_hours_after_friday_noon_end_on_monday_noon() -> None:
    china = calendar_of("华东")
    friday = datetime(2026, 6, 12, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert add_working_time(china, friday, 8 * HOUR) == datetime(2026, 6, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_china_works_on_made_up_saturdays_and_rests_for_them() -> None:
    china = calendar_of("East China")
    assert is_working_day(china, date(2026, 2, 14))
    assert not is_working_day(china, date(2026, 2, 20))
    assert not is_working_day(china, date(2026, 2, 21))
    zone = ZoneInfo("Asia/Shanghai")
    days = working_time(china, datetime(2026, 1, 1, tzinfo=zone), datetime(2027, 1, 1, tzinfo=zone)) / (8 * HOUR)
    assert days == 248


@pytest.mark.parametrize(
    ("region", "name"),
    [("Southwest China", "China"), ("EMEA", "Germany"), ("亚太", "Singapore"), ("americas ", "United States")],
)
def test_a_region_has_its_calendar(region: str, name: str) -> None:
    assert calendar_of(region).name == name


def test_a_region_unknown_to_the_table_has_the_default_calendar() -> None:
    assert calendar_of(None) == calendar_of("Atlantis") == calendar_of("China")


def test_an_hour_that_the_clock_skips_or_repeats_counts_as_it_passes() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)):
        start, end = (datetime.combine(day + timedelta(days=days), time(), zone) for days in (0, 1))
        passed = working_time(ROUND_THE_CLOCK, start, end)
        assert passed == hours * HOUR - timedelta(minutes=1)


def test_american_deadlines_keep_the_local_clock_across_the_change() -> None:
    zone = ZoneInfo("America/New_York")
    before = datetime(2026, 3, 6, 13, tzinfo=zone)
    assert add_working_time(calendar_of("Americas"), before, 8 * HOUR) == datetime(2026, 3, 9, 12, tzinfo=zone)


@given(calendars, st.lists(moments, min_size=3, max_size=3))
def test_working_time_adds_up(calendar: Calendar, given: list[datetime]) -> None:
    first, second, third = sorted(given)
    whole = working_time(calendar, first, third)
    assert whole == working_time(calendar, first, second) + working_time(calendar, second, third)
    assert timedelta() <= whole <= third - first
    assert working_time(calendar, third, first) == timedelta()


@given(calendars, moments, amounts)
def test_adding_is_the_inverse_of_measuring(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    end = add_working_time(calendar, start, amount)
    assert end >= start
    assert working_time(calendar, start, end) == amount
    if amount:
        # The earliest such moment: a moment before, a moment is missing.
        instant = timedelta(microseconds=1)
        assert working_time(calendar, start, end - instant) == amount - instant


@given(calendars, moments, amounts, amounts)
def test_adding_in_two_parts_is_adding_at_once(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    in_parts = add_working_time(calendar, add_working_time(calendar, start, one), other)
    assert in_parts == add_working_time(calendar, start, one + other)


def test_moments_without_zone_and_negative_amounts_are_refused() -> None:
    china = calendar_of(None)
    with pytest.raises(ValueError, match="time zone"):
        working_time(china, START.replace(tzinfo=None), START)
    with pytest.raises(ValueError, match="negative"):
        add_working_time(china, datetime(2026, 1, 1, tzinfo=UTC), -HOUR)


@pytest.mark.parametrize(
    "changes",
    [
        {"zone": "Mars/Olympus"},
        {"country": "XX"},
        {"weekdays": [7]},
        {"hours": []},
        {"hours": [{"start": "12:00", "end": "09:00"}]},
        {"hours": [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "13:00"}]},
    ],
    ids=str,
)
def test_an_impossible_calendar_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Calendar.model_validate(calendar_of(None).model_dump(exclude={"regions"}) | changes)
