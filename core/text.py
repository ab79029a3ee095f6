"""Splitting text the same way everywhere, so that a sentence can be cited by its number."""

import re

# Each run of white space is entered once at most, after a stop: matching takes time in proportion to the text.
_BREAK = re.compile(r"(?<=[。！？!?；])|(?<=[.;])\s+(?=[A-Z\"'(\u3400-\u9fff])|\n")

_ANGLE = re.compile(r"<([^<>]*)>\s*$")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}


def split_sentences(text: str) -> list[str]:
    """The sentences of `text` in order, stripped, none empty; line breaks end a sentence.

    Stable: the same text always gives the same list, since evidence ids count sentences from 0.
    """
    return [piece.strip() for piece in _BREAK.split(text) if piece and piece.strip()]


def address_of(text: str) -> str:
    """The folded mail address of `Name <address>` or a bare address; a text without one, folded."""
    inner = _ANGLE.search(text)
    return (inner[1] if inner else text).strip().casefold()


def normalise_name(name: str) -> str:
    """A name for comparison: case folded, inner whitespace collapsed, full-width forms made half-width."""
    half = name if name.isascii() else name.translate(_HALF_WIDTH)
    # The full-width space is white space to `split`, too.
    return " ".join(half.casefold().split())
