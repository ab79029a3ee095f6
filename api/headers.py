"""Headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

# The console compiles its templates in the browser and starts itself with scripts in the page; nothing is ever loaded
# from elsewhere, sent elsewhere, or shown inside another site.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def with_headers(send: Send, *, is_secure: bool, cacheable: bool) -> Send:
    """`send`, with what an answer says to the browser about itself; what a route says goes first."""

    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", _POLICY)
            if is_secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            if not cacheable:
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_with
