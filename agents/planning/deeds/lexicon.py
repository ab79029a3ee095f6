"""Words of requests that say what to do with what, whichever tools there are."""

import re
from enum import StrEnum

from agents.planning.words import terms


class Verb(StrEnum):
    """What is done to a record."""

    DELETE = "delete"
    CREATE = "create"
    UPDATE = "update"
    FORWARD = "forward"
    REPLY = "reply"
    SEND = "send"
    PLOT = "plot"


_VERBS = {
    Verb.REPLY: r"reply|respond|get back to|write back|answer",
    Verb.FORWARD: r"forward(?:ed)?|pass (?:\S+ ){0,8}on\b|(?:send|give) \S+ a copy",
    Verb.SEND: r"send|^e-?mail|write(?= (?:an e-?mail|to)\b)",
    Verb.DELETE: (
        r"delete|cancel|remove|erase|drop|clear|bin|get rid of|call off|no longer need to keep|take (?:\S+ ){1,6}off\b"
        r"|be (?:deleted|cancell?ed|removed|erased|called off)"
    ),
    Verb.CREATE: (
        r"(?:create|add)(?! (?:\w+ ){0,4}(?:charts?|plots?|graphs?|histograms?)\b)"
        r"|schedule|book|set up|arrange"
    ),
    Verb.UPDATE: (
        r"change|renamed?|update|move|moving|moved|reassign(?:ed)?|push back|delay|postponed?|give|hand|take"
        r"|taking over|transfer|assign|mark|put|set"
    ),
    Verb.PLOT: r"plots?|charts?|graphs?|histograms?|draw",
}
_VERB = re.compile("|".join(rf"(?P<{verb.name}>\b(?:{words})\b)" for verb, words in _VERBS.items()), re.IGNORECASE)

# What the words of tools are called by people.
# Words that speak for a kind of record without naming it.
HINTS = {"event": frozenset({"schedule", "book", "calendar"}), "customer": frozenset({"crm"})}
_SYNONYMS = {
    "event": "meeting appointment catch-up invite",
    "email": "mail e-mail message",
    "task": "todo to-do ticket",
    "customer": "client account lead prospect",
}
SYNONYMS = {
    terms(noun)[0]: frozenset(terms(noun)) | {term for word in words.split() for term in (*terms(word), word)}
    for noun, words in _SYNONYMS.items()
}

# How far work is, by the names that lists and stages of work go by.
WAITING = frozenset({"backlog", "to do", "todo", "open", "new", "not started"})
WORKING = frozenset({"in progress", "doing", "started", "active"})
DONE = frozenset({"completed", "done", "closed", "finished"})
# Of these the ones that mean nothing else in a sentence.
STATES = frozenset({"backlog", "to do", "in progress", "in review", "completed"})
# What is to get another owner, rather than another state.
HANDING = re.compile(r"\b(?:re)?assign(?:ed)?\b|\bgive\b|\btak(?:e|ing) over\b|\bhand\b|\btransfer\b", re.IGNORECASE)

FIRST = re.compile(r"\b(?:first|earliest|next|the upcoming|most urgent|oldest)\b", re.IGNORECASE)
LAST = re.compile(
    r"\b(?:last|latest|final|most recent|newest)\b(?!\s+(?:\w+\s+)?(?:day|week|month|year)s?\b)", re.IGNORECASE
)
AHEAD = re.compile(r"\b(?:next|future|upcoming|any ?more(?= \w)|from now on)\b", re.IGNORECASE)
EVERY = re.compile(
    r"\b(?:all|any|every|each|both|everything|them|their|my|future|ones|a few|tasks|meetings|emails|customers|leads)\b",
    re.IGNORECASE,
)
OVERDUE = re.compile(r"\boverdue\b|\bpast due\b", re.IGNORECASE)
URGENT = re.compile(r"\bmost urgent\b", re.IGNORECASE)
UNFINISHED = re.compile(r"\bunfinished\b|\b(?:hasn't|haven't|not) finished\b", re.IGNORECASE)
NOT_STARTED = re.compile(r"\b(?:hasn't|haven't|not)(?: yet)? started\b", re.IGNORECASE)
SILENT = re.compile(r"\b(?:hasn't|haven't|has not|have not|not|no)\b[^.?!]*?\b(?:in|for|since)\b", re.IGNORECASE)


def speaks_of_plots(text: str) -> bool:
    """Whether a request is about a plot."""
    return re.search(rf"\b(?:{_VERBS[Verb.PLOT]})\b", text, re.IGNORECASE) is not None


def find_verb(text: str) -> tuple[Verb, int] | None:
    """The first thing that a request says to do, and where; None when it says nothing of the kind."""
    match = _VERB.search(text)
    return (Verb[str(match.lastgroup)], match.start()) if match else None
