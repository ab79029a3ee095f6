"""Setting up webhooks: the keys that sources sign with, and the endpoints that events are sent to."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from core.domain.audit import AuditEntry
from core.domain.webhooks import Delivery, DeliveryStatus, Endpoint, EventOut, WebhookKey
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller
from db.store import Session
from hub.events.acting import acting_for, require_admin
from hub.events.signing import new_secret
from hub.installation import Platform

OVERLAP = timedelta(hours=24)
_SOURCE = 64
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")


def add_key(platform: Platform, caller: Caller, source: str, run_as: str) -> WebhookKey:
    """A new key for `source`, whose requests have the rights of the user `run_as`; others stay valid beside it.

    Raises ForbiddenError unless the caller is an administrator and `run_as` an active user, InvalidInputError for a
    source that cannot be part of an address.
    """
    require_admin(caller)
    if not 0 < len(source) <= _SOURCE or not set(source) <= _PLAIN:
        remedy = "Use up to 64 of a-z, 0-9, dot, dash and underscore."
        raise InvalidInputError(f"“{source}” cannot be part of an address", field="SOURCE", remedy=remedy)
    now = platform.clock.now()
    key = WebhookKey(id=_new_id("whk"), source=source, secret=new_secret(), run_as=run_as, created_at=now)
    with platform.store.write() as unit:
        acting_for(unit, caller.tenant, run_as, "--as")
        unit.webhook_intake.add_key(caller.tenant, key)
        _record(unit, caller, "webhook_key.added", key.id, now, source=source, run_as=run_as)
    return key


def list_keys(platform: Platform, caller: Caller) -> list[WebhookKey]:
    """All keys, retired ones included, oldest first."""
    require_admin(caller)
    with platform.store.read() as unit:
        return unit.webhook_intake.keys(caller.tenant)


def retire_key(platform: Platform, caller: Caller, key_id: str, after: timedelta = timedelta()) -> datetime:
    """End a key's validity in `after`, or when it ends already if that is sooner; when it was told to end.

    Raises NotFoundError.
    """
    require_admin(caller)
    now = platform.clock.now()
    with platform.store.write() as unit:
        if not unit.webhook_intake.retire_key(caller.tenant, key_id, now + after):
            known = [key.id for key in unit.webhook_intake.keys(caller.tenant)]
            remedy = "`saleshub webhooks keys list` lists them."
            raise NotFoundError(f"no key “{key_id}”", field="ID", remedy=remedy, nearest=known[:5])
        _record(unit, caller, "webhook_key.retired", key_id, now, at=(now + after).isoformat())
    return now + after


def add_endpoint(platform: Platform, caller: Caller, url: str, events: Sequence[str]) -> Endpoint:
    """A new endpoint that is sent the events named. Raises InvalidInputError for a URL or an event that cannot be."""
    require_admin(caller)
    _check_url(url, private=platform.settings.webhook_private_networks)
    unknown = [name for name in events if name not in set(EventOut)]
    if unknown or not events:
        problem = f"“{unknown[0]}” is not an event the hub sends" if unknown else "names no event"
        raise InvalidInputError(
            problem, field="--events", remedy="Choose from the events named.", nearest=list(EventOut)
        )
    now = platform.clock.now()
    chosen = tuple(sorted(set(events)))
    endpoint = Endpoint(id=_new_id("whe"), url=url, secrets=(new_secret(),), events=chosen, created_at=now)
    with platform.store.write() as unit:
        unit.webhooks.save_endpoint(caller.tenant, endpoint)
        _record(unit, caller, "webhook_endpoint.added", endpoint.id, now, url=url, events=chosen)
    return endpoint


def list_endpoints(platform: Platform, caller: Caller) -> list[Endpoint]:
    """All endpoints, those that are sent nothing any more included."""
    require_admin(caller)
    with platform.store.read() as unit:
        return unit.webhooks.endpoints(caller.tenant)


def remove_endpoint(platform: Platform, caller: Caller, endpoint_id: str) -> None:
    """Send an endpoint nothing more; what waits for it is stopped. Raises NotFoundError."""
    require_admin(caller)
    now = platform.clock.now()
    with platform.store.write() as unit:
        _endpoint(unit, caller.tenant, endpoint_id)
        unit.webhooks.stop_endpoint(caller.tenant, endpoint_id, "removed", now)
        _record(unit, caller, "webhook_endpoint.removed", endpoint_id, now)


def rotate_secret(platform: Platform, caller: Caller, endpoint_id: str, overlap: timedelta = OVERLAP) -> Endpoint:
    """Give an endpoint a new secret; the one before it signs as well until `overlap` is over. Raises NotFoundError."""
    require_admin(caller)
    now = platform.clock.now()
    with platform.store.write() as unit:
        before = _endpoint(unit, caller.tenant, endpoint_id)
        changes = {"secrets": (new_secret(), before.secrets[0]), "overlap_until": now + overlap}
        endpoint = before.model_copy(update=changes)
        unit.webhooks.save_endpoint(caller.tenant, endpoint)
        _record(unit, caller, "webhook_endpoint.rotated", endpoint_id, now)
    return endpoint


def list_deliveries(platform: Platform, caller: Caller, status: DeliveryStatus | None = None) -> list[Delivery]:
    """The newest deliveries, newest first."""
    require_admin(caller)
    with platform.store.read() as unit:
        return unit.webhooks.deliveries(caller.tenant, status)


def retry_delivery(platform: Platform, caller: Caller, delivery_id: str) -> None:
    """Send a delivery that ended without success again, from its first attempt. Raises NotFoundError."""
    require_admin(caller)
    now = platform.clock.now()
    with platform.store.write() as unit:
        if not unit.webhooks.retry(caller.tenant, delivery_id, now):
            remedy = "`saleshub webhooks deliveries --status dead` lists them."
            raise NotFoundError(f"no delivery “{delivery_id}” that ended without success", field="ID", remedy=remedy)
        _record(unit, caller, "webhook_delivery.retried", delivery_id, now)


def _endpoint(unit: Session, tenant: str, endpoint_id: str) -> Endpoint:
    known = {one.id: one for one in unit.webhooks.endpoints(tenant)}
    if endpoint_id not in known:
        remedy = "`saleshub webhooks endpoints list` lists them."
        raise NotFoundError(f"no endpoint “{endpoint_id}”", field="ID", remedy=remedy, nearest=list(known)[:5])
    return known[endpoint_id]


def _check_url(url: str, *, private: bool) -> None:
    """What can be told of a URL before its name is looked up; the rest is checked at every delivery."""
    remedy = "Give a URL such as https://example.com/hooks, without a password in it."
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInputError(f"“{url}” is not a URL", field="URL", remedy=remedy) from error
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or not url.isascii() or " " in url:
        raise InvalidInputError(f"“{url}” cannot be sent to", field="URL", remedy=remedy)
    try:
        is_inside = not ip_address(host).is_global
    except ValueError:
        is_inside = host == "localhost" or host.endswith(".localhost")
    if is_inside and not private:
        remedy = "Use a public address, or set SALESHUB_WEBHOOK_PRIVATE_NETWORKS=true if your receiver is inside."
        raise InvalidInputError(f"“{host}” is inside this network", field="URL", remedy=remedy)


def _record(unit: Session, caller: Caller, action: str, subject: str, now: datetime, **body: object) -> None:
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in body.items()}
    unit.audit.append(caller.tenant, AuditEntry(actor=caller.user, action=action, subject=subject, body=told), at=now)


def _new_id(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex[:16]}"
