"""What a sentence gives word for word: mail addresses, and text between quotation marks."""

import re

from agents.planning.values.found import Found, apart

_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_MARK = re.compile("'")
_QUOTES = (
    re.compile(r"\"([^\"]+)\""),
    re.compile(r"“([^”]+)”"),
    re.compile(r"‘([^’]+)’"),
    re.compile(r"「([^」]+)」"),
    re.compile(r"『([^』]+)』"),
    re.compile(r"《([^》]+)》"),
    re.compile(r"`([^`]+)`"),
)


def read_addresses(text: str) -> tuple[Found[str], ...]:
    """The mail addresses of a text, as written."""
    return tuple(Found(match[0], match.start(), match.end(), match[0]) for match in _ADDRESS.finditer(text))


def read_quoted(text: str) -> tuple[Found[str], ...]:
    """The outermost quotations of a text; `value` is without, `text` with the marks."""
    found = [
        Found(match[1], match.start(), match.end(), match[0]) for pattern in _QUOTES for match in pattern.finditer(text)
    ]
    return apart([*found, *_single_quoted(text)])


def _single_quoted(text: str) -> list[Found[str]]:
    """What stands between single marks; an apostrophe inside a word is none, and a quotation may hold quotations."""
    found: list[Found[str]] = []
    depth, start = 0, 0
    for match in _MARK.finditer(text):
        at = match.start()
        opens = not text[at - 1 : at].isalnum() and text[at + 1 : at + 2].strip() != ""
        closes = not text[at + 1 : at + 2].isalnum()
        if opens and (depth == 0 or not closes):
            start = at if depth == 0 else start
            depth += 1
        elif closes and depth:
            depth -= 1
            if depth == 0:
                found.append(Found(text[start + 1 : at], start, at + 1, text[start : at + 1]))
    return found
