"""Values as Tryton's JSON-RPC writes them: objects with a `__class__` for what JSON lacks."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def encode(value: Any) -> bytes:
    """JSON of a call; datetimes must be naive and in UTC, as Tryton keeps them."""
    return json.dumps(value, default=_write, ensure_ascii=False, separators=(",", ":")).encode()


def decode(body: bytes) -> Any:
    """A reply with its dates, datetimes and decimals; ValueError when it is not such JSON."""
    try:
        return json.loads(body, object_hook=_read)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"a value that cannot be read: {error}") from error


def _write(value: Any) -> Any:
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": str(value)}
        case datetime():
            moment = {name: getattr(value, name) for name in _MOMENT}
            return {"__class__": "datetime", **moment}
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"Tryton's JSON has no {type(value).__name__}")


def _read(found: dict[str, Any]) -> Any:
    match found.get("__class__"):
        case "Decimal":
            return Decimal(found["decimal"])
        case "datetime":
            return datetime(*(found[name] for name in _MOMENT))  # noqa: DTZ001 (naive UTC, as Tryton keeps it)
        case "date":
            return date(found["year"], found["month"], found["day"])
    return found


_MOMENT = ("year", "month", "day", "hour", "minute", "second", "microsecond")
