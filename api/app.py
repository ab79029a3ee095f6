"""The HTTP API."""

from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.guard import Guard
from api.limit import BodyLimit
from api.methods import METHODS, methods_of
from api.problems import Problem, handle_problems
from api.routes import (
    accounts,
    boards,
    chat,
    completions,
    effects,
    imports,
    inbox,
    meetings,
    recall,
    reviews,
    session,
    shares,
    visits,
    webhooks,
)
from core.policy.permissions import Action, require
from hub.installation import Platform
from hub.workers.gauges import update_gauges

_PROBLEMS = {
    status: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for status, text in {
        400: "Not readable",
        401: "Not signed in",
        403: "Not allowed",
        404: "Not found",
        409: "Conflict",
        413: "Too large",
        422: "Invalid input",
        429: "Too many requests",
        503: "A system of record did not answer",
    }.items()
}


def build_api(platform: Platform) -> FastAPI:
    """The API over one opened platform, which must run jobs (`work=True`)."""
    app = FastAPI(
        title="saleshub",
        version="1",
        summary="A visit request becomes a sourced collaboration package.",
        docs_url=None,
        redoc_url=None,
        responses=_PROBLEMS,  # type: ignore[arg-type]
    )
    app.state.platform = platform
    handle_problems(app)
    for routes in (visits, effects, accounts, imports, inbox, recall, reviews, webhooks, shares, boards, session):
        app.include_router(routes.router, prefix="/v1")
    app.include_router(meetings.router, prefix="/v1")
    app.include_router(chat.router, prefix="/v1")
    app.include_router(completions.router, prefix="/v1")
    app.include_router(session.forms)

    @app.get("/healthz", tags=["operation"])
    def health() -> dict[str, str]:
        """Whether the process lives."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["operation"])
    def ready() -> dict[str, str | None]:
        """Whether the records can be read and jobs accepted; `worker` names the worker in this process, if any."""
        with platform.store.read() as unit:
            unit.tenants.list()
        platform.jobs.count()
        return {"status": "ok", "worker": platform.worker}

    @app.get("/metrics", tags=["operation"], response_class=Response)
    def metrics(request: Request) -> Response:
        """Metrics in the Prometheus text format, of the whole installation."""
        if request.state.caller is not None:
            require(request.state.caller, Action.READ_METRICS)
        update_gauges(platform)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.api_route("/v1/{rest:path}", methods=[*METHODS, "OPTIONS", "TRACE"], include_in_schema=False)
    def unknown(request: Request, rest: str) -> None:
        """An unknown address or method of the API is a problem, not a page of the console."""
        taken = methods_of(request.app, request.scope)
        if taken:
            allow = {"Allow": ", ".join(taken)}
            raise HTTPException(405, f"/v1/{rest} does not take {request.method}", headers=allow)
        raise HTTPException(404, f"there is nothing at /v1/{rest}")

    app.add_middleware(BodyLimit)
    app.add_middleware(Guard, platform=platform)
    return app
