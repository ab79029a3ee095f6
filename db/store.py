"""The one way to the records: open the database, then read or write in one transaction at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine

from core.domain.base import Record, System
from core.identity import Caller
from db.audit import Audit
from db.checkpoints import StoredCheckpoints
from db.credentials import Credentials
from db.cursors import Cursors
from db.deadlines import Deadlines
from db.effects import Effects
from db.engine import IDLE_LIMIT, close_engine, open_engine, reading, writing
from db.inbound import InboundMessages
from db.interactions import Interactions
from db.keyed_writes import StoredKeyedWrites
from db.measures import Measures
from db.meeting_files import MeetingFiles
from db.notifications import Notifications
from db.outbox import Outbox
from db.passages import Passages
from db.policies import Policies
from db.records import Records
from db.retention import Retention
from db.reviews import Reviews
from db.schema import bring_to_head
from db.shares import Shares
from db.sign_ins import SignIns
from db.spending import Spending
from db.tenants import Tenants
from db.threads import Threads
from db.users import Users
from db.visits import Visits
from db.webhook_intake import WebhookIntake
from db.webhooks import Webhooks
from db.workers import Workers

R = TypeVar("R", bound=Record)


class Session:
    """One transaction and the repositories that take part in it."""

    def __init__(self, connection: Connection, audit_key: bytes) -> None:
        self.tenants = Tenants(connection)
        self.records = Records(connection)
        self.interactions = Interactions(connection)
        self.inbound = InboundMessages(connection)
        self.passages = Passages(connection)
        self.policies = Policies(connection)
        self.visits = Visits(connection)
        self.meeting_files = MeetingFiles(connection)
        self.effects = Effects(connection)
        self.outbox = Outbox(connection)
        self.reviews = Reviews(connection)
        self.shares = Shares(connection)
        self.measures = Measures(connection)
        self.deadlines = Deadlines(connection)
        self.notifications = Notifications(connection)
        self.webhooks = Webhooks(connection)
        self.threads = Threads(connection)
        self.users = Users(connection)
        self.credentials = Credentials(connection)
        self.sign_ins = SignIns(connection)
        self.audit = Audit(connection, audit_key)
        self.webhook_intake = WebhookIntake(connection)
        self.cursors = Cursors(connection)
        self.workers = Workers(connection)
        self.retention = Retention(connection)
        self.spending = Spending(connection)


class Store:
    """The database of one installation; may be used from many threads."""

    def __init__(self, engine: Engine, audit_key: bytes = b"") -> None:
        self.engine = engine
        self._audit_key = audit_key

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view; nothing may be written through it."""
        with reading(self.engine) as connection:
            yield Session(connection, self._audit_key)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is committed when the block ends, and undone when it raises. Keep it short."""
        with writing(self.engine) as connection:
            yield Session(connection, self._audit_key)

    def records_port(self) -> "StoredRecords":
        """The records as the sandbox systems need them."""
        return StoredRecords(self)

    def checkpoints_port(self, tenant: str) -> StoredCheckpoints:
        """Where the conversations of a tenant stand, as the chat graph needs it."""
        return StoredCheckpoints(self.engine, tenant)

    def keyed_writes_port(self) -> StoredKeyedWrites:
        """Writes under keys, as the sandbox systems need them."""
        return StoredKeyedWrites(self.engine)


class StoredRecords:
    """`core.ports.record_store.RecordStore` with one transaction a call; may be used from many threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(
        self, caller: Caller, kind: type[R], *, account_id: str | None = None, ids: Sequence[str] | None = None
    ) -> list[R]:
        """See `Records.find`."""
        with self._store.read() as session:
            return session.records.find(caller, kind, account_id=account_id, ids=ids)

    def last_good(self, tenant: str, system: System, kind: type[Record] | None = None) -> datetime | None:
        """See `Records.last_good`."""
        with self._store.read() as session:
            return session.records.last_good(tenant, system, kind)


@contextmanager
def open_store(url: str, *, audit_key: bytes = b"", idle_limit: timedelta = IDLE_LIMIT) -> Iterator[Store]:
    """Open the database at an SQLAlchemy `url` (SQLite file or PostgreSQL), made or migrated as needed.

    Any number of processes may open it at once, with the same `audit_key`. Raises SetupError when it cannot be
    reached, written, or was made by a newer release.
    """
    engine = open_engine(url, idle_limit=idle_limit)
    try:
        bring_to_head(engine)
        yield Store(engine, audit_key)
    finally:
        close_engine(engine)
