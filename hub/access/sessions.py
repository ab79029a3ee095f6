"""Sessions of signed-in people: opened, found again by their token, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from core.domain.access import Means, SignIn
from core.domain.audit import AuditEntry
from core.identity import Caller, local_owner
from core.settings import Settings
from db.store import Session
from hub.access.tokens import hash_token, new_id, new_token
from hub.installation import Platform

_LONGEST_NOTE = 200
# How exactly it is known when somebody was last seen; each notice is a write.
_NOTICE_EVERY = timedelta(minutes=1)
OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from: network address, browser as it calls itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session and its token, which is shown this once; `device` is for the browser to keep when it ends."""

    token: str
    session: SignIn
    device: str | None = None


def open_session(
    unit: Session,
    settings: Settings,
    caller: Caller,
    means: Means,
    origin: Origin,
    *,
    now: datetime,
    replaces: str | None = None,
) -> Opened:
    """Sign the caller in with a fresh token; the session of the token `replaces` ends."""
    if replaces is not None:
        unit.sign_ins.end(hash_token(replaces))
    token = new_token()
    session = SignIn(
        id=new_id("s"),
        tenant=caller.tenant,
        user=caller.user,
        means=means,
        address=origin.address[:_LONGEST_NOTE],
        agent=origin.agent[:_LONGEST_NOTE],
        created_at=now,
        seen_at=now,
        ends_at=now + settings.session_lifetime,
        proof=owner_proof(settings) if means is Means.OWNER_KEY else None,
    )
    unit.sign_ins.add(hash_token(token), session)
    body = {"means": means.value, "address": session.address, "session": session.id}
    unit.audit.append(
        caller.tenant, AuditEntry(actor=caller.user, action="session.opened", subject=caller.user, body=body), at=now
    )
    return Opened(token, session)


def find_session(platform: Platform, token: str, *, seen: bool = True) -> tuple[SignIn, Caller] | None:
    """The session of a token with its user's present rights; None when it is over or the user may not act any more.

    Without `seen` nobody is there, only a page that was left open: the session idles on.
    """
    now, hashed = platform.clock.now(), hash_token(token)
    with platform.store.read() as unit:
        session = unit.sign_ins.find(hashed)
        if session is None or now >= session.ends_at or now >= session.seen_at + platform.settings.session_idle:
            return None
        caller = _caller(unit, platform.settings, session)
    if caller is None:
        return None
    every = min(_NOTICE_EVERY, platform.settings.session_idle / 10)
    if seen and now - session.seen_at > every:
        with platform.store.write() as unit:
            unit.sign_ins.note_seen(hashed, at=now, every=every)
    return session, caller


def list_sessions(platform: Platform, caller: Caller) -> list[SignIn]:
    """The caller's own sessions, the latest first."""
    with platform.store.read() as unit:
        return unit.sign_ins.of_user(caller.tenant, caller.user)


def sign_out(platform: Platform, token: str) -> None:
    """End the session of a token, if there is one."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        session = unit.sign_ins.find(hash_token(token))
        if session is None or not unit.sign_ins.end(hash_token(token)):
            return
        body = {"session": session.id}
        entry = AuditEntry(actor=session.user, action="session.ended", subject=session.user, body=body)
        unit.audit.append(session.tenant, entry, at=now)


def sign_out_everywhere(platform: Platform, caller: Caller) -> int:
    """End every session of the caller; how many there were."""
    with platform.store.write() as unit:
        return end_sessions(unit, caller.tenant, caller.user, by=caller.user, why="asked", now=platform.clock.now())


def end_sessions(unit: Session, tenant: str, user: str, *, by: str, why: str, now: datetime) -> int:
    """End every session of a user within a transaction; how many there were."""
    ended = unit.sign_ins.end_all(tenant, user)
    if ended:
        body = {"sessions": ended, "why": why}
        unit.audit.append(tenant, AuditEntry(actor=by, action="session.ended_all", subject=user, body=body), at=now)
    return ended


def owner_proof(settings: Settings) -> str | None:
    """What ties the owner's sessions to the key they were opened with."""
    if settings.api_key is None:
        return None
    return sha256(b"owner session " + settings.api_key.get_secret_value().encode()).hexdigest()


def _caller(unit: Session, settings: Settings, session: SignIn) -> Caller | None:
    if session.means is Means.OWNER_KEY:
        owner = local_owner(session.tenant).model_copy(update={"stands_in": False})
        return owner if session.proof is not None and session.proof == owner_proof(settings) else None
    user = unit.users.get(session.tenant, session.user)
    return user.caller(session.tenant) if user is not None and user.active else None
