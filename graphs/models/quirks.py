"""Servers that call themselves compatible refuse one field or another; what is refused is left out from then on."""

import re
from typing import Any

from graphs.models.stops import ToolsRefusedError

# In the order in which they are given up; what is named in an error goes first.
_OPTIONAL = ("stream_options", "parallel_tool_calls", "tool_choice", "temperature", "response_format")
_LIMIT, _OLD_LIMIT = "max_completion_tokens", "max_tokens"
_REJECTED = frozenset({400, 422})
_TOOLS = re.compile(r"\btools?\b|\bfunctions?\b", re.IGNORECASE)


class Quirks:
    """The fields that one endpoint has refused."""

    def __init__(self) -> None:
        self._left_out: frozenset[str] = frozenset()

    def fit(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body without what the endpoint does not take."""
        if not self._left_out:
            return body
        fitted = {name: value for name, value in body.items() if name not in self._left_out}
        if _LIMIT in self._left_out:
            fitted[_OLD_LIMIT] = body[_LIMIT]
        return fitted

    def learn(self, status: int, message: str, sent: dict[str, Any]) -> bool:
        """Whether the error names a field that was sent and can go, so that another try may help.

        Raises ToolsRefusedError when it is the tools that are refused.
        """
        if status in _REJECTED:
            for name in (*_OPTIONAL, _LIMIT):
                if name in sent and re.search(rf"\b{name}\b", message):
                    self._left_out |= {name}
                    return True
        # A llama.cpp server without a template for tools says so with a 500.
        if "tools" in sent and (status in _REJECTED or status >= 500) and _TOOLS.search(message):
            raise ToolsRefusedError
        return False
