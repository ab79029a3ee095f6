"""Visit requests, their runs and packages."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import CallerDep, PlatformDep
from core.domain.contracts import Department
from core.domain.packages import Package
from core.domain.visits import Run, RunEvent, VisitRequest
from hub.rendering.html import render_html
from hub.rendering.markdown import render_markdown
from hub.reviews.reading import Part, get_part
from hub.visits import events_after, follow_run, get_package, get_run, list_runs, request_visit

router = APIRouter(prefix="/visit-requests", tags=["visits"])

RunId = Annotated[str, Path(max_length=64)]
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=200, description="The same key gives the same run")
]
LastEventId = Annotated[
    str, Header(alias="Last-Event-ID", pattern=r"^[0-9]{0,9}$", description="Resume after the event with this number")
]


class Accepted(BaseModel):
    """An accepted visit request."""

    run_id: str
    account: str
    status: str
    events: str
    package: str


class RunList(BaseModel):
    """Runs, newest first."""

    runs: list[Run]


class RunState(BaseModel):
    """A run and its progress so far."""

    run: Run
    events: list[RunEvent]


@router.post("", status_code=202)
def file_request(
    platform: PlatformDep, caller: CallerDep, request: VisitRequest, key: IdempotencyKey, response: Response
) -> Accepted:
    """File a visit request. Sending it again with the same key gives the same run."""
    run = request_visit(platform, caller, request, key)
    here = f"/v1/visit-requests/{run.id}"
    response.headers["Location"] = here
    return Accepted(
        run_id=run.id, account=run.account, status=run.status, events=f"{here}/events", package=f"{here}/package"
    )


@router.get("")
def runs(platform: PlatformDep, caller: CallerDep, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> RunList:
    """The newest runs."""
    return RunList(runs=list_runs(platform, caller, limit))


@router.get("/{run_id}")
def run_state(platform: PlatformDep, caller: CallerDep, run_id: RunId) -> RunState:
    """A run and its progress."""
    return RunState(run=get_run(platform, caller, run_id), events=events_after(platform, caller, run_id, 0))


@router.get("/{run_id}/events", response_class=EventSourceResponse)
def events(
    platform: PlatformDep, caller: CallerDep, run_id: RunId, last_event_id: LastEventId = ""
) -> EventSourceResponse:
    """Progress as server-sent events, ending with `over`; `Last-Event-ID` resumes after that event."""
    get_run(platform, caller, run_id)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        seq = int(last_event_id or 0)
        async for event in follow_run(platform, caller, run_id, seq):
            seq = event.seq
            yield ServerSentEvent(event.model_dump_json(), event="progress", id=str(seq))
        run = get_run(platform, caller, run_id)
        over = json.dumps({"run_id": run_id, "status": run.status, "reason": run.reason}, ensure_ascii=False)
        yield ServerSentEvent(over, event="over", id=str(seq))

    return EventSourceResponse(stream())


@router.get(
    "/{run_id}/package",
    response_model=Package,
    responses={200: {"content": {"text/markdown": {}, "text/html": {}, "application/pdf": {}}}},
)
def package(
    platform: PlatformDep,
    caller: CallerDep,
    run_id: RunId,
    format: Annotated[Literal["json", "markdown", "html", "pdf"], Query()] = "json",  # noqa: A002
) -> Package | Response:
    """The collaboration package of a finished run."""
    found = get_package(platform, caller, run_id)
    if format == "markdown":
        return PlainTextResponse(render_markdown(found), media_type="text/markdown")
    if format == "pdf":
        from hub.rendering.pdf.document import render_pdf  # noqa: PLC0415 - most servers never print

        return Response(render_pdf(found, platform.settings.pdf_font), media_type="application/pdf")
    if format == "html":
        return HTMLResponse(render_html(found), headers=_STRICT)
    return found


# The page needs nothing from anywhere: no script, and styles only its own.
_STRICT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


@router.get("/{run_id}/reviews/{department}")
def part(platform: PlatformDep, caller: CallerDep, run_id: RunId, department: Department) -> Part:
    """What one department gets to pre-review: its claims and their evidence, nothing else."""
    return get_part(platform, caller, run_id, department)
