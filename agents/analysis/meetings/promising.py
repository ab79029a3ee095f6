"""Who is to do what by when: promises, requests that are taken on, and duties given by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.analysis.meetings.deciding import load_cues
from agents.analysis.meetings.due import Due, find_due
from agents.analysis.meetings.spoken import Spoken, clauses_of, replies_to
from core.language import Lang

_NAME = r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?"
_BY_NAME = re.compile(
    rf"^\W*(?:and |then |so )?(?P<name>{_NAME})(?:'s going to| is going to| will| is to"
    r"| takes? (?:care|over)| has to| needs to)\b"
)
_VOCATIVE = re.compile(rf"^\W*(?:and |so |okay,? |ok,? )?(?P<name>{_NAME}),\s|,\s(?P<last>{_NAME})\W*$")
_HAN_NAME = r"[\u4e00-\u9fff]{2,4}?"
_HAN_DUTY = re.compile(
    rf"^(?:那|然后)?(?P<name>{_HAN_NAME})(?=负责|去|来(?!不)|会|今天|明天|后天|本周|这周|下周|下个?月|\d{{1,2}}月|周[一二三四五六日])|由(?P<by>{_HAN_NAME})(?:来|负责|去|起草|准备|安排|跟进|提供|牵头)"
)
_HAN_VOCATIVE = re.compile(rf"^(?P<name>{_HAN_NAME})(?:[，,、 ]|(?=你))")
_HAN_MINE = re.compile(
    r"我来|我(?:去|会|再|先|这边|今|明|后|下|上|回|在|周|月|年|季|本|这|跟|和|把|给|尽快|马上|大概|应该|争取|就|亲自|\d|[一二三四五六七八九十两]|负责)|我$"
)
# How one takes on what one was just asked for, without naming the deed.
_HAVE_IT = re.compile(r"\byou(?:'ll| will) (?:have|get) (?:it|them|that)\b")
_NOT_NAMES = frozenset(
    {
        "OK",
        "Okay",
        "Yes",
        "No",
        "So",
        "And",
        "Then",
        "But",
        "Well",
        "Please",
        "Good",
        "Great",
        "Fine",
        "Sure",
        "Right",
        "Thanks",
        "Monday",
        "Friday",
    }
)


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody's deed; `taken` are the places of the sentences that belong to it, the telling one first."""

    said: Spoken
    owner: str
    due: Due | None


def find_promises(spoken: Sequence[Spoken], held_on: date | None) -> list[Promise]:
    """Every deed taken on, in order; a request and the promise that answers it are one."""
    speakers = list(dict.fromkeys(said.speaker for said in spoken))
    found: list[Promise] = []
    asked: dict[int, str] = {}
    for place, said in enumerate(spoken):
        owner = _owner(spoken, place, speakers)
        if owner is None:
            continue
        due = find_due(said.text, held_on)
        if owner == said.speaker and found and _answers(found[-1], said, asked):
            earlier = found.pop()
            found.append(Promise(said, owner, due or earlier.due))
            continue
        if owner != said.speaker:
            asked[said.turn] = owner
        found.append(Promise(said, owner, due))
    return found


def _answers(earlier: Promise, said: Spoken, asked: dict[int, str]) -> bool:
    """Whether a promise takes on what was asked for just before."""
    return asked.get(earlier.said.turn) == said.speaker and said.turn - earlier.said.turn == 1


def _owner(spoken: Sequence[Spoken], place: int, speakers: Sequence[str]) -> str | None:
    """Whose deed the sentence gives; None when it gives none."""
    said = spoken[place]
    words = said.words
    cues = load_cues("promise")
    if _HAVE_IT.search(words) and not said.asked and place and spoken[place - 1].asked:
        return said.speaker
    if not _speaks_of_deed(words):
        return None
    if named := _named(said, speakers):
        return named
    if not said.asked and _mine(said):
        return said.speaker
    if cues["yours"].search(words) and _given(spoken, place):
        return _addressed(spoken, place, speakers)
    return None


def _speaks_of_deed(words: str) -> bool:
    """Whether a deed is named that is neither refused, nor hangs on a condition, nor is only a turn of phrase."""
    deed = load_cues("deed")["any"]
    if load_cues("promise")["idle"].search(words) or load_cues("hypothetical")["any"].search(words):
        return False
    return bool(deed.search(words)) and not any(deed.search(one) and _refuses(one) for one in clauses_of(words))


