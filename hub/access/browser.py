"""What browsers are given to hold: cookies, and the way back to the page that was asked for."""

from http.cookies import SimpleCookie
from urllib.parse import quote

from core.settings import Settings

SESSION_COOKIE = "saleshub_session"
FORM_COOKIE = "saleshub_form"
OIDC_COOKIE = "saleshub_oidc"
DEVICE_COOKIE = "saleshub_device"
DEVICE_SECONDS = 180 * 24 * 3600


def build_cookie(settings: Settings, scheme: str, name: str, value: str, *, seconds: int | None = None) -> str:
    """A `Set-Cookie` header: never readable by scripts, sent over https alone where there is https.

    Without `seconds` it ends with the browser; an empty value takes the cookie away.
    """
    jar: SimpleCookie = SimpleCookie({name: value})
    cookie = jar[name]
    cookie["path"], cookie["httponly"], cookie["samesite"] = "/", True, "Lax"
    if is_secure(settings, scheme):
        cookie["secure"] = True
    if not value:
        seconds = 0
    if seconds is not None:
        cookie["max-age"] = str(seconds)
    return cookie.OutputString()


def is_secure(settings: Settings, scheme: str) -> bool:
    """Whether browsers come over https, by what the settings say or by how this request came."""
    return scheme in {"https", "wss"} or (settings.public_url or "").startswith("https://")


def local_path(path: str | None) -> str:
    """A path of ours to go to, `/` for whatever leads or might lead elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//") or not path.isprintable() or "\\" in path:
        return "/"
    return "/" if path.startswith(("/sign-in", "/session", "/v1/")) else path


def sign_in_path(wanted: str) -> str:
    """The page to sign in at, from which the way leads to `wanted`."""
    goal = local_path(wanted)
    return "/sign-in" if goal == "/" else f"/sign-in?next={quote(goal, safe='/')}"
