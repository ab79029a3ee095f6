"""Signatures and envelopes of webhooks: Standard Webhooks around CloudEvents 1.0."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any

from cloudevents.core.bindings.http import HTTPMessage, from_binary, from_structured
from cloudevents.core.exceptions import BaseCloudEventException, CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import REQUIRED_ATTRIBUTES
from cloudevents.core.v1.event import CloudEvent as ParsedEvent
from pydantic import ValidationError
from standardwebhooks import Webhook

from core.domain.webhooks import WHSEC, CloudEvent
from core.errors import HubError, InvalidInputError

RawHeaders = Sequence[tuple[bytes, bytes]]

STRUCTURED = "application/cloudevents+json"
TOLERANCE = timedelta(minutes=5)
_SECRET_BYTES = 32
_MOST_SIGNATURES = 16
_SECONDS = re.compile(r"[1-9][0-9]{0,11}")
_ID = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")


class SignatureError(HubError):
    """The request is not signed with a key that is valid now. Why is for our log, not for whoever sent it."""

    status = 401
    title = "Not signed"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            "the request carries no valid signature",
            field="webhook-signature",
            remedy="Sign the body as Standard Webhooks describe, with a current key, at the time of sending.",
        )


def new_secret() -> str:
    """A fresh signing secret, `whsec_` and the base64 of 32 random bytes."""
    return WHSEC + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(signing: Sequence[str], id_: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a request with `body` sent at `at`, signed with each of the secrets."""
    signatures = (Webhook(secret).sign(id_, at.astimezone(UTC), body) for secret in signing)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class Signed:
    """The signature headers of a request, read strictly: what is not written as it was signed is not signed.

    Raises SignatureError when one is missing, comes twice, is malformed, or the time is more than five minutes off.
    """

    def __init__(self, headers: RawHeaders, body: bytes, now: datetime) -> None:
        self.id = _only(headers, b"webhook-id")
        stamp = _only(headers, b"webhook-timestamp")
        self._signatures = _only(headers, b"webhook-signature").split(" ")
        if not _ID.fullmatch(self.id) or not _SECONDS.fullmatch(stamp):
            raise SignatureError("malformed")
        if len(self._signatures) > _MOST_SIGNATURES:
            raise SignatureError("too many signatures")
        age = now.timestamp() - int(stamp)
        if abs(age) > TOLERANCE.total_seconds():
            raise SignatureError("old" if age > 0 else "future")
        self._at = datetime.fromtimestamp(int(stamp), UTC)
        try:
            self._body = body.decode()
        except UnicodeDecodeError:
            raise SignatureError("not text") from None

    def is_by(self, secret: str) -> bool:
        """Whether one of the signatures was made with the secret; how long it takes tells nothing of the right one."""
        expected = Webhook(secret).sign(self.id, self._at, self._body).encode()
        return any(compare_digest(expected, given.encode()) for given in self._signatures)


def _only(headers: RawHeaders, name: bytes) -> str:
    found = [value for key, value in headers if key.lower() == name]
    if len(found) != 1:
        raise SignatureError(f"{name.decode()} {'missing' if not found else 'twice'}")
    try:
        return found[0].decode()
    except UnicodeDecodeError:
        raise SignatureError("malformed") from None


def read_event(headers: RawHeaders, body: bytes) -> CloudEvent:
    """The event in a request whose signature was verified, in structured or binary mode.

    In binary mode the attributes travel in headers, which nobody signs, so `time` is not believed there and left out.
    Raises InvalidInputError naming the attribute at fault.
    """
    try:
        event = _parsed(headers, body)
        # What the database could not hold as text is refused here, wherever in the data it is.
        json.dumps(event.model_dump(mode="json"), ensure_ascii=False, allow_nan=False).encode()
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, _REMEDY) from error
    except CloudEventValidationError as error:
        field, faults = next(iter(error.errors.items()))
        raise InvalidInputError(f"is not valid: {faults[0]}", field=field, remedy=_REMEDY) from error
    except (ValueError, TypeError, AttributeError, RecursionError, BaseCloudEventException) as error:
        raise InvalidInputError("is not a CloudEvent in JSON", field="body", remedy=_REMEDY) from error
    return event


_REMEDY = "Send a CloudEvent 1.0, structured (application/cloudevents+json) or binary (ce-* headers and JSON data)."


def _parsed(headers: RawHeaders, body: bytes) -> CloudEvent:
    named = _texts((name, value) for name, value in headers if name.startswith(b"ce-") or name == b"content-type")
    media = named.get("content-type", "").partition(";")[0].strip().lower()
    if media == STRUCTURED:
        parsed = from_structured(HTTPMessage({}, body), JSONFormat(), _complete)
        time = parsed.get_time()
    elif "ce-specversion" in named and _JSON.fullmatch(media):
        parsed, time = from_binary(HTTPMessage(named, body), JSONFormat(), _complete), None
    else:
        problem = f"“{media}” is neither {STRUCTURED} nor JSON with ce-* headers"
        raise InvalidInputError(problem, field="content-type", remedy=_REMEDY)
    data = parsed.get_data()
    if not isinstance(data, dict):
        raise InvalidInputError("is not a JSON object", field="data", remedy=_REMEDY)
    return CloudEvent(
        id=parsed.get_id(),
        source=parsed.get_source(),
        type=parsed.get_type(),
        subject=parsed.get_subject(),
        time=time,
        data=data,
    )


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in headers:
        if name.decode() in texts:
            raise InvalidInputError("is sent twice", field=name.decode(), remedy="Send each header once.")
        texts[name.decode()] = value.decode()
    return texts


def _complete(attributes: dict[str, Any], data: dict[str, Any] | str | bytes | None) -> ParsedEvent:
    """The event; the library would make up an id, a version and a time that were not sent."""
    missing = next((name for name in REQUIRED_ATTRIBUTES if name not in attributes), None)
    if missing:
        raise InvalidInputError("is missing", field=missing, remedy=_REMEDY)
    has_time = "time" in attributes
    event = ParsedEvent(attributes, data)
    if not has_time:
        del attributes["time"]
    return event
