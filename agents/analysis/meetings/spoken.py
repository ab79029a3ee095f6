"""What was said, sentence by sentence, with the place of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.analysis.meetings.plain import without_fillers
from core.domain.interactions import Turn
from core.language import Lang, detect_language, is_cjk
from core.text import split_sentences

_CLAUSE = re.compile(
    r"[,;:，；：、—]+|\s-\s|\b(?:but|however|although|though)\b|但是?|不过|可是|只是(?=.{0,2}(?:想|个))", re.IGNORECASE
)
_ASKED = re.compile(r"[?？]\W*$|[吗呢]\W*$")


@lru_cache(maxsize=4096)
def _folded(text: str, lang: Lang) -> str:
    return (without_fillers(text, lang) or text).lower().replace("’", "'")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of a turn. `text` is verbatim; `at` the turn's start in seconds, or its number where none is known.

    `turn` counts turns and `index` the sentences of the turn, both from 0.
    """

    turn: int
    index: int
    at: float
    speaker: str
    text: str
    lang: Lang

    @property
    def words(self) -> str:
        """The sentence as patterns read it: without fillers, in lower case, with plain apostrophes."""
        return _folded(self.text, self.lang)

    @property
    def asked(self) -> bool:
        """Whether it ends as a question."""
        return bool(_ASKED.search(self.text))


def spoken_in(turns: Sequence[Turn]) -> list[Spoken]:
    """The sentences of all turns, in order; the language is that of the turn."""
    return [
        Spoken(number, index, number if turn.start is None else turn.start, turn.speaker, text, lang)
        for number, turn in enumerate(turns)
        for lang in (detect_language(turn.text),)
        for index, text in enumerate(split_sentences(turn.text))
    ]


def clauses_of(words: str) -> list[str]:
    """The clauses of a sentence; “but” and its like begin one."""
    return [clause.strip(" .!?。！？") for clause in _CLAUSE.split(words) if clause.strip(" .!?。！？")]


def replies_to(spoken: Sequence[Spoken], place: int, turns: int = 2) -> list[Spoken]:
    """What others say in the next turns after the sentence at `place`, up to the speaker's own next turn."""
    said = spoken[place]
    found: list[Spoken] = []
    for other in spoken[place + 1 :]:
        if other.turn == said.turn:
            continue
        if other.turn > said.turn + turns or other.speaker == said.speaker:
            break
        found.append(other)
    return found


def length(text: str) -> int:
    """Words of a text; each Chinese character counts as one."""
    return len(re.findall(r"[^\W_]+(?:['’.-]\w+)*", re.sub(r"[\u3400-\u9fff]", " ", text))) + sum(map(is_cjk, text))
