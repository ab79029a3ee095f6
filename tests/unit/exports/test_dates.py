from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.exports.dates import DateError, DateRange, day_order_of, parse_date, parse_instant

BELIEVED = DateRange.around(date(2026, 5, 20))
DAYS = st.dates(min_value=BELIEVED.first, max_value=BELIEVED.last)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.03.01",
        "2026年3月1日",
        "20260301",
        "01.03.2026",
        "1/3/2026",
        "1/3/26",
        "2026-03-01T09:30:00Z",
        "2026-03-01 09:30",
        "2026年3月1日 9:30",
        "1 March 2026",
        "March 1, 2026",
        "1st Mar 2026",
        "01-Mar-2026",
        "46082",
    ],
)
def test_dates_are_read_as_exports_write_them(text: str) -> None:
    assert parse_date(text, BELIEVED, day_first=True) == date(2026, 3, 1)


def test_month_first_columns_are_read_month_first() -> None:
    assert parse_date("03/04/2026", BELIEVED, day_first=False) == date(2026, 3, 4)
    assert parse_date("03.04.2026", BELIEVED, day_first=False) == date(2026, 4, 3)


@pytest.mark.parametrize("text", ["1899-12-31", "0001-01-01", "9999-12-31", "2099-01-01", "1989-12-31"])
def test_absurd_dates_are_refused(text: str) -> None:
    with pytest.raises(DateError, match="not between"):
        parse_date(text, BELIEVED)


@pytest.mark.parametrize("text", ["2026-02-30", "31/31/2026", "soon", "", "Q3 2026", "2026-13-01", "99999"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, BELIEVED)


@pytest.mark.parametrize(
    ("values", "american", "day_first", "certain"),
    [
        (["03/04/2026", "25/12/2026"], True, True, True),
        (["03/04/2026", "12/25/2026"], False, False, True),
        (["03/04/2026"], True, False, False),
        (["03/04/2026"], False, True, False),
        (["31.12.2026"], True, True, True),
    ],
)
def test_a_column_decides_its_order_by_majority(
    values: list[str],
    american: bool,  # noqa: FBT001
    day_first: bool,  # noqa: FBT001
    certain: bool,  # noqa: FBT001
) -> None:
    order = day_order_of(values, month_first_country=american)
    assert (order.day_first, order.certain) == (day_first, certain)


def test_times_need_a_zone_where_asked() -> None:
    assert parse_instant("2026-03-01T09:30:00+08:00", BELIEVED, need_zone=True) == datetime(
        2026, 3, 1, 1, 30, tzinfo=UTC
    )
    assert parse_instant("2026-03-01 09:30", BELIEVED, need_zone=False) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    with pytest.raises(DateError, match="no time zone"):
        parse_instant("2026-03-01T09:30:00", BELIEVED, need_zone=True)


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y"]))
def test_written_dates_round_trip(day: date, form: str) -> None:
    assert parse_date(day.strftime(form), BELIEVED, day_first=True) == day


@given(DAYS)
def test_american_dates_round_trip(day: date) -> None:
    assert parse_date(day.strftime("%m/%d/%Y"), BELIEVED, day_first=False) == day


@given(st.text(max_size=30))
def test_any_text_is_a_believed_date_or_refused(text: str) -> None:
    with suppress(DateError):
        assert BELIEVED.first <= parse_date(text, BELIEVED) <= BELIEVED.last
