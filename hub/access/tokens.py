"""Secrets that we give out, of which only a hash stays here."""

import secrets
from hashlib import sha256

# 256 bits: nothing to guess, so a fast hash keeps it as well as a slow one.
_BYTES = 32


def new_token() -> str:
    """A fresh secret that fits into a URL and a cookie."""
    return secrets.token_urlsafe(_BYTES)


def hash_token(token: str) -> str:
    """What is stored in place of a secret."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_id(prefix: str) -> str:
    """A fresh public name."""
    return f"{prefix}{secrets.token_hex(6)}"
