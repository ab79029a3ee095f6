"""Browsers that somebody has signed in with before: attempts from one are counted apart from everybody else's.

So whoever fails on purpose, to lock an account, does not lock its user out of their own browser. What the browser holds
is signed for one user and one password; it opens nothing by itself, and is worth nothing after a new password.
"""

import hmac
import secrets
from hashlib import sha256

from hub.auditing import load_audit_key
from hub.installation import Platform

_LONGEST = 200


def new_device(platform: Platform, tenant: str, user: str, hashed: str) -> str:
    """What a browser holds from now on in which the user, whose password is kept as `hashed`, has signed in."""
    name = secrets.token_urlsafe(16)
    return f"{name}.{_seal(platform, tenant, user, hashed, name)}"


def known_device(platform: Platform, held: str | None, tenant: str, user: str, hashed: str | None) -> str | None:
    """The name of the browser that holds this, if the user has signed in with it under their present password."""
    name, dot, seal = (held or "")[:_LONGEST].partition(".")
    if not dot or hashed is None:
        return None
    return name if hmac.compare_digest(seal.encode(), _seal(platform, tenant, user, hashed, name).encode()) else None


def _seal(platform: Platform, tenant: str, user: str, hashed: str, name: str) -> str:
    key = sha256(b"known devices " + load_audit_key(platform.settings)).digest()
    told = "\0".join((tenant, user, hashed, name))
    return hmac.new(key, told.encode("utf-8", "surrogatepass"), sha256).hexdigest()