def _refuses(clause: str) -> bool:
    denied = load_cues("denied")["any"].search(clause)
    return bool(denied and not re.search(r"no later|没问题|不见不散|without", clause))


def _mine(said: Spoken) -> bool:
    """Whether the speaker takes it on; the deed stands behind the word that says so."""
    mine, deed = load_cues("promise")["mine"], load_cues("deed")["any"]
    if said.lang is Lang.ZH:
        return any(
            (match := _HAN_MINE.search(clause)) is not None
            and mine.zh.search(clause) is not None
            and deed.zh.search(said.words, said.words.find(clause) + match.start() + 1) is not None
            for clause in clauses_of(said.words)
        )
    return any(
        (match := mine.en.search(clause)) is not None and deed.en.match(_stripped(clause[match.end() :])) is not None
        for clause in clauses_of(said.words)
    )


_ADVERBS = re.compile(
    r"^(?:\s|also|then|just|probably|personally|gladly|certainly|definitely|probably|quickly|try to|and|go and|now|ll)+"
)


def _stripped(words: str) -> str:
    return _ADVERBS.sub("", words)


def _given(spoken: Sequence[Spoken], place: int) -> bool:
    """Whether a request stands: not when it is refused, and a question only when somebody takes it on."""
    said, answers = spoken[place], replies_to(spoken, place)
    if said.lang is Lang.EN and not _asks_a_deed(said.words):
        return False
    first = answers[0] if answers else None
    if first is None:
        return not said.asked
    if load_cues("denied")["any"].search(first.words) and not load_cues("accepted")["weak"].search(first.words):
        return False
    taken = load_cues("accepted")["weak"].search(first.words) is not None or _mine(first)
    return taken or not said.asked


def _asks_a_deed(words: str) -> bool:
    """Whether the deed follows right on “could you” or “please”."""
    yours, deed = load_cues("promise")["yours"].en, load_cues("deed")["any"].en
    return any(deed.match(_PLEASE.sub("", words[match.end() :])) for match in yours.finditer(words))


_PLEASE = re.compile(r"^(?:\s|please|also|kindly|maybe|just|then|still|both|all)+")


def _named(said: Spoken, speakers: Sequence[str]) -> str | None:
    """Who is named as the one to do it."""
    if said.lang is Lang.ZH:
        match = _HAN_DUTY.search(said.text)
        name = (match["name"] or match["by"]) if match else None
        given = bool(match and match["by"]) or name in speakers or _is_han_name(name)
        return name if given else None
    match = _BY_NAME.match(said.text)
    if match and (first := match["name"].split()[0]) not in _NOT_NAMES and first not in _PRONOUNS:
        return _known(match["name"], speakers)
    return None


_PRONOUNS = frozenset(
    {
        "I",
        "We",
        "You",
        "He",
        "She",
        "It",
        "They",
        "This",
        "That",
        "There",
        "What",
        "Who",
        "Which",
        "Everybody",
        "Everyone",
        "Somebody",
        "Nobody",
        "The",
        "A",
    }
)
_HAN_NAME_START = re.compile(r"^(?:[老小][\u4e00-\u9fff]$|[\u4e00-\u9fff]{1,2}(?:总|工|经理|主任|部长)$)")


def _is_han_name(name: str | None) -> bool:
    return bool(name and _HAN_NAME_START.match(name))


def _known(name: str, speakers: Sequence[str]) -> str:
    """The speaker meant by a name or a part of it, else the name."""
    wanted = name.casefold()
    return next((one for one in speakers if wanted in (one.casefold(), *one.casefold().split())), name)


def _addressed(spoken: Sequence[Spoken], place: int, speakers: Sequence[str]) -> str:
    """Who is spoken to: by name, else who answers, else who spoke before."""
    said = spoken[place]
    if said.lang is Lang.ZH:
        match = _HAN_VOCATIVE.match(said.text)
        if match and (match["name"] in speakers or _is_han_name(match["name"])):
            return match["name"]
    elif match := _VOCATIVE.search(said.text):
        name = match["name"] or match["last"]
        if name.split()[0] not in _NOT_NAMES:
            return _known(name, speakers)
    answers = replies_to(spoken, place, 1)
    if answers:
        return answers[0].speaker
    return next((other.speaker for other in reversed(spoken[:place]) if other.speaker != said.speaker), said.speaker)
