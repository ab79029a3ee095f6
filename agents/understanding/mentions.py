"""Where a text names records of the caller, also in part or misspelt; and names that nobody we know has."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agents.understanding.descriptions import find_descriptions, fitting_accounts
from agents.understanding.lexicon import known_words
from agents.understanding.name_forms import plain
from agents.understanding.names import Kind, Named, Names
from core.language import is_cjk

_WORD = re.compile(r"[a-z0-9à-ɏ][a-z0-9à-ɏ&.@_/+'-]*", re.IGNORECASE)
_TAIL = re.compile(r"(?:'s|'|[.\-/_+&,]+)$")
_MISSPELT = 0.95
"""How sure a name with one wrong letter makes us, at most."""


@dataclass(frozen=True, slots=True)
class Mention:
    """`start` to `end` of the text names one of `meant`, the likeliest first; several mean that it is ambiguous."""

    start: int
    end: int
    said: str
    meant: tuple[Named, ...]

    @property
    def kind(self) -> Kind:
        """What is most likely named."""
        return self.meant[0].kind

    def ids(self, kind: Kind) -> list[str]:
        """What of a kind it may mean."""
        return [named.id for named in self.meant if named.kind is kind]

    @property
    def weight(self) -> float:
        """How sure the form makes us that this name was meant."""
        return self.meant[0].weight


_MISSPELT_HAN = 0.93
_DESCRIBED = 0.95
"""How sure we are of the one record that a description fits."""


def find_described(text: str, low: str, names: Names) -> Iterator[Mention]:
    """Accounts that are described by what they do: "the cement company", 水务那家."""
    for start, end, words in find_descriptions(low):
        ids = fitting_accounts(names, words)
        if ids:
            meant = tuple(Named(Kind.ACCOUNT, each, _DESCRIBED) for each in ids)
            yield Mention(start, end, text[start:end].strip(), meant)


def find_mentions(text: str, names: Names, usual: Collection[str]) -> tuple[Mention, ...]:
    """The names in a text, in order, none overlapping. `usual` are words that are never misspelt names."""
    low = plain(text)
    found = sorted(
        (*_latin(text, low, names), *_han(text, low, names)), key=lambda each: (each.start - each.end, each.start)
    )
    kept: list[Mention] = []
    for each in found:
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    for each in find_described(text, low, names):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    taken = [(each.start, each.end) for each in kept]
    kept += _misspelt_latin(text, low, names, usual, taken)
    kept += _misspelt_han(text, low, names, taken)
    return tuple(sorted(kept, key=lambda each: each.start))


def words_of(low: str) -> list[tuple[int, int]]:
    """The Latin words of a text, as start and end, without what clings to their end."""
    spans = []
    for match in _WORD.finditer(low):
        end = match.start() + len(_TAIL.sub("", match.group()))
        if end > match.start():
            spans.append((match.start(), end))
    return spans


def _latin(text: str, low: str, names: Names) -> Iterator[Mention]:
    spans = words_of(low)
    for first in range(len(spans)):
        for last in range(min(len(spans), first + names.longest + 2) - 1, first - 1, -1):
            start, end = spans[first][0], spans[last][1]
            said = " ".join(low[start:end].split())
            meant = names.forms.get(said)
            if meant and _is_part(text, spans, first, last, meant):
                continue
            if meant and not (start and low[start - 1].isascii() and low[start - 1].isalnum()):
                yield Mention(start, end, text[start:end], _written_as_name(text[start:end], meant))
                break


def _is_part(text: str, spans: list[tuple[int, int]], first: int, last: int, meant: tuple[Named, ...]) -> bool:
    """Whether a part of a name stands in a longer name that is another's: "Dana" in "Dana Fairweather"."""
    if max(named.weight for named in meant) >= 1 or not text[spans[first][0]].isupper():
        return False
    end, start = spans[last][1], spans[first][0]
    after = spans[last + 1] if last + 1 < len(spans) else None
    before = spans[first - 1] if first else None
    follows = after is not None and text[end : after[0]] == " " and text[after[0]].isupper()
    leads = before is not None and text[before[1] : start] == " " and text[before[0]].isupper() and before[0] > 0
    return (follows and after is not None and _strange(text, after)) or leads


