"""Calls put together for a tool by what its schema calls its arguments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.planning.deeds.catalogue import Kind
from agents.planning.deeds.changing import Change
from agents.planning.deeds.lexicon import Verb
from agents.planning.deeds.looking import Record
from agents.planning.deeds.people import Person
from agents.planning.deeds.wish import Wish
from agents.planning.spec import Parameter, ToolSchema

_ADDRESS = re.compile(r"mail|recipient|address", re.IGNORECASE)
_HEADING = re.compile(r"subject|title|heading", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changes something."""

    tool: str
    arguments: Mapping[str, Any]


def removing(kind: Kind, records: Sequence[Record]) -> list[Call]:
    """Each of the records deleted."""
    tool = kind.acts[Verb.DELETE]
    return [Call(tool.name, {_key(tool, kind): record[kind.key]}) for record in records]


def passing(kind: Kind, records: Sequence[Record], people: Sequence[Person]) -> list[Call]:
    """Each of the records forwarded to each of the people."""
    tool = kind.acts[Verb.FORWARD]
    to = _named(tool, kind, _ADDRESS)
    if to is None:
        return []
    return [
        Call(tool.name, {_key(tool, kind): record[kind.key], to: one.address}) for record in records for one in people
    ]


def answering(wish: Wish, kind: Kind, records: Sequence[Record]) -> list[Call]:
    """The one record answered with what is quoted; nothing when it is not one, or nothing is quoted."""
    tool = kind.acts[Verb.REPLY]
    body = wish.quote_after("with|saying|by saying") or (wish.quotes[-1].value if len(wish.quotes) > 1 else None)
    text = next((each.name for each in _others(tool, kind)), None)
    if body is None or text is None or len(records) != 1:
        return []
    return [Call(tool.name, {_key(tool, kind): records[0][kind.key], text: body})]


def sending(wish: Wish, kind: Kind, people: Sequence[Person]) -> list[Call]:
    """What is quoted, sent to each of the people; nothing when a part of the message is not given."""
    tool = kind.acts[Verb.SEND]
    to = _named(tool, kind, _ADDRESS)
    heading = _named(tool, kind, _HEADING)
    text = next((each.name for each in _others(tool, kind) if each.name not in (to, heading)), None)
    body = wish.quote_after("saying|with|body|text")
    subject = wish.quote_after("title|titled|subject|title it|titled it")
    if to is None or text is None or body is None or (heading is not None and subject is None):
        return []
    said = {text: body} if heading is None else {heading: subject, text: body}
    return [Call(tool.name, {to: address, **said}) for address in dict.fromkeys(one.address for one in people)]


def changing(kind: Kind, records: Sequence[Record], change: Change) -> list[Call]:
    """Each of the records changed: by a field and its value, or by the argument that is called as the field is."""
    tool = kind.acts[Verb.UPDATE]
    names = {each.name for each in tool.arguments}
    value = next((each.name for each in tool.arguments if "value" in each.name), None)
    calls = []
    for record in records:
        new = change.value_for(record)
        if new is None:
            continue
        if new[0] in names:
            calls.append(Call(tool.name, {_key(tool, kind): record[kind.key], new[0]: new[1]}))
        elif "field" in names and value is not None:
            calls.append(Call(tool.name, {_key(tool, kind): record[kind.key], "field": new[0], value: new[1]}))
    return calls


def _key(tool: ToolSchema, kind: Kind) -> str:
    """The argument that names the record: called as the record's own id is, or simply `id`."""
    names = [each.name for each in tool.arguments]
    return next((name for name in (kind.key, "id") if name in names), kind.key)


def _others(tool: ToolSchema, kind: Kind) -> list[Parameter]:
    return [each for each in tool.arguments if each.name != _key(tool, kind)]


def _named(tool: ToolSchema, kind: Kind, pattern: re.Pattern[str]) -> str | None:
    """The argument whose name, or else whose description, the pattern is in."""
    others = _others(tool, kind)
    named = next((each.name for each in others if pattern.search(each.name)), None)
    return named or next((each.name for each in others if pattern.search(each.description)), None)
