"""Checkpoints as JSON: what cannot be said in it is refused, and nothing that is read back can run anything."""

import base64
import json
from typing import Any

from langgraph.types import Send

_TAG = "__kind__"


def to_json(value: Any) -> str:
    """The value as JSON; TypeError for anything but plain values, bytes and a graph's own `Send`."""
    return json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"))


def from_json(text: str) -> Any:
    """What `to_json` was given."""
    return _restored(json.loads(text))


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one kind of value each
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case dict() if all(isinstance(name, str) for name in value):
            inner = {str(name): _plain(each) for name, each in value.items()}
            # A dictionary that happens to hold the tag is wrapped, so that it comes back as it was.
            return {_TAG: "dict", "value": inner} if _TAG in inner else inner
        case list() | tuple():
            return [_plain(each) for each in value]
        case bytes():
            return {_TAG: "bytes", "value": base64.b64encode(value).decode("ascii")}
        case Send():
            return {_TAG: "send", "node": value.node, "value": _plain(value.arg)}
        case BaseException():
            # How a task of the graph failed; the error itself is no state.
            return f"{type(value).__name__}: {value}"
        case _:
            raise TypeError(f"{type(value).__name__} cannot be part of a conversation's state")


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind = value.get(_TAG)
    if kind is None:
        return {name: _restored(each) for name, each in value.items()}
    if kind == "bytes":
        return base64.b64decode(value["value"])
    if kind == "send":
        return Send(value["node"], _restored(value["value"]))
    return {name: _restored(each) for name, each in value["value"].items()}
