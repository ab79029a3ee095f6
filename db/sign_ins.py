"""Who is signed in, who failed to, and who is at a provider's door at the moment."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, func, select, update

from core.domain.access import Attempt, Means, SignIn
from db.access_tables import failed_sign_ins, oidc_attempts, sign_ins
from db.writing import ensure_tenant, insert

SignInList: TypeAlias = list[SignIn]


class SignIns:
    """Repository of sessions and attempts. Tokens come and stay as hashes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token_hash: str, session: SignIn) -> None:
        """Keep a new session; those of its user that are over go."""
        ensure_tenant(self._connection, session.tenant)
        of = (sign_ins.c.tenant == session.tenant, sign_ins.c.user_id == session.user)
        self._connection.execute(delete(sign_ins).where(*of, sign_ins.c.ends_at <= session.created_at))
        row = {**session.model_dump(exclude={"user"}), "user_id": session.user, "token_hash": token_hash}
        self._connection.execute(sign_ins.insert(), {**row, "means": session.means.value})

    def find(self, token_hash: str) -> SignIn | None:
        """The session of a token, valid or not."""
        row = self._connection.execute(select(sign_ins).where(sign_ins.c.token_hash == token_hash)).one_or_none()
        return None if row is None else _session(row)

    def of_user(self, tenant: str, user_id: str) -> SignInList:
        """The user's sessions, the latest first."""
        query = select(sign_ins).where(sign_ins.c.tenant == tenant, sign_ins.c.user_id == user_id)
        return [_session(row) for row in self._connection.execute(query.order_by(sign_ins.c.created_at.desc()))]

    def note_seen(self, token_hash: str, *, at: datetime, every: timedelta) -> None:
        """Note that a session is used, at most once in `every`."""
        statement = update(sign_ins).where(sign_ins.c.token_hash == token_hash, sign_ins.c.seen_at < at - every)
        self._connection.execute(statement.values(seen_at=at))

    def end(self, token_hash: str) -> bool:
        """End the session of a token; False when there was none."""
        return self._connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == token_hash)).rowcount == 1

    def end_all(self, tenant: str, user_id: str) -> int:
        """End every session of a user; how many there were."""
        statement = delete(sign_ins).where(sign_ins.c.tenant == tenant, sign_ins.c.user_id == user_id)
        return self._connection.execute(statement).rowcount

    def last_seen(self, tenant: str, now: datetime) -> dict[str, datetime]:
        """When each user who has a session was last there."""
        query = select(sign_ins.c.user_id, func.max(sign_ins.c.seen_at).label("at"))
        query = query.where(sign_ins.c.tenant == tenant, sign_ins.c.ends_at > now).group_by(sign_ins.c.user_id)
        return {row.user_id: row.at for row in self._connection.execute(query)}

    def count_failure(self, subject: str, *, at: datetime, forget: timedelta) -> int:
        """Count a failed attempt of a subject; how many there are, none of them followed by `forget` of quiet.

        The row is held until the transaction ends, so attempts at the same time are counted one after the other.
        """
        table = failed_sign_ins
        new = insert(self._connection, table).values(subject=subject, failures=0, last_at=at)
        self._connection.execute(new.on_conflict_do_nothing())
        row = self._connection.execute(select(table).where(table.c.subject == subject).with_for_update()).one()
        failures: int = 1 if row.last_at < at - forget else row.failures + 1
        changed = update(table).where(table.c.subject == subject).values(failures=failures, last_at=at)
        self._connection.execute(changed)
        return failures

    def lock(self, subject: str, until: datetime) -> None:
        """Refuse further attempts of a subject until then."""
        statement = update(failed_sign_ins).where(failed_sign_ins.c.subject == subject)
        self._connection.execute(statement.values(locked_until=until))

    def locked_until(self, subject: str) -> datetime | None:
        """Until when attempts of a subject are refused, if they ever were."""
        query = select(failed_sign_ins.c.locked_until).where(failed_sign_ins.c.subject == subject)
        found: datetime | None = self._connection.scalar(query)
        return found

    def forget_failures(self, subject: str) -> None:
        """Start counting anew for a subject."""
        self._connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.subject == subject))

    def begin_attempt(self, state_hash: str, attempt: Attempt, *, now: datetime) -> None:
        """Keep what the provider's answer must fit; attempts nobody finished in time go."""
        self._connection.execute(delete(oidc_attempts).where(oidc_attempts.c.expires_at <= now))
        self._connection.execute(oidc_attempts.insert(), {**attempt.model_dump(), "state_hash": state_hash})

    def take_attempt(self, state_hash: str, *, now: datetime) -> Attempt | None:
        """The attempt of a state, which is thereby used up; None when there is none, or its time is over."""
        table = oidc_attempts
        row = self._connection.execute(select(table).where(table.c.state_hash == state_hash)).one_or_none()
        gone = self._connection.execute(delete(table).where(table.c.state_hash == state_hash)).rowcount
        if row is None or gone != 1 or row.expires_at <= now:
            return None
        return Attempt(**{name: getattr(row, name) for name in Attempt.model_fields})


def _session(row: Row[Any]) -> SignIn:
    told = {name: getattr(row, name) for name in SignIn.model_fields if name not in {"user", "means"}}
    return SignIn(**told, user=row.user_id, means=Means(row.means))
