"""The pages at which people sign in and choose their password: plain forms, without any script."""

import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from nicegui import app
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.session import language_of
from core.language import Lang
from hub.access.browser import FORM_COOKIE, build_cookie, local_path
from hub.access.entering import is_open
from hub.access.invites import find_invited
from hub.access.passwords import SHORTEST
from hub.directory import list_tenants
from hub.installation import Platform
from hub.rendering.labels import Labels, load_labels
from hub.rendering.style import load_page_style

# Nothing but its own style and our own forms.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='8' fill='%230c5f6e'/%3E%3Ccircle cx='11' cy='20' r='4' fill='%23fff'/%3E"
    "%3Ccircle cx='22' cy='11' r='5' fill='%239fd8dd'/%3E%3Cpath d='M11 20 22 11' stroke='%23fff' stroke-width='2'/%3E"
    "%3C/svg%3E"
)


def add_sign_in_pages(platform: Platform) -> None:
    """Add `/sign-in` and `/invite`."""

    @app.get("/sign-in", include_in_schema=False)
    def sign_in(request: Request) -> Response:
        goal = local_path(request.query_params.get("next"))
        if request.state.entry is not None or is_open(platform):
            return RedirectResponse(goal, status_code=303)
        settings = platform.settings
        return _page(
            platform,
            request,
            has_form=True,
            next=goal,
            many=len(list_tenants(platform)) > 1,
            provider=f"/session/oidc?next={quote(goal, safe='/')}" if settings.oidc_issuer else None,
        )

    @app.get("/invite", include_in_schema=False)
    def invite(request: Request) -> Response:
        token = request.query_params.get("invite", "")
        found = find_invited(platform, token)
        if found is None:
            return _page(platform, request, gone=True)
        return _page(platform, request, invite=token, invited=found.user)


def _page(platform: Platform, request: Request, **told: object) -> Response:
    lang = language_of(platform, request)
    say = load_labels(lang, "sign_in")
    form = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    known: dict[str, object] = {
        "has_form": False,
        "invited": None,
        "invite": "",
        "many": False,
        "provider": None,
        "next": "/",
        "gone": False,
    }
    known |= told
    html = _template().render(
        **known,
        lang="zh-CN" if lang is Lang.ZH else "en",
        title=say("title" if known["has_form"] else "invite_title"),
        say=say,
        form=form,
        shortest=SHORTEST,
        style=load_page_style(),
        icon=_ICON,
        wrong=say("invite_gone") if known["gone"] else _wrong(say, request.query_params),
    )
    response = HTMLResponse(html, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})
    cookie = build_cookie(platform.settings, request.url.scheme, FORM_COOKIE, form, seconds=3600)
    response.headers.append("Set-Cookie", cookie)
    return response


def _wrong(say: Labels, query: Mapping[str, str]) -> str | None:
    """What went wrong before, in our words: the address names it and nothing more."""
    failed, seconds = query.get("failed"), query.get("seconds", "")
    if failed is None:
        return None
    if failed == "wait":
        return say("failed_wait", seconds=int(seconds) if seconds.isdecimal() and len(seconds) < 7 else 60)
    if failed == "password" and "invite" in query:
        return say("failed_password")
    return say(f"failed_{failed}") if failed in {"form", "oidc"} else say("failed")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((Path(__file__).parent / "sign_in.html.j2").read_text("utf-8"))