def _strange(text: str, span: tuple[int, int]) -> bool:
    word = text[slice(*span)].lower().removesuffix("'s")
    return word.isalpha() and len(word) > 1 and word not in known_words()


def _written_as_name(said: str, meant: tuple[Named, ...]) -> tuple[Named, ...]:
    """A part of a name in small letters may be a usual word; it makes us a little less sure."""
    if said[:1].islower() and all(named.weight < 1 for named in meant):
        return tuple(Named(named.kind, named.id, named.weight * 0.97) for named in meant)
    return meant


def _han(text: str, low: str, names: Names) -> Iterator[Mention]:
    for start, char in enumerate(low):
        for form in names.han.get(char, ()):
            if low.startswith(form, start):
                yield Mention(start, start + len(form), text[start : start + len(form)], names.forms[form])
                break


def _misspelt_latin(
    text: str, low: str, names: Names, usual: Collection[str], taken: list[tuple[int, int]]
) -> Iterator[Mention]:
    spans = [span for span in words_of(low) if not any(span[0] < end and start < span[1] for start, end in taken)]
    done = -1
    for index, (start, end) in enumerate(spans):
        if start < done:
            continue
        for reach in (2, 1, 0):
            if index + reach >= len(spans) or (low[end : spans[index + reach][0]].strip(" ") and reach):
                continue
            last = spans[index + reach][1]
            said = " ".join(low[start:last].split())
            if (
                len(said) < 4
                or said in names.forms
                or said in usual
                or any(map(is_cjk, said))
                or all(word in usual for word in said.split())
            ):
                continue
            near = _nearest(said, names)
            if near and _is_part(text, spans, index, index + reach, near):
                # "Harbour" in "Obsidian Harbour Mills" is no "Harbor", misspelt.
                near = ()
            if near:
                done = last
                yield Mention(start, last, text[start:last], near)
                break


def _nearest(said: str, names: Names) -> tuple[Named, ...]:
    allowed = 1 if len(said) < 8 else 2
    matches = process.extract(said, names.latin, scorer=OSA.distance, score_cutoff=allowed, limit=4)
    matches = [match for match in matches if match[0][0] == said[0] or len(said) > 5]
    if not matches:
        return ()
    best = min(match[1] for match in matches)
    meant: dict[tuple[Kind, str], Named] = {}
    for form, distance, _ in matches:
        if distance == best:
            sure = _MISSPELT if len(said) > 5 else _MISSPELT - 0.08
            for named in names.forms[form]:
                meant.setdefault((named.kind, named.id), Named(named.kind, named.id, sure * named.weight))
    return tuple(sorted(meant.values(), key=lambda named: (-named.weight, named.kind, named.id)))


def _misspelt_han(text: str, low: str, names: Names, taken: list[tuple[int, int]]) -> Iterator[Mention]:
    place = 0
    while place < len(low):
        step = 1
        if is_cjk(low[place]):
            for size in range(8, 2, -1):
                said = low[place : place + size]
                over = any(start < place + size and place < end for start, end in taken)
                if len(said) < size or over or not all(map(is_cjk, said)):
                    continue
                keys = (f"{said[:at]}*{said[at + 1 :]}" for at in range(size))
                form = next((names.nearly[key] for key in keys if key in names.nearly), None)
                if form:
                    meant = tuple(
                        Named(named.kind, named.id, _MISSPELT_HAN * named.weight) for named in names.forms[form]
                    )
                    yield Mention(place, place + size, text[place : place + size], meant)
                    step = size
                    break
        place += step
