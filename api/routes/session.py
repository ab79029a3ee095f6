"""Signing in and out: as JSON for programs, as forms for the sign-in page, and by way of an identity provider."""

import secrets
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from api.deps import PlatformDep
from core.domain.access import Scope
from core.errors import ForbiddenError, HubError, TooManyError
from core.identity import Caller, Role
from hub.access.browser import (
    DEVICE_COOKIE,
    DEVICE_SECONDS,
    FORM_COOKIE,
    OIDC_COOKIE,
    SESSION_COOKIE,
    build_cookie,
    local_path,
)
from hub.access.entering import Entry, Way
from hub.access.invites import accept_invite
from hub.access.oidc import begin_sign_in, finish_sign_in
from hub.access.sessions import Opened, Origin, sign_out, sign_out_everywhere
from hub.access.signing_in import sign_in

router = APIRouter(tags=["session"])
# What browsers post and follow answers with pages, not problems.
forms = APIRouter(prefix="/session", include_in_schema=False)

Word = Annotated[str, Form(max_length=1000)]


class Credentials(BaseModel):
    """Who signs in; `tenant` may be left out while the installation has one company."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, max_length=200)
    password: str = Field(min_length=1, max_length=1000)
    tenant: str | None = Field(default=None, max_length=200)


class Session(BaseModel):
    """Who is in, and how."""

    tenant: str | None
    user: str
    roles: list[Role]
    regions: list[str] | None
    way: Way
    scopes: list[Scope]


@router.post("/session", status_code=201)
def open_session(
    platform: PlatformDep, request: Request, response: Response, credentials: Credentials
) -> dict[str, str]:
    """Sign in with a name and a password; the session is a cookie."""
    opened = sign_in(
        platform,
        credentials.tenant,
        credentials.user,
        credentials.password,
        origin=_origin(request),
        replaces=request.cookies.get(SESSION_COOKIE),
        device=request.cookies.get(DEVICE_COOKIE),
    )
    _keep(response, request, platform, opened)
    return {"tenant": opened.session.tenant, "user": opened.session.user, "ends_at": opened.session.ends_at.isoformat()}


@router.get("/session")
def who_am_i(request: Request) -> Session:
    """As whom the request comes in."""
    entry: Entry = request.state.entry
    caller: Caller | None = entry.caller
    return Session(
        tenant=caller.tenant if caller else None,
        user=caller.user if caller else "owner",
        roles=sorted(caller.roles) if caller else [Role.ADMIN, Role.MANAGER],
        regions=None if caller is None or caller.regions is None else sorted(caller.regions),
        way=entry.way,
        scopes=sorted(entry.scopes),
    )


@router.delete("/session", status_code=204)
def close_session(
    platform: PlatformDep,
    request: Request,
    response: Response,
    everywhere: Annotated[bool, Query(description="On every device")] = False,
) -> None:
    """Sign out."""
    _end(platform, request, everywhere=everywhere)
    _set(response, request, platform, SESSION_COOKIE, "")


@forms.post("")
def sign_in_form(
    platform: PlatformDep,
    request: Request,
    user: Word,
    password: Word,
    form: Word,
    tenant: Word = "",
    next: Word = "/",  # noqa: A002 - as it is called in the address
) -> Response:
    """Sign in from the page."""
    goal = local_path(next)
    try:
        _require_form(request, form)
        opened = sign_in(
            platform,
            tenant,
            user,
            password,
            origin=_origin(request),
            replaces=request.cookies.get(SESSION_COOKIE),
            device=request.cookies.get(DEVICE_COOKIE),
        )
    except HubError as error:
        return _back("/sign-in", error, next=goal)
    return _enter(request, platform, opened, goal)


@forms.post("/invite")
def invite_form(platform: PlatformDep, request: Request, invite: Word, password: Word, form: Word) -> Response:
    """Set a password by an invitation, and be signed in."""
    try:
        _require_form(request, form)
        replaces = request.cookies.get(SESSION_COOKIE)
        opened = accept_invite(platform, invite, password, origin=_origin(request), replaces=replaces)
    except HubError as error:
        return _back("/invite", error, invite=invite)
    return _enter(request, platform, opened, "/")


@forms.post("/end")
def sign_out_form(platform: PlatformDep, request: Request, everywhere: Annotated[bool, Form()] = False) -> Response:
    """Sign out from a page; nothing that another site could begin, by the check of where requests come from."""
    _end(platform, request, everywhere=everywhere)
    response = RedirectResponse("/sign-in", status_code=303)
    _set(response, request, platform, SESSION_COOKIE, "")
    return response


@forms.get("/oidc")
def to_provider(platform: PlatformDep, request: Request, next: str = "/") -> Response:  # noqa: A002
    """Go to the identity provider."""
    try:
        begun = begin_sign_in(platform, str(request.base_url), next=local_path(next))
    except HubError as error:
        return _back("/sign-in", error)
    response = RedirectResponse(begun.address, status_code=303)
    _set(response, request, platform, OIDC_COOKIE, begun.holder, seconds=600)
    return response


@forms.get("/oidc/callback")
def from_provider(platform: PlatformDep, request: Request) -> Response:
    """Come back from the identity provider."""
    try:
        opened, goal = finish_sign_in(
            platform,
            str(request.base_url),
            dict(request.query_params),
            holder=request.cookies.get(OIDC_COOKIE),
            origin=_origin(request),
            replaces=request.cookies.get(SESSION_COOKIE),
        )
    except HubError as error:
        return _back("/sign-in", error)
    response = _enter(request, platform, opened, goal)
    _set(response, request, platform, OIDC_COOKIE, "")
    return response


def _enter(request: Request, platform: PlatformDep, opened: Opened, goal: str) -> Response:
    response = RedirectResponse(goal, status_code=303)
    _keep(response, request, platform, opened)
    _set(response, request, platform, FORM_COOKIE, "")
    return response


def _keep(response: Response, request: Request, platform: PlatformDep, opened: Opened) -> None:
    """Let the browser hold its session, and that it was signed in with."""
    _set(response, request, platform, SESSION_COOKIE, opened.token)
    if opened.device is not None:
        _set(response, request, platform, DEVICE_COOKIE, opened.device, seconds=DEVICE_SECONDS)


def _end(platform: PlatformDep, request: Request, *, everywhere: bool) -> None:
    entry: Entry | None = request.state.entry
    if everywhere and entry is not None and entry.way is Way.SESSION and entry.caller is not None:
        sign_out_everywhere(platform, entry.caller)
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        sign_out(platform, token)


def _require_form(request: Request, sent: str) -> None:
    """The form must come from our page: its token is the one in the browser's cookie."""
    held = request.cookies.get(FORM_COOKIE, "")
    if not held or not secrets.compare_digest(held.encode(), sent.encode()):
        raise ForbiddenError("the form is too old", field="form", remedy="Load the page again.")


def _back(page: str, error: HubError, **also: str) -> Response:
    """The form again, with why; only names of what went wrong travel in the address."""
    told = {"failed": "wait" if isinstance(error, TooManyError) else error.field, **also}
    if isinstance(error, TooManyError):
        told["seconds"] = str(error.retry_after)
    return RedirectResponse(f"{page}?{urlencode(told)}", status_code=303)


def _set(
    response: Response, request: Request, platform: PlatformDep, name: str, value: str, *, seconds: int | None = None
) -> None:
    cookie = build_cookie(platform.settings, request.url.scheme, name, value, seconds=seconds)
    response.headers.append("Set-Cookie", cookie)


def _origin(request: Request) -> Origin:
    return Origin(request.client.host if request.client else "", request.headers.get("user-agent", ""))
