"""Another system that sends signed events; it signs by hand, so that it shares no code with what it tests."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire, to be edited by whoever stands between."""

    source: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def with_header(self, name: str, value: str | None) -> "Request":
        """The same with a header set to another value, or left out."""
        kept = tuple(pair for pair in self.headers if pair[0] != name)
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


def cloud_event(id_: str, type_: str, data: dict[str, Any], *, time: str | None = None) -> Event:
    """A CloudEvent 1.0."""
    event = {"specversion": "1.0", "id": id_, "source": "/erp", "type": type_, "data": data}
    return event if time is None else {**event, "time": time}


def signature(secret: str, id_: str, timestamp: str, body: bytes) -> str:
    """A Standard Webhooks `v1` signature: HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed(
    source: str,
    event: Event,
    secrets: Sequence[str],
    timestamp: int,
    *,
    binary: bool = False,
    webhook_id: str | None = None,
    body: bytes | None = None,
) -> Request:
    """A request with the event (or `body` in its place), structured or binary, signed with each of the secrets."""
    id_ = webhook_id or str(event.get("id", "none"))
    if binary:
        attributes = [(f"ce-{name}", str(value)) for name, value in event.items() if name != "data"]
        content, media = event.get("data"), "application/json"
    else:
        attributes = []
        content, media = event, "application/cloudevents+json; charset=utf-8"
    if body is None:
        body = json.dumps(content, ensure_ascii=False).encode()
    signatures = " ".join(signature(secret, id_, str(timestamp), body) for secret in secrets)
    headers = [
        ("content-type", media),
        ("webhook-id", id_),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signatures),
        *attributes,
    ]
    return Request(source, tuple(headers), body)
