"""What each request deserves, worked out apart from the hub: from the keys, the bytes and what was accepted before."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evals.bench.webhook_sender import Request

_WINDOW_S = 300
_REQUIRED = ("specversion", "id", "source", "type")
_NEEDED = {
    "opportunity.changed": {"id"},
    "stock.changed": {"product_id", "warehouse"},
    "mail.received": {"from", "sent_at", "text"},
    "meeting.ended": {"account", "meeting_id", "held_at"},
    "visit.requested": {"account", "purpose"},
}


@dataclass
class Oracle:
    """Judges requests in the order in which they are sent, and knows what the records must hold afterwards.

    `keys` are secrets by source, `accounts` the names events may use, `deals` the fields of the deals by id. Answers
    are HTTP statuses; 208 stands for a repetition that must change nothing.
    """

    keys: dict[str, tuple[str, ...]]
    accounts: frozenset[str]
    deals: dict[str, dict[str, Any]]
    taken: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    runs: int = 0
    _written: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)

    def judge(self, request: Request, now: int) -> int:
        """The answer the request deserves at second `now`."""
        if not self._is_signed(request, now):
            return 401
        event = _event(request)
        if event is None or event["id"] != request.header("webhook-id") or not _is_ours(event):
            return 422
        place = (request.source, event["id"])
        said = hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
        if place in self.taken:
            known, status = self.taken[place]
            return 409 if known != said else 422 if status == 422 else 208
        status = self._work(event)
        self.taken[place] = (said, status)
        return status

    def _is_signed(self, request: Request, now: int) -> bool:
        given: list[str] = []
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            values = [value for key, value in request.headers if key == name]
            if len(values) != 1:
                return False
            given += values
        id_, stamp, signatures = given
        if not (stamp.isascii() and stamp.isdecimal()) or str(int(stamp)) != stamp or abs(now - int(stamp)) > _WINDOW_S:
            return False
        for secret in self.keys.get(request.source, ()):
            key = base64.b64decode(secret.removeprefix("whsec_"))
            digest = hmac.digest(key, id_.encode() + b"." + stamp.encode() + b"." + request.body, hashlib.sha256)
            if f"v1,{base64.b64encode(digest).decode()}" in signatures.split(" "):
                return True
        return False

    def _work(self, event: dict[str, Any]) -> int:
        data = event["data"]
        if event["type"] == "visit.requested":
            self.runs += data["account"] in self.accounts
            return 202 if data["account"] in self.accounts else 422
        if event["type"] == "opportunity.changed":
            return self._change(event, data)
        if event["type"] == "meeting.ended":
            return 200 if data["account"] in self.accounts else 422
        return 200

    def _change(self, event: dict[str, Any], data: dict[str, Any]) -> int:
        when = data.get("occurred_at") or event.get("time")
        if data["id"] not in self.deals or when is None:
            return 422
        at = (datetime.fromisoformat(when), event["id"])
        for name in data.keys() - {"id", "occurred_at"}:
            if (data["id"], name) not in self._written or self._written[data["id"], name] < at:
                self._written[data["id"], name] = at
                self.deals[data["id"]][name] = data[name]
        return 200


def _event(request: Request) -> dict[str, Any] | None:
    """The event in the request, None where it is none. A header's time is not signed, and does not count."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    media = (request.header("content-type") or "").split(";")[0].strip()
    if media == "application/cloudevents+json":
        event = body
    else:
        event = {key.removeprefix("ce-"): value for key, value in request.headers if key.startswith("ce-")}
        event.pop("time", None)
        event["data"] = body
    if not isinstance(event, dict) or not all(event.get(name) for name in _REQUIRED):
        return None
    return event if event["specversion"] == "1.0" and isinstance(event.get("data"), dict) else None


def _is_ours(event: dict[str, Any]) -> bool:
    needed = _NEEDED.get(event["type"])
    fits = needed is not None and needed <= event["data"].keys()
    # The only data the cases spoil otherwise.
    return fits and event["data"].get("stage") != "nonsense" and "unheard_of" not in event["data"]
