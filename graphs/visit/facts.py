"""The hard facts of a sentence, found by their form: figures, number words, addresses, names."""

import re
from collections import Counter
from collections.abc import Iterable

from core.domain.base import Record
from core.domain.interactions import Interaction
from core.language import is_cjk

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER = r"[+\-−±]?\.?\d+(?:[.,:/\-]\d+)*"
_FIGURE = re.compile(
    rf"(?P<date>\b\d{{1,2}} (?:{_MONTHS})(?: \d{{4}})?\b|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日)"
    r"|(?P<code>[A-Za-z][A-Za-z\d]*(?:-?\d[A-Za-z\d]*)(?:-[A-Za-z\d]+)*)"
    rf"|(?P<money>(?:\b[A-Z]{{3}}\s?|[$€£¥]\s?){_NUMBER}"
    rf"|{_NUMBER}\s?[万亿千百]*(?:[$€£¥]|元|美元|欧元|英镑|日元|港元|新加坡元|[A-Z]{{3}}\b))"
    rf"|(?P<share>{_NUMBER}\s?[%‰％])"
    rf"|(?P<count>{_NUMBER}(?:[A-Za-z]+|\s?[万亿千百]+)?"
    r"(?:[\s-]?(?:days?|weeks?|months?|quarters?|years?|hours?|minutes?|thousand|million|billion)\b"
    r"|\s?(?:天|日|周|个月|月|年|小时|分钟))?)"
)
# “One” and its like are as often a turn of phrase as a figure; figures are written in digits anyway.
_NUMBER_WORD = re.compile(
    r"\b(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half"
    r"|halved?|doubled?|tripled?|twice|thirds?|quarters?)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:[!-~]+|[!-~]+@[!-~]+|\b[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b", re.ASCII)


def figures(text: str) -> dict[str, list[str]]:
    """Dates, codes, money, percentages and counts with their units, each kind in the order of the text."""
    found: dict[str, list[str]] = {}
    for match in _FIGURE.finditer(text):
        token = re.sub(r"\s", "", match.group()).removesuffix("s")
        found.setdefault(str(match.lastgroup), []).append(token)
    return found


def number_words(text: str) -> Counter[str]:
    """Numbers not written in ASCII digits: “twelve”, “half”, 三, 万, ½, ３."""
    words = Counter(word.casefold() for word in _NUMBER_WORD.findall(text))
    odd = "".join(char if _is_odd_numeral(char) else " " for char in text)
    return words + Counter(run for run in odd.split() if run != "一")


def _is_odd_numeral(char: str) -> bool:
    return (char.isnumeric() and not char.isascii()) or char in "两俩半双倍"


def addresses(text: str) -> Counter[str]:
    """Links, mail addresses and domain names."""
    return Counter(address.rstrip(".,;:)）。，").casefold() for address in _ADDRESS.findall(text))


class Names:
    """Names known from a run's records: people, companies, products."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        kept = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=lambda name: (-len(name), name))
        self._folded = [(name.casefold(), name) for name in kept]

    def _pattern(self, text: str) -> re.Pattern[str]:
        """Finds the names that can be in `text`; a pattern of all names takes longer to compile than a run to read."""
        folded = text.casefold()
        within = "|".join(re.escape(name) for form, name in self._folded if form in folded) or r"(?!)"
        return re.compile(rf"(?<![A-Za-z0-9])(?:{within})(?![A-Za-z0-9])", re.IGNORECASE)

    def found(self, text: str) -> list[str]:
        """The names in `text`, once each, in order of first appearance."""
        return list(dict.fromkeys(match.group().casefold() for match in self._pattern(text).finditer(text)))

    def without(self, text: str) -> str:
        """The text without them."""
        return self._pattern(text).sub(" ", text)


_FIELDS = ("name", "name_zh", "competitor", "customer", "approver", "sender")


def names_of(records: Iterable[Record]) -> Names:
    """The names that the records carry, and those of who speaks in them."""
    names: list[str] = []
    for record in records:
        names += [value for field in _FIELDS if isinstance(value := getattr(record, field, None), str)]
        names += getattr(record, "aliases", ())
        if isinstance(record, Interaction):
            names += [turn.speaker for turn in record.turns]
    return Names(names)


def han_runs(text: str) -> list[str]:
    """Runs of Chinese characters, in order."""
    return "".join(char if is_cjk(char) else " " for char in text).split()
