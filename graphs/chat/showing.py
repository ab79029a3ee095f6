"""Showing a model's text as it comes, without a figure or an address that nobody gave it."""

import re
from collections.abc import Callable

from graphs.visit.facts import addresses

# What may become part of a figure, a citation or an address with the next piece.
_TAIL = re.compile(r"\s?[\[【][^\]】]*$|\s$|\s?[^\s，。；！？、]*[\d@/:$€£¥][^\s，。；！？]*\s?$|\b[A-Z]{3}\s?$")
_MARK = re.compile(r"\s?[\[【]\d{1,3}[\]】]")
_GONE = "…"
_LONGEST_TAIL = 80


class Gate:
    """Lets words through at once; holds what looks like a figure, an address or a citation until it is whole.

    The whole text is checked again in the end; a figure that nobody gave is never shown, not even for a moment.
    """

    def __init__(self, basis: str, show: Callable[[str], None]) -> None:
        self._addresses = addresses(basis)
        self._digits = set(re.findall(r"\d+", basis))
        self._show = show
        self._held = ""

    def add(self, piece: str) -> None:
        """One more piece of the text."""
        text = self._held + piece
        tail = _TAIL.search(text)
        cut = tail.start() if tail and len(text) - tail.start() <= _LONGEST_TAIL else len(text)
        self._held = text[cut:]
        self._pass(text[:cut])

    def close(self) -> None:
        """Show what is still held."""
        self._pass(self._held)
        self._held = ""

    def _pass(self, text: str) -> None:
        plain = _MARK.sub("", text)
        for address in addresses(plain):
            if address not in self._addresses:
                plain = re.sub(re.escape(address), _GONE, plain, flags=re.IGNORECASE)
        plain = re.sub(r"\d+", lambda match: match.group() if match.group() in self._digits else _GONE, plain)
        if plain:
            self._show(plain)
