"""What the wording of a request is made of: ideas, words, pairs of words, and pieces of words."""

import re
from collections.abc import Iterator
from itertools import pairwise

from agents.understanding.homophones import correct_han
from agents.understanding.lexicon import correct, find_ideas
from core.language import is_cjk

_TOKEN = re.compile(r"[a-zß-ɏ]+(?:'[a-z]+)?|[\u3400-\u9fff]|[\ue000-\ue0ff]|\d+", re.IGNORECASE)
_SIGN = re.compile(r"[\ue000-\ue0ff]")
_PIECE = 4
_ASKS = re.compile(
    r"\?|\b(?:who|whose|whom|what|which|when|where|how|why|is|are|do|does|did|has|have we|any)\b"
    r"|谁|什么|啥|哪|怎么|如何|吗|多少|几[个家台号天次]|多久|为何|是否|有没有|是不是|呢|没有$"
)


def tokens(text: str) -> list[str]:
    """Latin words, single Chinese characters, signs."""
    return [token.lower() for token in _TOKEN.findall(text)]


def features(text: str) -> Iterator[str]:
    """Words, pairs of neighbours, runs of three Chinese characters, pieces of long Latin words; and ideas.

    An idea is the same in either language: `#stock` for inventory and 库存. Ideas and signs also come in pairs of
    neighbours, whatever is said between them.
    """
    folded = correct_han(correct(text.lower()))
    found = ["^", *tokens(folded), "$"]
    yield from found[1:-1]
    for first, second in pairwise(found):
        yield f"{first} {second}"
    for first, second, third in zip(found, found[1:], found[2:], strict=False):
        if is_cjk(second):
            yield f"{first} {second} {third}"
    for token in found:
        if len(token) > 3 and token.isascii():
            bounded = f"<{token}>"
            for start in range(len(bounded) - _PIECE + 1):
                yield "~" + bounded[start : start + _PIECE]
    yield "?asks" if _ASKS.search(folded) else "?tells"
    yield from _ideas(folded)


def _ideas(folded: str) -> Iterator[str]:
    found = sorted([*find_ideas(folded), *((match.start(), match.group()) for match in _SIGN.finditer(folded))])
    chain = ["#" + idea for _, idea in found]
    # Twice, so that an idea weighs more than one of the words for it.
    yield from chain
    yield from dict.fromkeys(chain)
    chain = ["#^", *chain, "#$"]
    for first, second in pairwise(chain):
        yield f"{first} {second}"
