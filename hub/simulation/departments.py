"""The year itself: requests pass through departments of people, each of whom does one thing at a time."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import simpy

from core.domain.contracts import Department
from core.policy.calendar import Calendar, add_working_time, working_time
from hub.reviews.opening import REMINDERS
from hub.simulation.assumptions import Assumptions, Way
from hub.simulation.draws import Absence, Request, Task, Year

Steps = Generator[simpy.Event, Any, Any]
_NONE = timedelta()


@dataclass(slots=True)
class Spent:
    """Where the working time of one review went."""

    department: Department
    waiting: timedelta = _NONE
    working: timedelta = _NONE
    asked: timedelta = _NONE


@dataclass(frozen=True, slots=True)
class Cycle:
    """One request to its last decision: by the clock, in working time, and what of that came between reviews."""

    elapsed: timedelta
    worked: timedelta
    between: timedelta
    spent: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class _Reviewer:
    desk: simpy.PriorityResource
    absences: tuple[Absence, ...]

    def absence(self, day: date) -> Absence | None:
        return next((away for away in self.absences if away.first <= day <= away.last), None)


class YearOfReviews:
    """One way of working through a year."""

    def __init__(self, year: Year, way: Way, assumed: Assumptions) -> None:
        self._year, self._way, self._assumed = year, way, assumed
        self._start = year.requests[0].at
        self._clock = simpy.Environment()
        self._staff = {
            place: [_Reviewer(simpy.PriorityResource(self._clock), absences) for absences in people]
            for place, people in year.staff.items()
        }
        self._cycles: dict[int, Cycle] = {}

    def run(self) -> tuple[Cycle, ...]:
        """The cycle of each request, in the order of the requests."""
        for number, request in enumerate(self._year.requests):
            self._clock.process(self._cycle(number, request))
        self._clock.run()
        return tuple(self._cycles[number] for number in range(len(self._year.requests)))

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=self._clock.now)

    def _until(self, moment: datetime) -> simpy.Event:
        return self._clock.timeout(max(0.0, (moment - self._now()).total_seconds()))

    def _cycle(self, number: int, request: Request) -> Steps:
        calendar = self._year.calendars[request.office]
        yield self._until(request.at)
        between = self._way.prepare.at(request.prepare)
        yield self._until(add_working_time(calendar, self._now(), between))
        spent = tuple(Spent(task.department) for task in request.tasks)
        reviews = [self._review(request, task, on) for task, on in zip(request.tasks, spent, strict=True)]
        if self._way.parallel:
            yield simpy.AllOf(self._clock, [self._clock.process(review) for review in reviews])
        else:
            for task, review in zip(request.tasks, reviews, strict=True):
                if self._way.handover is not None:
                    handover = self._way.handover.at(task.handover)
                    yield self._until(add_working_time(calendar, self._now(), handover))
                    between += handover
                yield self._clock.process(review)
        ended = self._now()
        worked = working_time(calendar, request.at, ended)
        self._cycles[number] = Cycle(ended - request.at, worked, between, spent)

    def _review(self, request: Request, task: Task, spent: Spent) -> Steps:
        calendar, assumed, opened = self._year.calendars[request.office], self._assumed, self._now()
        due = add_working_time(calendar, opened, assumed.within)
        case = _Case(calendar, task, spent, self._staff[request.office, task.department], opened, due)
        seen, reviewer = self._noticed(case)
        yield self._until(seen)
        effort = assumed.work[task.department].at(task.work) * self._way.effort
        if task.asks < self._way.asks:
            first = effort * task.asks_after
            yield from self._work(case, reviewer, first)
            asked = self._now()
            answered = add_working_time(calendar, asked, assumed.answers.at(task.answer))
            spent.asked = working_time(calendar, asked, answered)
            # The question stops the department's clock.
            case.due = add_working_time(calendar, due, spent.asked)
            notices = assumed.notices_urgent if self._way.watched else assumed.notices
            yield self._until(add_working_time(calendar, answered, notices.at(task.notice_answer)))
            effort -= first
        yield from self._work(case, reviewer, effort)
        spent.waiting = working_time(calendar, opened, self._now()) - spent.working - spent.asked

    def _work(self, case: "_Case", reviewer: _Reviewer, effort: timedelta) -> Steps:
        """Wait for the reviewer to be free, then work, interrupted now and then. What is due first comes first."""
        order = round(case.due.timestamp()) if self._way.watched else 0
        with reviewer.desk.request(priority=order) as turn:
            yield turn
            takes = effort + self._interrupted(case.task, effort)
            yield self._until(add_working_time(case.calendar, self._now(), takes))
            case.spent.working += takes

    def _interrupted(self, task: Task, effort: timedelta) -> timedelta:
        hours, passed, lost = effort / timedelta(hours=1), 0.0, 0.0
        for gap, length in zip(task.gaps, task.lengths, strict=True):
            passed += gap / self._assumed.interruptions
            if passed > hours:
                break
            lost += length * self._assumed.interruption_hours
        return timedelta(hours=lost)

    def _noticed(self, case: "_Case") -> tuple[datetime, _Reviewer]:
        """When somebody turns to the task, and who."""
        assumed, task = self._assumed, case.task
        owner = case.staff[task.reviewer]
        away = owner.absence(case.local(case.opened))
        urgent = assumed.notices_urgent.at(task.notice_urgent)
        start = case.opened
        if away is not None:
            if self._way.watched and not away.planned:
                return self._escalated(case, urgent)
            owner = case.stand_in(case.opened)
            if not self._way.watched:
                lost = assumed.finds_stand_in_hours if away.planned else assumed.chases_hours
                start = case.later(start, timedelta(hours=lost))
        seen = case.later(start, assumed.notices.at(task.notice))
        if not self._way.watched:
            return seen, owner
        for part in REMINDERS.values():
            seen = min(seen, case.later(case.later(case.opened, assumed.within * part), urgent))
        return (seen, owner) if seen <= case.due else self._escalated(case, urgent)

    def _escalated(self, case: "_Case", urgent: timedelta) -> tuple[datetime, _Reviewer]:
        return case.later(case.due, urgent), case.stand_in(case.due)


@dataclass(slots=True)
class _Case:
    """One review and the people who may do it."""

    calendar: Calendar
    task: Task
    spent: Spent
    staff: list[_Reviewer]
    opened: datetime
    due: datetime

    def local(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.calendar.zone)).date()

    def later(self, moment: datetime, amount: timedelta) -> datetime:
        return add_working_time(self.calendar, moment, amount)

    def stand_in(self, at: datetime) -> _Reviewer:
        """The next colleague who is there; when nobody is, the next one, who is then asked at home."""
        others = [self.staff[(self.task.reviewer + step) % len(self.staff)] for step in range(1, len(self.staff))]
        day = self.local(at)
        return next((one for one in others if one.absence(day) is None), others[0])
