"""Whether what a person writes in place of a claim still rests on the claim's evidence."""

import re
from collections.abc import Iterable

from core.language import Lang
from core.text import split_sentences
from graphs.visit.facts import Names, addresses, figures, number_words
from graphs.visit.fidelity import LONGEST, Fault, content, covers, proper_words, words_of
from graphs.visit.senses import turned

# A comma within a figure is followed by a digit.
_BREAK = re.compile(r"[;；:：，]|,\s")


def find_unsupported(plain: str, text: str, quotes: Iterable[str], lang: Lang, names: Names) -> Fault | None:
    """What of `text` neither the computed sentence `plain` nor the quotes of its evidence bear out; None when all is.

    Figures, addresses and names must be there, no sentence that is kept may turn its sense, and each must share words
    with what is there. Unlike a rewording, text may leave things out.
    """
    if not text.strip():
        return Fault.EMPTY
    if len(text) > LONGEST:
        return Fault.LENGTH
    if not text.isprintable():
        return Fault.MARKUP
    source = "\n".join([plain, *quotes])
    checks = {
        Fault.FIGURES: _figures(text) <= _figures(source) and number_words(text).keys() <= number_words(source).keys(),
        Fault.ADDRESSES: addresses(text).keys() <= addresses(source).keys(),
        Fault.NAMES: _names_known(text, source, lang, names),
        Fault.SENSE: not any(_turned(piece, plain, lang, names) for piece in _pieces(text)),
        Fault.ADDED: covers(text, source, lang, names),
    }
    return next((fault for fault, passed in checks.items() if not passed), None)


def _pieces(text: str) -> list[str]:
    return [piece for sentence in split_sentences(text) for piece in _BREAK.split(sentence) if piece.strip()]


def _turned(piece: str, plain: str, lang: Lang, names: Names) -> bool:
    """Whether a piece says otherwise than the piece of the computed sentence that it is most like."""
    words = content(piece, lang, names)
    shared = {one: len(words & content(one, lang, names)) for one in _pieces(plain)}
    like = max(shared, key=lambda one: shared[one], default="")
    # What shares nothing with the sentence is to add nothing that turns it.
    return turned(like if shared.get(like) else "", piece) is not None


def _figures(text: str) -> set[tuple[str, str]]:
    """Kind and token of each figure; thousands separators are a matter of form."""
    return {(kind, token.replace(",", "")) for kind, tokens in figures(text).items() for token in tokens}


def _names_known(text: str, source: str, lang: Lang, names: Names) -> bool:
    if not set(names.found(text)) <= set(names.found(source)):
        return False
    latin = words_of(text) if lang is Lang.ZH else proper_words(text)
    return latin <= words_of(source)
