"""The small company behind its HTTP application, and other systems that send it signed events."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import build_api
from core.domain.people import User
from core.domain.webhooks import WebhookKey
from core.identity import Role
from core.settings import Settings
from evals.bench.webhook_sender import Request, cloud_event, signed
from hub.events.webhooks import add_key
from hub.installation import Platform
from hub.platform import open_platform
from tests.databases import migrated_url
from tests.small_company import NOW, import_small_company

USERS = (
    User(id="anna", name="Anna", roles=frozenset({Role.MANAGER})),
    User(id="sud", name="Süd", roles=frozenset({Role.REP}), regions=frozenset({"South"})),
)


@dataclass
class Hands:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Where the hands are."""
        return self.at


@dataclass
class Company:
    """The platform, a client of its API, and the key of one source, `crm`."""

    platform: Platform
    clock: Hands
    client: TestClient
    key: WebhookKey
    _number: int = field(default=0)

    def event(self, type_: str, data: dict[str, Any], *, id_: str = "", time: str | None = None) -> dict[str, Any]:
        """An event with an id of its own."""
        self._number += 1
        return cloud_event(id_ or f"e{self._number}", type_, data, time=time)

    def sign(self, event: dict[str, Any], key: WebhookKey | None = None, **how: Any) -> Request:
        """The event as its source sends it now."""
        used = key or self.key
        return signed(used.source, event, [used.secret], int(self.clock.at.timestamp()), **how)

    def post(self, request: Request) -> Any:
        """Send a request as it is."""
        headers = [(name.encode(), value.encode()) for name, value in request.headers]
        return self.client.post(f"/v1/webhooks/{request.source}", content=request.body, headers=headers)

    def send(self, type_: str, data: dict[str, Any], **how: Any) -> Any:
        """Send a valid event with these data."""
        return self.post(self.sign(self.event(type_, data, **how)))


@contextmanager
def open_company(home: Path, url: str, **settings: Any) -> Iterator[Company]:
    """The small company on the database at `url`, with a key for `crm` that runs as `anna`."""
    clock = Hands()
    known = Settings(
        home=home, database_url=migrated_url(url), embedding_model="none", log_level="critical", **settings
    )
    with open_platform(known, clock=clock) as platform:
        import_small_company(platform, home / "exports")
        with platform.store.write() as unit:
            for user in USERS:
                unit.users.save("default", user)
        key = add_key(platform, platform.owner(), "crm", "anna")
        client = TestClient(build_api(platform), base_url="http://127.0.0.1", raise_server_exceptions=False)
        yield Company(platform, clock, client, key)


def minutes(number: float) -> timedelta:
    """A span of time."""
    return timedelta(minutes=number)


def iso(at: datetime) -> str:
    """As events write times."""
    return at.astimezone(UTC).isoformat()
