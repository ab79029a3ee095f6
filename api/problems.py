"""Errors on HTTP as RFC 9457 problem details."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.exceptions import HTTPException

from core.errors import HubError, SourceError, TooManyError
from core.language import Lang, wished_language
from hub.rendering.refusals import say_refusal, translate

MEDIA_TYPE = "application/problem+json"

_TITLES = {404: "Not found", 405: "Method not allowed"}
_SAID = ("title", "detail", "remedy")


class Problem(BaseModel):
    """RFC 9457 problem details, with the field at fault, what to do about it, and near names.

    `retry_after`, in seconds, goes into the header of that name.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    field: str | None = None
    remedy: str | None = None
    nearest: list[str] = []
    retry_after: SkipJsonSchema[int | None] = Field(default=None, exclude=True)


def problem_response(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    """The problem as a response, in the language that the request's `headers` wish for, else in English.

    Only what people read is translated: title, detail and remedy.
    """
    lang = wished_language(headers.get("accept-language", "")) or Lang.EN
    said = {name: translate(text, lang) for name in _SAID if (text := getattr(problem, name)) is not None}
    body = problem.model_copy(update=said).model_dump(mode="json", exclude_none=True)
    headers_sent = {"Content-Language": lang, "Vary": "Accept-Language"}
    if problem.retry_after is not None:
        headers_sent["Retry-After"] = str(problem.retry_after)
    return JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers_sent)


def _field(location: Sequence[Any]) -> str:
    parts = [str(part) for part in location]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in {"body", "query", "path", "header"} else parts)


def handle_problems(app: FastAPI) -> None:
    """Make every error of `app` a problem."""
    app.add_exception_handler(HubError, _refused)
    app.add_exception_handler(SourceError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HubError | SourceError)  # noqa: S101
    told = say_refusal(error, wished_language(request.headers.get("accept-language", "")) or Lang.EN)
    return problem_response(
        Problem(
            title=told.title,
            status=error.status,
            detail=told.problem,
            instance=request.url.path,
            field=told.field,
            remedy=told.remedy,
            nearest=list(told.nearest),
            retry_after=error.retry_after if isinstance(error, TooManyError) else None,
        ),
        request.headers,
    )


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    # Where a text may not be blank, a pattern says so to machines only.
    blank = first["type"] == "string_pattern_mismatch" and not str(first["input"]).strip()
    # The place in a body that is no JSON is a number of characters, not a field.
    field = "body" if first["type"] == "json_invalid" else _field(first["loc"])
    return problem_response(
        Problem(
            title="Invalid input",
            status=422,
            detail="is empty" if blank else str(first["msg"]),
            instance=request.url.path,
            field=field,
            remedy="/openapi.json describes what is expected.",
        ),
        request.headers,
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    response = problem_response(
        Problem(
            title=_TITLES.get(error.status_code, "The request failed"),
            status=error.status_code,
            detail=str(error.detail),
            instance=request.url.path,
            remedy="/openapi.json lists the addresses and methods.",
        ),
        request.headers,
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
        ),
        request.headers,
    )
