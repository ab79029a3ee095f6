"""A request to do something; what is quoted or given as a name is set aside, so that its words steer nothing."""

import re
from dataclasses import dataclass
from datetime import datetime

from agents.planning.deeds.lexicon import Verb, find_verb
from agents.planning.values import Found, read_quoted

# After an opening mark that is never closed, the quotation ends with its sentence.
_UNCLOSED = re.compile(r"(?<!\w)'([^']+?[.!])\s+(?=(?:Can|Could|Please|Would)\b)")
_ON = (
    r"on (?:the|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d)"
)
_CALLED = re.compile(
    r"\b(?:called|named|titled|entitled)\s+(?!')(?P<name>.+?)"
    r"(?=\s*,\s|\s+(?:and (?:assign|give|set|add|invite)|(?:to|in|into) the\b|from now\b|at \d|for (?:my|\d)"
    rf"|{_ON}|with [a-z]+(?=$|[.?!]| on\b| at\b)|by\b)|[.?!](?:\s|$)|$)",
    re.IGNORECASE,
)
_BLANK = "\N{WHITE SQUARE}"


@dataclass(frozen=True, slots=True)
class Wish:
    """A request said at `now`; in `plain`, as long as `text`, quotations and given names are blanked out."""

    text: str
    plain: str
    now: datetime
    verb: Verb
    quotes: tuple[Found[str], ...]
    called: Found[str] | None

    def quote_after(self, words: str) -> str | None:
        """The quotation that follows one of the words (a pattern), at most two words further on."""
        for quote in self.quotes:
            if re.search(rf"\b(?:{words})(?:\s+\w+)?[\s:,]*$", self.plain[: quote.start], re.IGNORECASE):
                return quote.value
        return None


def read_wish(text: str, now: datetime) -> Wish | None:
    """The request; None when it asks for nothing to be done."""
    quotes = list(read_quoted(text))
    plain = _blanked(text, quotes)
    for match in _UNCLOSED.finditer(plain):
        found = Found(text[match.start(1) : match.end(1)], match.start(), match.end(1), match[0])
        if _BLANK not in match[0]:
            quotes.append(found)
    plain = _blanked(plain, quotes)
    named = _CALLED.search(plain)
    called = None
    if named and _BLANK not in named["name"]:
        called = Found(named["name"], named.start("name"), named.end("name"), named["name"])
        plain = _blanked(plain, [called])
    verb = find_verb(plain)
    return None if verb is None else Wish(text, plain, now, verb[0], tuple(quotes), called)


def _blanked(text: str, spans: list[Found[str]]) -> str:
    for span in spans:
        text = text[: span.start] + _BLANK * (span.end - span.start) + text[span.end :]
    return text
