"""Whether a reworded sentence still says what the computed one said."""

import re

_NUMBER = re.compile(r"\d[\d.,:/\-]*\d|\d")
_QUOTE = re.compile(r"“([^”]*)”|「([^」]*)」|\"([^\"]*)\"")
_PROPER = re.compile(r"\b[A-Z][\w&.\-]+")
_LINK = re.compile(r"https?://|www\.|[\w.]+@[\w.]+")
_NEGATION = re.compile(
    r"\b(?:no|not|nobody|never|none|nothing|without|cannot|neither)\b|n't\b|[不没未无非勿]", re.IGNORECASE
)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _quotes(text: str) -> set[str]:
    return {next(part for part in match if part) for match in _QUOTE.findall(text) if any(match)}


def is_faithful(plain: str, reworded: str) -> bool:
    """Whether `reworded` keeps all figures, quotations and negation of `plain`, and adds no figure, name or link.

    A cheap, strict guard: it may refuse a good wording, it must not let a changed fact through. A capitalised word
    counts as a name unless it starts a sentence.
    """
    if not reworded.strip() or len(reworded) > 2 * len(plain) + 60:
        return False
    if _numbers(plain) != _numbers(reworded) or not _quotes(plain) <= _quotes(reworded):
        return False
    if bool(_NEGATION.search(plain)) != bool(_NEGATION.search(reworded)):
        return False
    if not set(_LINK.findall(reworded)) <= set(_LINK.findall(plain)):
        return False
    known = {word.casefold() for word in re.findall(r"\w[\w&.\-]*", plain)}
    starts = {match.end() for match in re.finditer(r"(?:^|[.!?:]\s+)", reworded)}
    added = (match for match in _PROPER.finditer(reworded) if match.start() not in starts)
    kept = all(match.group().rstrip(".").casefold() in known for match in added)
    names = {match.group().rstrip(".").casefold() for match in _PROPER.finditer(plain) if match.start() != 0}
    return kept and all(name in reworded.casefold() for name in names)
