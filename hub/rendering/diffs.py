"""What changed between two wordings, word by word; Chinese, which has no spaces, letter by letter."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\u4e00-\u9fff]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)


class Piece(NamedTuple):
    """A piece of one wording, and whether the other has it not."""

    text: str
    changed: bool


def compare(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The pieces of both wordings, in order; put together they are the wordings."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = kind != "equal"
        if b > a:
            left.append(Piece("".join(old[a:b]), changed))
        if d > c:
            right.append(Piece("".join(new[c:d]), changed))
    return left, right
