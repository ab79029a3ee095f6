"""Whether a call is one of those allowed, by the rules of the leaderboard's own check of single calls."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# What the leaderboard drops from texts before it compares them.
_DROPPED = re.compile(r"[ ,./\-_*^]")


def allowed_call(arguments: Mapping[str, Any], wanted: Mapping[str, Sequence[Any]]) -> bool:
    """Whether every argument has an allowed value, and none is missing that may not be left out.

    An allowed value of `""` means that the argument may be left out.
    """
    if any(name not in wanted for name in arguments):
        return False
    return all(
        any(_same(arguments[name], value) for value in values) if name in arguments else "" in values
        for name, values in wanted.items()
    )


def _same(given: Any, allowed: Any) -> bool:
    if isinstance(allowed, Mapping):
        return isinstance(given, Mapping) and allowed_call(
            given, {name: values if isinstance(values, list) else [values] for name, values in allowed.items()}
        )
    if isinstance(allowed, list):
        return (
            isinstance(given, list)
            and len(given) == len(allowed)
            and all(_same(one, other) for one, other in zip(given, allowed, strict=True))
        )
    if isinstance(allowed, bool) or isinstance(given, bool):
        return given is allowed
    if isinstance(allowed, str) or isinstance(given, str):
        return isinstance(allowed, str) and isinstance(given, str) and _plain(given) == _plain(allowed)
    return bool(given == allowed)


def _plain(text: str) -> str:
    return _DROPPED.sub("", text).casefold().replace("'", '"')
