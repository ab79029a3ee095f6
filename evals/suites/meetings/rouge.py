"""ROUGE-N as F1 of n-grams (Lin 2004, “ROUGE: A package for automatic evaluation of summaries”), without stemming.

English is compared by lower-case runs of letters and digits, Chinese by characters; the share is that of the clipped
n-gram counts, for one reference.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

Tokens = Callable[[str], list[str]]
_WORD = re.compile(r"[a-z0-9]+")
_HAN_OR_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")


def english_tokens(text: str) -> list[str]:
    """Runs of letters and digits in lower case."""
    return _WORD.findall(text.lower())


def chinese_tokens(text: str) -> list[str]:
    """Each Chinese character, and runs of Latin letters and digits."""
    return _HAN_OR_WORD.findall(text.lower())


def rouge_n(told: Sequence[str], reference: Sequence[str], n: int) -> float:
    """The F1 of the n-grams of two token lists, 0–1; 0 when either has none."""
    ours, theirs = _grams(told, n), _grams(reference, n)
    shared = sum((ours & theirs).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(ours.values()), shared / sum(theirs.values())
    return 2 * precision * recall / (precision + recall)


def _grams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1))
