"""The records that a request means, found and kept apart from others."""

from datetime import datetime

from agents.planning.deeds.catalogue import Kind, Span
from agents.planning.deeds.changing import PERSON_FIELDS
from agents.planning.deeds.lexicon import DONE
from agents.planning.deeds.looking import Lookups, Record, times_of
from agents.planning.deeds.selecting import Selection, says

# Longer values are texts, not what a record is sorted by.
_LONGEST = 60
_NEVER = datetime.fromisoformat("9999-12-31")


def find_records(kind: Kind, chosen: Selection, lookups: Lookups, now: datetime) -> list[Record] | None:
    """The records meant, in their order; None when it stays open which one is."""
    span = kind.spans[0] if kind.spans else None
    arguments = _arguments(kind, chosen)
    if not chosen.clear or arguments is None or (not arguments and chosen.bounds == (None, None)):
        return None
    found = [
        record
        for record in lookups.records(kind, arguments, span, chosen.bounds)
        if _meant(record, kind, chosen, span, now)
    ]
    found = _exact(_as_said(found, chosen.said), chosen.phrase)
    stamp = next(iter(times_of(found[0])), None) if found else None
    if stamp is not None:
        found.sort(key=lambda record: times_of(record).get(stamp, _NEVER))
    if chosen.order:
        return found[:1] if chosen.order > 0 else found[-1:]
    return found if len(found) <= 1 or not chosen.single else None


def _arguments(kind: Kind, chosen: Selection) -> dict[str, str] | None:
    """What to search with; None when something said of the records cannot be searched for."""
    if kind.find is None:
        return None
    names = {each.name for each in kind.find.arguments}
    arguments: dict[str, str] = {}
    for owner in chosen.owners[:1]:
        field = next((name for name in PERSON_FIELDS if name in names), "query")
        if field not in names:
            return None
        arguments[field] = owner
    for name, values in chosen.states:
        if name in names and len(values) == 1:
            arguments[name] = next(iter(values))
    if chosen.phrase:
        field = next((name for name in (f"{kind.noun}_name", "name", "title") if name in names), "query")
        if field not in arguments and field in names:
            arguments[field] = chosen.phrase
    return arguments


def _meant(record: Record, kind: Kind, chosen: Selection, span: Span | None, now: datetime) -> bool:
    texts = {name: str(value).casefold() for name, value in record.items()}
    if any(owner.casefold() not in texts.values() for owner in chosen.owners):
        return False
    if any(texts.get(name) not in {value.casefold() for value in values} for name, values in chosen.states):
        return False
    if chosen.works and not any(value in chosen.works for value in texts.values()):
        return False
    stamps = times_of(record)
    at = stamps.get(span.name) if span and span.name in stamps else next(iter(stamps.values()), None)
    if chosen.overdue and (at is None or at >= now or any(value in DONE for value in texts.values())):
        return False
    first, last = chosen.bounds
    if (first or last) and (at is None or (first and at < first) or (last and at > last)):
        return False
    low, high = chosen.hours
    return not ((low or high) and (at is None or (low and at.time() < low) or (high and at.time() >= high)))


def _as_said(found: list[Record], said: str) -> list[Record]:
    """Of the records those that have what the request says, in each field of which it says a value."""
    fields = dict.fromkeys(name for record in found for name in record)
    for name in fields:
        values = {str(record.get(name)) for record in found}
        wanted = {value for value in values if value[:1].isalpha() and len(value) < _LONGEST and says(said, value)}
        if wanted:
            found = [record for record in found if str(record.get(name)) in wanted]
    return found


def _exact(found: list[Record], phrase: str | None) -> list[Record]:
    """Records of which a field is the phrase, or else has it."""
    if phrase is None:
        return found
    folded = phrase.casefold()
    same = [one for one in found if any(str(value).casefold() == folded for value in one.values())]
    return same or [one for one in found if any(folded in str(value).casefold() for value in one.values())]
