"""Domain values as stored: compact JSON that is the same in every process, and its digest."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel


def to_json(value: BaseModel) -> str:
    """The value as compact JSON with keys and sets in order; the model reads it back with `model_validate_json`."""
    return json.dumps(value.model_dump(), default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest_of(document: str) -> str:
    """SHA-256 of a document, hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def _plain(value: Any) -> Any:
    # Sets come in an order that differs between processes.
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
