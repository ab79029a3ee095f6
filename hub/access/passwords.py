"""Passwords: what is accepted as one, and how it is kept and compared (argon2id)."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from core.errors import InvalidInputError

SHORTEST = 12
LONGEST = 200

# RFC 9106, the second recommended choice: 64 MiB, three passes.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, salt_len=16, type=Type.ID)
# Of a random password nobody knows: what an attempt on an account without a password is compared with.
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$+XGE/NXJosAmRthfG+l2rw$7oo7A0ZElOFOFzRuFcv716wmVyZkJTxv9nXoyiGS3yg"
# The ones guessed first, of those that are long enough; the rest of such lists is shorter than we accept.
_COMMON = frozenset(
    (
        *("123456789012", "1234567890123", "password1234", "passwordpassword", "password12345", "qwertyuiop12"),
        *("qwertyuiopasdf", "iloveyou1234", "administrator", "adminadminadmin", "changemechangeme", "welcome12345"),
        *("welcomewelcome", "letmeinletmein", "abcdefghijkl", "saleshub1234", "saleshubsaleshub", "qwerty123456"),
        *("correcthorsebatterystaple", "abc123abc123", "000000000000", "111111111111", "qwertyuiop123"),
    )
)
_FEWEST_DIFFERENT = 5
# Each takes 64 MiB: many attempts at once must not take all the memory there is.
_AT_ONCE = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """The password as it is kept."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def check_password(password: str, user: str) -> None:
    """InvalidInputError, for `password`, when it is not accepted for the user."""
    problem = _fault(password, user)
    if problem is not None:
        raise InvalidInputError(
            problem, field="password", remedy=f"Choose at least {SHORTEST} characters that nobody would guess."
        )


def is_password(hashed: str | None, password: str) -> bool:
    """Whether it is the password that was hashed; takes as long when there is none to compare with."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed or _NOBODYS, password[:LONGEST]) and hashed is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    """Whether it was hashed with other parameters than are used now."""
    return _HASHER.check_needs_rehash(hashed)


def _fault(password: str, user: str) -> str | None:
    plain = password.casefold()
    if len(password) < SHORTEST:
        return f"is shorter than {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if plain.strip() in _COMMON or len(set(plain)) < _FEWEST_DIFFERENT:
        return "is one of those that are guessed first"
    if user and plain.replace(user.casefold(), "").strip("0123456789!.-_ ") == "":
        return "is the user name"
    return None
