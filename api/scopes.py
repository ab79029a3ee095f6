"""Which scope a key needs for which route. A route that is not here is closed to every key but the owner's."""

from functools import cache
from re import Pattern

from starlette.routing import compile_path

from core.domain.access import Scope

_S = Scope
# None: whoever got in at all.
SCOPES: dict[tuple[str, str], Scope | None] = {
    ("GET", "/openapi.json"): None,
    ("GET", "/readyz"): _S.METRICS_READ,
    ("GET", "/metrics"): _S.METRICS_READ,
    ("GET", "/v1/session"): None,
    ("GET", "/v1/accounts"): _S.ACCOUNTS_READ,
    ("GET", "/v1/recall"): _S.RECALL_READ,
    ("POST", "/v1/imports"): _S.IMPORTS_WRITE,
    ("GET", "/v1/inbox"): _S.INBOX_READ,
    ("GET", "/v1/inbox/{message_id}"): _S.INBOX_READ,
    ("POST", "/v1/inbox/{message_id}/hand-on"): _S.INBOX_WRITE,
    ("POST", "/v1/inbox/{message_id}/answered"): _S.INBOX_WRITE,
    ("POST", "/v1/inbox/{message_id}/dismiss"): _S.INBOX_WRITE,
    ("GET", "/v1/visit-requests"): _S.VISITS_READ,
    ("POST", "/v1/visit-requests"): _S.VISITS_WRITE,
    ("GET", "/v1/visit-requests/{run_id}"): _S.VISITS_READ,
    ("GET", "/v1/visit-requests/{run_id}/events"): _S.VISITS_READ,
    ("GET", "/v1/visit-requests/{run_id}/package"): _S.VISITS_READ,
    ("GET", "/v1/visit-requests/{run_id}/reviews/{department}"): _S.REVIEWS_READ,
    ("POST", "/v1/visit-requests/{run_id}/effects"): _S.EFFECTS_WRITE,
    ("GET", "/v1/meetings"): _S.MEETINGS_READ,
    ("POST", "/v1/meetings"): _S.MEETINGS_WRITE,
    ("GET", "/v1/meetings/{meeting_id}"): _S.MEETINGS_READ,
    ("GET", "/v1/meetings/{meeting_id}/minutes"): _S.MEETINGS_READ,
    ("GET", "/v1/meetings/{meeting_id}/writes"): _S.MEETINGS_READ,
    ("PUT", "/v1/meetings/{meeting_id}/speakers"): _S.MEETINGS_WRITE,
    ("GET", "/v1/effects"): _S.EFFECTS_READ,
    ("POST", "/v1/effects"): _S.EFFECTS_WRITE,
    ("GET", "/v1/effects/{effect_id}"): _S.EFFECTS_READ,
    ("POST", "/v1/effects/{effect_id}/decision"): _S.EFFECTS_WRITE,
    ("POST", "/v1/effects/{effect_id}/retry"): _S.EFFECTS_WRITE,
    ("POST", "/v1/effects/{effect_id}/withdraw"): _S.EFFECTS_WRITE,
    ("GET", "/v1/notifications"): _S.REVIEWS_READ,
    ("GET", "/v1/reviews"): _S.REVIEWS_READ,
    ("GET", "/v1/reviews/times"): _S.REVIEWS_READ,
    ("GET", "/v1/reviews/{review_id}"): _S.REVIEWS_READ,
    ("POST", "/v1/reviews/{review_id}/start"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/approve"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/reject"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/edits"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/ask"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/answer"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/delegate"): _S.REVIEWS_WRITE,
    ("POST", "/v1/reviews/{review_id}/delay"): _S.REVIEWS_WRITE,
    ("POST", "/v1/chat"): _S.CHAT,
    ("POST", "/v1/chat/completions"): _S.CHAT,
    ("GET", "/v1/models"): _S.CHAT,
    ("GET", "/v1/threads"): _S.CHAT,
    ("GET", "/v1/threads/{thread_id}"): _S.CHAT,
    ("DELETE", "/v1/threads/{thread_id}"): _S.CHAT,
}

# Who calls these has no credentials of ours yet, or proves itself in another way.
FREE: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/healthz"),
        ("POST", "/v1/webhooks/{source}"),
        ("POST", "/v1/session"),
        ("GET", "/sign-in"),
        ("GET", "/invite"),
        ("POST", "/session"),
        ("POST", "/session/end"),
        ("POST", "/session/invite"),
        ("GET", "/session/oidc"),
        ("GET", "/session/oidc/callback"),
    }
)
# A session's own routes: keys have none to end.
SESSION_ONLY: frozenset[tuple[str, str]] = frozenset({("DELETE", "/v1/session")})


def is_free(method: str, path: str) -> bool:
    """Whether a request needs no credentials."""
    return _find(method, path, tuple(FREE)) is not None


def scopes_for(method: str, path: str) -> frozenset[Scope] | None:
    """What a key needs for a request; None when no key may send it."""
    found = _find(method, path, tuple(SCOPES))
    if found is None:
        return None
    scope = SCOPES[found]
    return frozenset() if scope is None else frozenset({scope})


def _find(method: str, path: str, among: tuple[tuple[str, str], ...]) -> tuple[str, str] | None:
    method = "GET" if method == "HEAD" else method
    # Longer patterns first: `/reviews/times` before `/reviews/{review_id}`.
    fitting = [one for one in among if one[0] == method and _pattern(one[1]).match(path)]
    return min(fitting, key=lambda one: one[1].count("{"), default=None)


@cache
def _pattern(path: str) -> Pattern[str]:
    return compile_path(path)[0]
