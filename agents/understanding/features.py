"""What the wording of a request is made of: words, pairs of words, and pieces of words, which survive typing errors."""

import re
from collections.abc import Iterator

from core.language import is_cjk

_TOKEN = re.compile(r"[a-zß-ɏ]+(?:'[a-z]+)?|[\u3400-\u9fff]|[\ue000-\ue0ff]|\d+", re.IGNORECASE)
_PIECE = 4


def tokens(text: str) -> list[str]:
    """Latin words, single Chinese characters, signs."""
    return [token.lower() for token in _TOKEN.findall(text)]


def features(text: str) -> Iterator[str]:
    """Words, pairs of neighbours, runs of three Chinese characters, and four-letter pieces of long Latin words."""
    found = ["^", *tokens(text), "$"]
    yield from found[1:-1]
    for first, second in zip(found, found[1:], strict=False):
        yield f"{first} {second}"
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        if is_cjk(second):
            yield f"{first} {second} {third}"
    for token in found:
        if len(token) > 3 and token.isascii():
            bounded = f"<{token}>"
            for start in range(len(bounded) - _PIECE + 1):
                yield "~" + bounded[start : start + _PIECE]
