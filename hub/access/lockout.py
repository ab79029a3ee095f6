"""How attempts to sign in are slowed down: after some failures, by account and by address, for growing times.

Whoever fails on purpose locks an account for others, never for good, and never for a browser that its user has signed
in with before. Attempts are counted in the database before the password is looked at: neither many at once nor several
processes get more of them. Names that are no user's are counted alike, so that being locked out tells nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from db.store import Session

_FORGET = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """After `free` failures each further one locks, twice as long as the one before, up to `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def lock_after(self, failures: int) -> timedelta:
        """For how long this many failures in a row lock; not at all while they are few."""
        over = failures - self.free
        return timedelta() if over < 0 else min(self.longest, self.first * 2 ** min(over, 32))


OF_ACCOUNT = Patience(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15))
# Many people may come from one address.
OF_ADDRESS = Patience(free=50, first=timedelta(minutes=1), longest=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Attempts:
    """Whose attempts are counted together: those on an account, and those from an address."""

    account: str
    address: str

    @classmethod
    def of(cls, tenant: str, user: str, address: str, device: str | None = None) -> "Attempts":
        """The subjects of an attempt; names are hashed, since people type passwords into the wrong field.

        From a `device` that the user has signed in with before, the account is counted apart from what others try.
        """
        account = _subject("account", tenant, user) if device is None else _subject("device", tenant, user, device)
        return cls(account, _subject("address", address))

    def count(self, unit: Session, now: datetime) -> timedelta | None:
        """Count an attempt as failed until it turns out well; how long to wait if it is not even looked at."""
        both = ((self.account, OF_ACCOUNT), (self.address, OF_ADDRESS))
        locks = [unit.sign_ins.locked_until(subject) for subject, _ in both]
        until = max((lock for lock in locks if lock is not None), default=now)
        if until > now:
            return until - now
        for subject, patience in both:
            failures = unit.sign_ins.count_failure(subject, at=now, forget=_FORGET)
            wait = patience.lock_after(failures)
            if wait:
                unit.sign_ins.lock(subject, now + wait)
        return None

    def forgive(self, unit: Session) -> None:
        """Start anew after the right password; what else the address tried stays counted."""
        unit.sign_ins.forget_failures(self.account)


def _subject(kind: str, *parts: str) -> str:
    text = "\0".join(parts).casefold()
    return f"{kind}:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
