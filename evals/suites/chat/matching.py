"""Whether calls are those that were meant: by tool and resolved arguments, in any order."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import permutations
from typing import Any

from core.text import normalise_name
from evals.suites.chat.cases import ANY

Calls = Sequence[tuple[str, Mapping[str, Any]]]

# Fractions are compared to this precision: a discount is read back from rounded prices.
_CLOSE = Decimal("0.002")
# Arguments that say nothing.
_SILENT: tuple[Any, ...] = (None, [], ())


class Matcher:
    """Compares values; what names a record counts as its id.

    `ids` maps normalised names to ids; `defaults` are the arguments of tools that may as well be left out.
    """

    def __init__(self, ids: Mapping[str, str], defaults: Mapping[str, Mapping[str, Any]]) -> None:
        self._ids = ids
        self._defaults = defaults

    def same_tools(self, wanted: Calls, called: Calls) -> bool:
        """Whether the same tools were called, each as often."""
        return sorted(tool for tool, _args in wanted) == sorted(tool for tool, _args in called)

    def same_calls(self, wanted: Calls, called: Calls) -> bool:
        """Whether the same tools were called with the arguments wanted."""
        if not self.same_tools(wanted, called):
            return False
        return any(
            all(self._same_call(one, other) for one, other in zip(wanted, order, strict=True))
            for order in permutations(called)
        )

    def _same_call(self, wanted: tuple[str, Mapping[str, Any]], called: tuple[str, Mapping[str, Any]]) -> bool:
        tool, args = wanted
        if tool != called[0]:
            return False
        return self.fits(self._given(tool, args), self._given(tool, called[1]))

    def _given(self, tool: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments that say something."""
        defaults = self._defaults.get(tool, {})
        return {name: value for name, value in args.items() if value not in _SILENT and value != defaults.get(name)}

    def fits(self, wanted: Any, value: Any) -> bool:
        """Whether a value is what was wanted; `any`, `{either: […]}` and `{has: […]}` leave it some freedom."""
        if isinstance(wanted, str) and wanted == ANY:
            return True
        if isinstance(wanted, Mapping):
            return self._fits_mapping(wanted, value)
        if isinstance(wanted, list | tuple):
            return isinstance(value, list | tuple) and self._fits_all(wanted, value)
        if isinstance(wanted, bool) or wanted is None or value is None or isinstance(value, list | tuple | dict):
            return bool(wanted == value)
        if isinstance(wanted, int | float):
            number = _number(value)
            return number is not None and abs(number - Decimal(str(wanted))) < _CLOSE
        return self._id(_plain(wanted)) == self._id(_plain(value))

    def _fits_mapping(self, wanted: Mapping[str, Any], value: Any) -> bool:
        if set(wanted) == {"either"}:
            return any(self.fits(one, value) for one in wanted["either"])
        if set(wanted) == {"has"}:
            text = normalise_name(str(value or ""))
            return all(normalise_name(str(word)) in text for word in wanted["has"])
        if not isinstance(value, Mapping):
            return False
        return all(self.fits(wanted.get(name), value.get(name)) for name in wanted.keys() | value.keys())

    def _fits_all(self, wanted: Sequence[Any], values: Sequence[Any]) -> bool:
        if len(wanted) != len(values):
            return False
        return any(
            all(self.fits(one, other) for one, other in zip(wanted, order, strict=True))
            for order in permutations(values)
        )

    def _id(self, text: str) -> str:
        return self._ids.get(text, text)


def _plain(value: Any) -> str:
    return normalise_name(value.isoformat() if isinstance(value, date) else str(value))


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
