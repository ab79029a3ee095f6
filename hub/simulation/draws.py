"""The chances of a year, drawn once: every way of working meets the same requests, absences and people."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.domain.contracts import Department
from core.policy.calendar import Calendar, add_working_time, calendar_of, is_working_day, working_time
from hub.simulation.assumptions import Assumptions

_INTERRUPTIONS = 16
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """The chances of one department's review: standard normal draws, and draws between 0 and 1."""

    department: Department
    reviewer: int
    work: float
    notice: float
    notice_urgent: float
    notice_answer: float
    handover: float
    answer: float
    asks: float
    asks_after: float
    # Exponential draws: working hours between interruptions, and their lengths, each in units of its mean.
    gaps: tuple[float, ...]
    lengths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A visit request and all that chance holds for it."""

    at: datetime
    office: str
    prepare: float
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away; `planned` ones are known to the hub beforehand."""

    first: date
    last: date
    planned: bool


@dataclass(frozen=True, slots=True)
class Year:
    """All that is given: requests by time, calendars by office, and per office and department each one's absences."""

    requests: tuple[Request, ...]
    calendars: dict[str, Calendar]
    staff: dict[tuple[str, Department], tuple[tuple[Absence, ...], ...]]


def draw_year(requests: int, seed: int, year: int, assumed: Assumptions) -> Year:
    """Draw a year. The same arguments give the same year."""
    chance = np.random.default_rng([seed, year])
    regions = [region for region, _ in assumed.regions]
    weights = np.array([weight for _, weight in assumed.regions])
    chosen = chance.choice(len(regions), size=requests, p=weights / weights.sum())
    calendars = {calendar_of(region).name: calendar_of(region) for region in regions}
    days = {name: _days_of(calendar, year, assumed) for name, calendar in calendars.items()}
    offices = [calendar_of(regions[number]).name for number in chosen]
    sizes = {
        (name, department): _staff(offices.count(name), calendar, year, department, assumed)
        for name, calendar in calendars.items()
        for department in assumed.work
    }
    drawn = []
    for office in offices:
        choices, shares = days[office]
        day = choices[int(chance.choice(len(choices), p=shares))]
        at = _moment_of(calendars[office], day, float(chance.random()))
        tasks = tuple(_task(chance, department, sizes[office, department]) for department in assumed.work)
        drawn.append(Request(at, office, float(chance.standard_normal()), tasks))
    staff = {
        (name, department): tuple(_absences(chance, year, assumed) for _ in range(size))
        for (name, department), size in sizes.items()
    }
    return Year(tuple(sorted(drawn, key=lambda request: request.at)), calendars, staff)


def _days_of(calendar: Calendar, year: int, assumed: Assumptions) -> tuple[list[date], list[float]]:
    """The working days of a year, and the share of the requests that comes on each."""
    first = date(year, 1, 1)
    every = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    days = [day for day in every if is_working_day(calendar, day)]
    weights = [assumed.months[day.month - 1] for day in days]
    return days, [weight / sum(weights) for weight in weights]


def _moment_of(calendar: Calendar, day: date, part: float) -> datetime:
    """The moment at which that part of the day's working time has passed."""
    zone = ZoneInfo(calendar.zone)
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return add_working_time(calendar, start, part * working_time(calendar, start, start + _DAY))


def _staff(requests: int, calendar: Calendar, year: int, department: Department, assumed: Assumptions) -> int:
    """Reviewers, so that their reviews take no more than the assumed part of their time; two at least."""
    hours = working_time(calendar, datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
    each = assumed.work[department].mean * (1 + assumed.interruptions * assumed.interruption_hours)
    return max(2, math.ceil(requests * each / (assumed.load * (hours / timedelta(hours=1)))))


def _task(chance: np.random.Generator, department: Department, reviewers: int) -> Task:
    return Task(
        department=department,
        reviewer=int(chance.integers(reviewers)),
        work=float(chance.standard_normal()),
        notice=float(chance.standard_normal()),
        notice_urgent=float(chance.standard_normal()),
        notice_answer=float(chance.standard_normal()),
        handover=float(chance.standard_normal()),
        answer=float(chance.standard_normal()),
        asks=float(chance.random()),
        asks_after=float(chance.random()),
        gaps=tuple(map(float, chance.exponential(size=_INTERRUPTIONS))),
        lengths=tuple(map(float, chance.exponential(size=_INTERRUPTIONS))),
    )


def _absences(chance: np.random.Generator, year: int, assumed: Assumptions) -> tuple[Absence, ...]:
    """Leave in blocks of a working week, sickness day by day."""
    first = date(year, 1, 1)
    away = []
    for _ in range(round(assumed.leave_days / 5)):
        start = first + timedelta(days=int(chance.integers(52)) * 7)
        away.append(Absence(start, start + timedelta(days=6), planned=True))
    for _ in range(assumed.sick_days):
        day = first + timedelta(days=int(chance.integers(365)))
        away.append(Absence(day, day, planned=False))
    return tuple(away)
