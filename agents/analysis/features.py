"""Features of a sentence for the stage classifier: words of English, characters of Chinese."""

import re
from collections.abc import Iterator

_PIECE = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[\u3400-\u9fff]+|[?？%]")
_LONGEST = 600
_STEM = 5


def features(text: str) -> list[str]:
    """The features of `text` in order, repeats kept.

    Latin words singly, in pairs and by their first five letters (a poor man's stem), numbers as `0`, runs of Han
    characters as 1- to 3-grams, question and per cent marks. Only the first 600
    characters count: a sentence that long is a pasted table.
    """
    found: list[str] = []
    previous = ""
    for piece in _PIECE.findall(text[:_LONGEST].casefold()):
        if "\u3400" <= piece[0] <= "\u9fff":
            found.extend(_ngrams(piece))
            previous = ""
            continue
        word = "0" if piece[0].isdigit() else "?" if piece == "？" else piece
        found.append(word)
        if len(word) > _STEM:
            found.append(f"^{word[:_STEM]}")
        if previous:
            found.append(f"{previous} {word}")
        previous = word
    return found


def _ngrams(run: str) -> Iterator[str]:
    for size in (1, 2, 3):
        for start in range(len(run) - size + 1):
            yield run[start : start + size]
