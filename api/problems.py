"""Errors on HTTP as RFC 9457 problem details."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from core.errors import HubError, SourceError, TooManyError

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """RFC 9457 problem details, with the field at fault, what to do about it, and near names."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    field: str | None = None
    remedy: str | None = None
    nearest: list[str] = []


def problem_response(problem: Problem) -> JSONResponse:
    """The problem as a response."""
    body = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE)


def _field(location: Sequence[Any]) -> str:
    parts = [str(part) for part in location]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in {"body", "query", "path", "header"} else parts)


def handle_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem."""
    app.add_exception_handler(HubError, _hub)
    app.add_exception_handler(SourceError, _source)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def _hub(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HubError)  # noqa: S101
    response = problem_response(
        Problem(
            title=error.title,
            status=error.status,
            detail=error.problem,
            instance=request.url.path,
            field=error.field,
            remedy=error.remedy,
            nearest=list(error.nearest),
        )
    )
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _source(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SourceError)  # noqa: S101
    return problem_response(
        Problem(
            title="A system of record did not answer",
            status=503,
            detail=str(error),
            instance=request.url.path,
            field=error.system,
            remedy="Try again later.",
        )
    )


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    return problem_response(
        Problem(
            title="Invalid input",
            status=422,
            detail=str(first["msg"]),
            instance=request.url.path,
            field=_field(first["loc"]),
            remedy="/openapi.json describes what is expected.",
        )
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    titles = {404: "Not found", 405: "Method not allowed"}
    response = problem_response(
        Problem(
            title=titles.get(error.status_code, "The request failed"),
            status=error.status_code,
            detail=str(error.detail),
            instance=request.url.path,
            remedy="/openapi.json lists the addresses and methods.",
        )
    )
    # A method that is not taken goes with those that are.
    response.headers.update(error.headers or {})
    return response


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return problem_response(
        Problem(
            title="The hub failed",
            status=500,
            detail=f"unexpected {type(error).__name__}; the log has the details",
            instance=request.url.path,
            remedy="Try again; if it stays, give the operator the time and this address.",
        )
    )
