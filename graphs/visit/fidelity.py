"""Whether a reworded sentence still says what the computed one said.

A strict guard made of cheap checks: it refuses many good wordings, so that hardly any changed fact gets through. What
it cannot judge is a change of sense in words that `graphs.visit.senses` does not list.
"""

import re
from enum import StrEnum

from core.language import Lang, is_cjk
from core.text import split_sentences
from graphs.visit.facts import Names, addresses, figures, han_runs, number_words
from graphs.visit.masks import PLACEHOLDER
from graphs.visit.senses import turned


class Fault(StrEnum):
    """Why a wording is refused; also told to the model."""

    EMPTY = "empty"
    LENGTH = "length"
    MARKUP = "markup"
    QUOTATIONS = "quotations"
    FIGURES = "figures"
    NAMES = "names"
    ADDRESSES = "addresses"
    SENSE = "sense"
    ADDED = "added"
    LEFT_OUT = "left_out"


_MARKUP = set('<>[]{}`*_#|\\~“”「」《》"')
_WORD = re.compile(r"[A-Za-z][A-Za-z&'’\-]*")
_STARTS = re.compile(r"(?:^|[.!?:;–—(]\s*)(?=[A-Z])")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an the and but or if of to in on at by for from with as so we our us you your they their them he she "
        "his her it its is are was were be been has have had do does did will would this that these those there "
        "here who whom which what when where how why all any each some other than then also still yet just now "
        "today tell ask bring offer give take let keep show expect note make currently please because since while "
        "once both until",
    )
)
# Far beyond any claim; the patterns take time with the square of the length.
LONGEST = 2_000
# Below a third, a sentence shares hardly more than chance with the other; rewording keeps half of the words and more.
_SHARED_IN_SENTENCE, _SHARED_IN_ALL = 0.34, 0.5


def proper_words(text: str) -> set[str]:
    """Capitalised words; at the start of a sentence only when they look like names nevertheless."""
    starts = {match.end() for match in _STARTS.finditer(text)}
    found = set()
    for match in _WORD.finditer(text):
        word = match.group()
        if not any(char.isupper() for char in word):
            continue
        alone = not re.match(r"\s[A-Z]", text[match.end() : match.end() + 2])
        starting = match.start() in starts and not any(char.isupper() for char in word[1:])
        if not (starting and (alone or word.casefold() in _SMALL)):
            found.add(word.casefold())
    return found


def _names_kept(plain: str, reworded: str, lang: Lang, names: Names) -> bool:
    if names.found(plain) != names.found(reworded):
        return False
    words, reworded_words = words_of(plain), words_of(reworded)
    if lang is Lang.ZH:
        return words == reworded_words
    if sorted(han_runs(plain)) != sorted(han_runs(reworded)):
        return False
    return proper_words(plain) <= reworded_words and proper_words(reworded) <= words


def content(text: str, lang: Lang, names: Names) -> set[str]:
    """What the text is made of besides names and figures: stems in English, characters in Chinese."""
    bare = names.without(PLACEHOLDER.sub(" ", text))
    if lang is Lang.ZH:
        return {char for char in bare if is_cjk(char) and char not in "的了是在和与有为就也都已将其"}
    return {word[:4] for word in re.findall(r"(?<![\w-])[a-z]{3,}", bare) if word not in _SMALL}


def words_of(text: str) -> set[str]:
    """Words in Latin letters, without case."""
    return {word.casefold() for word in _WORD.findall(text)}


def covers(part: str, whole: str, lang: Lang, names: Names) -> bool:
    """Whether most of what `part` says, and something of each of its sentences, is in `whole` too."""
    there = content(whole, lang, names)
    for piece, share in [(part, _SHARED_IN_ALL), *((one, _SHARED_IN_SENTENCE) for one in split_sentences(part))]:
        here = content(piece, lang, names)
        if len(here & there) < share * len(here):
            return False
    return True


def find_fault(plain: str, reworded: str, lang: Lang, names: Names) -> Fault | None:
    """What keeps `reworded` from standing in for `plain`, both with masked quotations; None when it may.

    Figures of one kind, quotations and known names must stay in their order, so that none changes places.
    """
    if not reworded.strip():
        return Fault.EMPTY
    if len(reworded) > min(1.5 * len(plain) + 30, LONGEST):
        return Fault.LENGTH
    told, asked = PLACEHOLDER.findall(reworded), PLACEHOLDER.findall(plain)
    if told != asked:
        return Fault.QUOTATIONS
    here, there = (PLACEHOLDER.sub(" ", text) for text in (plain, reworded))
    if not there.isprintable() or (_MARKUP & set(there)) - set(here):
        return Fault.MARKUP
    checks = {
        Fault.FIGURES: figures(here) == figures(there) and number_words(here) == number_words(there),
        Fault.ADDRESSES: addresses(here) == addresses(there),
        Fault.NAMES: _names_kept(here, there, lang, names),
        Fault.SENSE: turned(here, there) is None,
        Fault.ADDED: covers(there, here, lang, names),
        Fault.LEFT_OUT: covers(here, there, lang, names),
    }
    return next((fault for fault, passed in checks.items() if not passed), None)
