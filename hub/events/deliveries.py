"""Sending events to endpoints: at least once each, under one id, signed anew at every attempt."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeAlias

import httpx
import structlog

from core.domain.webhooks import Delivery, DeliveryStatus, Endpoint
from hub.events.signing import STRUCTURED, sign
from hub.installation import Platform

log = structlog.get_logger()

Due: TypeAlias = tuple[str, Delivery]

# The waits after each failed attempt, as Standard Webhooks suggest; about three days in all.
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
_AT_ONCE = 16
_ATTEMPT_S = 15.0
_CONNECT_S = 5.0
_LEASE = timedelta(seconds=60)
_GONE = 410
_WRAPPING = (ip_network("64:ff9b::/96"), ip_network("::/96"))
# NAT64 of one network (RFC 8215), and site-local addresses (RFC 3879): where they lead is that network's own business.
_LOCAL = (ip_network("64:ff9b:1::/48"), ip_network("fec0::/10"))


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended; `error` says why it failed, `gone` that the endpoint wants nothing more."""

    error: str | None = None
    gone: bool = False


class _UnsafeAddressError(Exception):
    """A name that leads into a network where nothing may be sent."""


def deliver_due(platform: Platform, worker: str, *, limit: int = _AT_ONCE) -> int:
    """Attempt up to `limit` deliveries that are due, side by side; how many were attempted.

    A process that dies in between leaves its deliveries to the next one after a minute, under the same `webhook-id`.
    """
    now = platform.clock.now()
    with platform.store.read() as unit:
        if not unit.webhooks.has_due(now):
            return 0
    with platform.store.write() as unit:
        due = unit.webhooks.lease_due(now, now + _LEASE, limit)
        known = {
            (tenant, endpoint.id): endpoint
            for tenant in {tenant for tenant, _ in due}
            for endpoint in unit.webhooks.endpoints(tenant)
        }
    endpoints = [known[tenant, delivery.endpoint_id] for tenant, delivery in due]
    answers = asyncio.run(_attempt_all(platform, due, endpoints))
    for (tenant, delivery), answer in zip(due, answers, strict=True):
        _settle(platform, tenant, delivery, answer, worker)
    return len(due)


async def _attempt_all(platform: Platform, due: Sequence[Due], endpoints: Sequence[Endpoint]) -> list[Answer]:
    timeout = httpx.Timeout(_ATTEMPT_S, connect=_CONNECT_S)
    # No proxy, no redirect: what was checked is what is connected to.
    async with httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False) as client:
        attempts = (
            _attempt(platform, client, delivery, endpoint)
            for (_, delivery), endpoint in zip(due, endpoints, strict=True)
        )
        return list(await asyncio.gather(*attempts))


async def _attempt(platform: Platform, client: httpx.AsyncClient, delivery: Delivery, endpoint: Endpoint) -> Answer:
    if not endpoint.active:
        return Answer(error="the endpoint is not sent anything any more", gone=True)
    try:
        async with asyncio.timeout(_ATTEMPT_S):
            return await _send(platform, client, delivery, endpoint)
    except _UnsafeAddressError as unsafe:
        return Answer(error=str(unsafe))
    except TimeoutError:
        return Answer(error=f"no answer within {_ATTEMPT_S:g} s")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        return Answer(error=type(error).__name__)


async def _send(platform: Platform, client: httpx.AsyncClient, delivery: Delivery, endpoint: Endpoint) -> Answer:
    now = platform.clock.now()
    overlaps = endpoint.overlap_until is not None and now < endpoint.overlap_until
    secrets = endpoint.secrets if overlaps else endpoint.secrets[:1]
    url = httpx.URL(endpoint.url)
    address = await _safe_address(url, private=platform.settings.webhook_private_networks)
    headers = {
        **sign(secrets, delivery.id, now, delivery.body),
        "content-type": STRUCTURED,
        "host": url.netloc.decode(),
        "user-agent": "saleshub",
    }
    request = client.build_request("POST", url.copy_with(host=address), content=delivery.body.encode(), headers=headers)
    # Connected to the address that was checked, under the name that its certificate must have.
    request.extensions["sni_hostname"] = url.host
    response = await client.send(request, stream=True)
    # Only the status counts; whatever else it sends is not read.
    await response.aclose()
    if response.is_success:
        return Answer()
    return Answer(error=f"HTTP {response.status_code}", gone=response.status_code == _GONE)


async def _safe_address(url: httpx.URL, *, private: bool) -> str:
    """The address to connect to. Every address the name has must be public, unless private networks are allowed."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise _UnsafeAddressError("the address is not a public one")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an IP address is reachable from everywhere; one that wraps another is judged by it."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or _translated(address)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not any(address in network for network in _LOCAL)


def _translated(address: IPv6Address) -> object:
    """The IPv4 address in the last bits: behind a NAT64 prefix (RFC 6052), or “IPv4-compatible” (RFC 4291)."""
    wraps = any(address in network for network in _WRAPPING)
    return ip_address(int(address) & 0xFFFFFFFF) if wraps else None


def _settle(platform: Platform, tenant: str, delivery: Delivery, answer: Answer, worker: str) -> None:
    attempts, now = delivery.attempts + 1, platform.clock.now()
    with platform.store.write() as unit:
        settle = unit.webhooks.settle
        if answer.error is None:
            settle(tenant, delivery, DeliveryStatus.DONE, attempts=attempts, at=now)
        elif answer.gone:
            if settle(tenant, delivery, DeliveryStatus.STOPPED, attempts=attempts, at=now, error=answer.error):
                unit.webhooks.stop_endpoint(tenant, delivery.endpoint_id, answer.error, now)
        elif attempts > len(WAITS):
            settle(tenant, delivery, DeliveryStatus.DEAD, attempts=attempts, at=now, error=answer.error)
        else:
            due_at = now + WAITS[attempts - 1]
            waiting = DeliveryStatus.WAITING
            settle(tenant, delivery, waiting, attempts=attempts, at=now, due_at=due_at, error=answer.error)
    if answer.error is not None:
        log.warning("delivery_failed", worker=worker, delivery=delivery.id, attempt=attempts, why=answer.error)
