"""Instants as words, so that a model's first piece can say when it was sent, whatever carries it."""

import time

_LETTERS = "abcdefghijklmnop"
_LENGTH = 16


def stamp() -> str:
    """The instant in nanoseconds of this machine's monotonic clock, which all its processes share, as one word."""
    return "".join(_LETTERS[int(digit, 16)] for digit in f"{time.monotonic_ns():0{_LENGTH}x}")


def since(word: str) -> float:
    """Milliseconds since the instant that a word stands for. Raises ValueError when it stands for none."""
    if len(word) != _LENGTH:
        raise ValueError(f"{word!r} is no stamp")
    sent = int("".join(f"{_LETTERS.index(letter):x}" for letter in word), 16)
    return (time.monotonic_ns() - sent) / 1e6
