"""Pre-reviews as text for a terminal, or as JSON."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.markup import escape
from rich.table import Column, Table

from cli.output import print_json, to_people
from core.domain.claims import Claim, ClaimState
from core.domain.reviews import ReviewEvent, ReviewStatus, ReviewTask
from core.domain.visits import Run
from hub.reviews.cycle_times import CycleTimes
from hub.reviews.reading import ReviewDetail, is_overdue


def print_list(tasks: Sequence[ReviewTask], late: Sequence[Run], now: datetime, *, json: bool) -> None:
    """Reviews with what is overdue first in sight, and packages that have not come in time."""
    if json:
        rows = [{**task.model_dump(mode="json"), "overdue": is_overdue(task.review, now)} for task in tasks]
        runs = [{"run_id": run.id, "account": run.account, "status": run.status} for run in late]
        print_json({"reviews": rows, "late_packages": runs})
        return
    console = to_people()
    # An id that is cut short is of no use: the other columns give way.
    ids = Column("Review", no_wrap=True, min_width=max((len(task.review.id) for task in tasks), default=0))
    table = Table(ids, "Account", "Department", "Status", "Due", "With", box=None)
    for task in tasks:
        review = task.review
        status = f"{review.status}, OVERDUE" if is_overdue(review, now) else str(review.status)
        held = ", ".join(filter(None, (review.assignee, *review.escalated_to)))
        cells = (review.id, task.account, review.department.value, status, _moment(review.due_at), held)
        table.add_row(*map(escape, cells))
    console.print(table if tasks else "Nothing waits.")
    for run in late:
        console.print(f"No package yet for {run.account}, asked {_moment(run.created_at)} ({run.id})", markup=False)


def print_task(task: ReviewTask, *, json: bool) -> None:
    """Where a review stands after a change."""
    if json:
        print_json(task)
        return
    review = task.review
    held = f", with {review.assignee}" if review.assignee and not review.status.is_over else ""
    due = "" if review.status.is_over else f", due {_moment(review.due_at)}"
    print(f"{review.id}: {review.status}{held}{due} (revision {task.revision})")


def print_review(detail: ReviewDetail, *, json: bool) -> None:
    """A part with its clock, sentences, sources and history."""
    if json:
        print_json(detail)
        return
    console, part = to_people(), detail.part
    review = part.review
    left = "" if detail.left is None else f", {detail.left / timedelta(hours=1):.1f} working hours left"
    clock = "OVERDUE" if detail.overdue else f"due {_moment(review.due_at)}{left}"
    lines = [
        f"{part.account}: {part.purpose}",
        f"{review.department} – {review.status}, {clock}; asked by {detail.requester}, revision {detail.revision}",
    ]
    if review.status is not ReviewStatus.WAITING and review.assignee:
        lines.append(f"with {review.assignee}")
    for claim in part.claims:
        lines += ["", f"{claim.id}{_state(claim)}", f"  {claim.text}"]
        lines += [f"  · {part.evidence[id_].quote}" for id_ in claim.evidence if id_ in part.evidence]
    lines += ["", *map(_event, detail.history)]
    for line in lines:
        console.print(line, markup=False)


def print_times(measured: CycleTimes, *, json: bool) -> None:
    """Cycle times by department and reason, in working hours."""
    if json:
        print_json(measured)
        return
    share = f"≤ {measured.within:g} h"
    table = Table("Group", "Reviews", "Decided", "p50 h", "p90 h", "Waiting h", "Working h", share, box=None)
    for group in (measured.overall, *measured.departments, *measured.reasons):
        figures = (group.p50, group.p90, group.waiting, group.working)
        hours = ["–" if figure is None else f"{figure:.1f}" for figure in figures]
        within = "–" if group.share_within is None else f"{group.share_within:.0%}"
        table.add_row(group.group, str(group.reviews), str(group.decided), *hours, within)
    to_people().print(table)


def _state(claim: Claim) -> str:
    flags = [] if claim.state is ClaimState.SUPPORTED else [claim.state.value]
    flags += [f"edited by {claim.edited_by}"] if claim.edited_by else []
    return f" ({', '.join(flags)})" if flags else ""


def _event(event: ReviewEvent) -> str:
    said = "; ".join(f"{name}: {value}" for name, value in event.body.items() if value not in (None, "", [], False))
    return f"{_moment(event.at)}  {event.kind} by {event.actor}{f' ({said})' if said else ''}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
