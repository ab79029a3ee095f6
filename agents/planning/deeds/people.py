"""The people a request names, by the directory, and the part that each has in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.planning.deeds.catalogue import Catalogue
from agents.planning.deeds.looking import Lookups
from agents.planning.deeds.wish import Wish
from agents.planning.values import Found

_WORD = re.compile(r"[^\W\d_]{2,}")
# Words that are frequent in requests; asking the directory for them would be in vain.
_WORDS = """
all any can could please the my me and them they their our you your with from for have has had not need needs want move
give take send reply forward delete cancel change rename update create add schedule make task tasks email emails meeting
meetings event events customer customers crm lead leads today tomorrow last next first week days new that this about
into onto over been more most some just what when who which will would should status stage backlog
"""
_PLAIN = frozenset(_WORDS.split())
_OWNING = re.compile(r"(?:\bfrom|\bwith|\bof|\bthat)\s+(?:my\s+)?$", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:to|for|by|give|hand|send)\s+$", re.IGNORECASE)
_TAKING = re.compile(r"\s+(?:is |will |should )?(?:tak(?:e|es|ing) over|gets?|needs?|will do)\b", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|and|,\s*and)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone that the request names: whose records are meant, or who is to get something."""

    address: str
    start: int
    end: int
    owner: bool
    target: bool


def find_people(wish: Wish, catalogue: Catalogue, lookups: Lookups) -> tuple[Person, ...]:
    """Everybody of the directory whom the request names by one name, in the order of the text.

    A word is a name when the directory answers with exactly one address that has it as a whole part.
    """
    if catalogue.directory is None:
        return ()
    found: list[Found[str]] = []
    for match in _WORD.finditer(wish.plain):
        word = match[0].casefold()
        if word in _PLAIN or (found and found[-1].end == match.start() - 1 and _one_name(wish.plain, found[-1], match)):
            continue
        answer = lookups.ask(catalogue.directory.name, {"name": word})
        addresses = [answer] if isinstance(answer, str) else answer if isinstance(answer, list | tuple) else []
        fitting = [str(each) for each in addresses if word in re.split(r"[.@_+-]", str(each).casefold().split("@")[0])]
        if len(fitting) == 1 and not _longer_name(wish.plain, match):
            found.append(Found(fitting[0], match.start(), match.end(), match[0]))
    return _with_parts(wish.plain, found)


def _one_name(text: str, before: Found[str], match: re.Match[str]) -> bool:
    return before.text[0].isupper() and match[0][0].isupper() and text[before.end : match.start()] == " "


def _longer_name(text: str, match: re.Match[str]) -> bool:
    """Whether the word is part of another's longer name, as the first of “Nia Forster”, whom the directory lacks."""
    after = re.match(r" ([A-Z][a-z]+)", text[match.end() :])
    before = re.search(r"([A-Z][a-z]+) $", text[: match.start()])
    if not match[0][0].isupper():
        return False
    return bool(after) or bool(before and before[1].casefold() not in _PLAIN)


def _with_parts(text: str, found: Sequence[Found[str]]) -> tuple[Person, ...]:
    people: list[Person] = []
    for each in found:
        owner = bool(re.match(r"['’]s?\b|['’]", text[each.end :])) or bool(_OWNING.search(text[: each.start]))
        target = not owner and bool(_TARGET.search(text[: each.start]) or _TAKING.match(text[each.end :]))
        people.append(Person(each.value, each.start, each.end, owner, target))
    # “Ann and Ben” have the same part, whichever of the two it is told of.
    for step in (1, -1):
        for place in range(len(people))[::step]:
            before = place - step
            if 0 <= before < len(people) and _joined(text, people[before], people[place]):
                people[place] = replace(people[place], owner=people[before].owner, target=people[before].target)
    return tuple(people)


def _joined(text: str, one: Person, other: Person) -> bool:
    """Whether nothing but “and” is between two people, and the part of `other` is open."""
    first, second = sorted((one, other), key=lambda each: each.start)
    return not other.owner and not other.target and _JOINED.fullmatch(text[first.end : second.start]) is not None


def owners_and_targets(people: Sequence[Person], *, wants_target: bool) -> tuple[list[Person], list[Person]]:
    """Whose records are meant, and who gets something; whoever's part is open takes the one that is still free."""
    owners = [one for one in people if one.owner]
    targets = [one for one in people if one.target]
    open_ = [one for one in people if not one.owner and not one.target]
    if not wants_target:
        return [*owners, *targets, *open_], []
    if open_ and not targets:
        return owners, open_
    return [*owners, *open_], targets
