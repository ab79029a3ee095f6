"""The calls that do what a request asks for."""

from collections.abc import Sequence
from datetime import datetime

from agents.planning.deeds.calling import Call, answering, changing, passing, removing, sending
from agents.planning.deeds.catalogue import Kind, read_catalogue
from agents.planning.deeds.changing import read_change
from agents.planning.deeds.creating import already_met, new_record
from agents.planning.deeds.finding import find_records
from agents.planning.deeds.lexicon import HANDING, Verb, speaks_of_plots
from agents.planning.deeds.looking import Look, Lookups
from agents.planning.deeds.measuring import plan_plots
from agents.planning.deeds.people import Person, find_people, owners_and_targets
from agents.planning.deeds.selecting import read_selection
from agents.planning.deeds.wish import Wish, read_wish
from agents.planning.spec import ToolSchema


def plan_calls(text: str, tools: Sequence[ToolSchema], look: Look, now: datetime) -> tuple[Call, ...]:
    """What to call so that what `text`, said at `now`, asks for is done; nothing when that is not clear.

    `look` is asked to call tools that only read. Nothing is changed: the calls are returned, not made.
    """
    wish = read_wish(text, now)
    if wish is None:
        return ()
    catalogue, lookups = read_catalogue(tools), Lookups(look, now)
    kind = catalogue.kind_for(wish.plain, wish.verb)
    if wish.verb is Verb.PLOT or (kind is None and speaks_of_plots(wish.plain)):
        return tuple(Call(tool, arguments) for tool, arguments in plan_plots(wish, catalogue.others, lookups))
    if kind is None:
        return ()
    return tuple(_deeds(wish, kind, find_people(wish, catalogue, lookups), lookups))


def _deeds(wish: Wish, kind: Kind, people: Sequence[Person], lookups: Lookups) -> Sequence[Call]:
    if wish.verb is Verb.SEND:
        return sending(wish, kind, people)
    if wish.verb is Verb.CREATE:
        made = None if already_met(wish, kind, people, lookups) else new_record(wish, kind, people, lookups)
        return [] if made is None else [Call(kind.acts[wish.verb].name, made)]
    if wish.verb is Verb.UPDATE:
        return _changed(wish, kind, people, lookups)
    owners, targets = owners_and_targets(people, wants_target=wish.verb is Verb.FORWARD)
    records = find_records(kind, read_selection(wish, kind, people, owners, None), lookups, wish.now) or []
    if wish.verb is Verb.FORWARD:
        return passing(kind, records, targets)
    return answering(wish, kind, records) if wish.verb is Verb.REPLY else removing(kind, records)


def _changed(wish: Wish, kind: Kind, people: Sequence[Person], lookups: Lookups) -> Sequence[Call]:
    handed = bool(HANDING.search(wish.plain)) or any(one.target for one in people)
    owners, targets = owners_and_targets(people, wants_target=handed)
    change = read_change(wish, kind, targets, lookups)
    if change is None:
        return []
    if change.value not in {one.address for one in targets}:
        owners = [*owners, *targets]
    records = find_records(kind, read_selection(wish, kind, people, owners, change), lookups, wish.now) or []
    return changing(kind, records, change)
