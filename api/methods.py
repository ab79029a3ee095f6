"""Which methods an address takes."""

from starlette.applications import Starlette
from starlette.routing import Match, Mount
from starlette.types import Scope

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The route that answers for addresses and methods of the API that nothing else takes.
UNKNOWN = "unknown"


def methods_of(app: Starlette, scope: Scope) -> list[str]:
    """The methods that the address of a request takes, pages and the answer to unknown addresses left aside."""
    own = [route for route in app.routes if getattr(route, "name", "") != UNKNOWN and not isinstance(route, Mount)]
    return [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in own)
    ]
