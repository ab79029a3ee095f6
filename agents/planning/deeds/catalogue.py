"""What the tools at hand can do to which records, by their names and schemas."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.planning.deeds.lexicon import HINTS, SYNONYMS, Verb
from agents.planning.spec import Parameter, ToolSchema
from agents.planning.words import spread, terms

_FIRST_WORDS = {
    "delete": Verb.DELETE,
    "remove": Verb.DELETE,
    "cancel": Verb.DELETE,
    "create": Verb.CREATE,
    "add": Verb.CREATE,
    "update": Verb.UPDATE,
    "edit": Verb.UPDATE,
    "forward": Verb.FORWARD,
    "reply": Verb.REPLY,
    "send": Verb.SEND,
}
_FINDING = frozenset({"search", "find", "list", "query"})
_AT_MOST = re.compile(r"at most (\d+)", re.IGNORECASE)
# Parts of field names that say nothing of what the record is.
_VAGUE = frozenset(("to", "by", "up", "last", "date", "name", "id", "new", "in", "out", "list", "body", "start"))
_ENDS = ("_min", "_max")


@dataclass(frozen=True, slots=True)
class Span:
    """Two arguments that bound a date or moment; `name` is what both names have in common."""

    name: str
    low: Parameter
    high: Parameter


@dataclass
class Kind:
    """A kind of record: how to find it, what can be done to it.

    `words` are what it is called, `hints` what speaks for it without naming it. `fields` are those that an update may
    set, with the values that are known to be allowed. `most` is how many records a search gives at most, if it says so.
    """

    noun: str
    words: frozenset[str]
    hints: frozenset[str] = frozenset()
    find: ToolSchema | None = None
    acts: dict[Verb, ToolSchema] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    most: int | None = None

    @property
    def key(self) -> str:
        """The argument that names one record, such as `task_id`."""
        return f"{self.noun}_id"

    @property
    def spans(self) -> tuple[Span, ...]:
        """The ranges that its search can be limited to."""
        if self.find is None:
            return ()
        by_name = {each.name: each for each in self.find.arguments}
        return tuple(
            Span(name.removesuffix(_ENDS[0]), by_name[name], by_name[high])
            for name in by_name
            if name.endswith(_ENDS[0]) and (high := name.removesuffix(_ENDS[0]) + _ENDS[1]) in by_name
        )


@dataclass(frozen=True)
class Catalogue:
    """The tools by what they do."""

    kinds: tuple[Kind, ...]
    directory: ToolSchema | None
    others: tuple[ToolSchema, ...]

    def kind_for(self, text: str, verb: Verb) -> Kind | None:
        """The kind of record that `text` speaks of and `verb` can be done to; None when that is not clear."""
        able = [kind for kind in self.kinds if verb in kind.acts]
        said = [{word, *terms(word)} for word in re.findall(r"[a-z-]+", text.casefold())]
        scores = [sum(2 * bool(kind.words & word) + bool(kind.hints & word) for word in said) for kind in able]
        best = max(scores, default=0)
        if best == 0:
            return able[0] if len(able) == 1 and verb is not Verb.UPDATE else None
        chosen = [kind for kind, score in zip(able, scores, strict=True) if score == best]
        if len(chosen) == 1:
            return chosen[0]
        places = [_place(text, kind) for kind in chosen]
        return chosen[places.index(min(places))] if places.count(min(places)) == 1 else None


def _place(text: str, kind: Kind) -> int:
    """Where the text first speaks of the kind."""
    found = (re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in kind.words)
    return min((match.start() for match in found if match), default=len(text))


def read_catalogue(tools: Sequence[ToolSchema]) -> Catalogue:
    """Sort the tools into kinds of records, the directory of people, and the rest."""
    kinds: dict[str, Kind] = {}
    directory, others = None, []
    for tool in tools:
        words = spread(tool.name.rsplit(".", 1)[-1]).casefold().split()
        verb, noun = words[0], _singular(words[-1])
        if [each.name for each in tool.arguments] == [
            "name"
        ] and "mail" in f"{tool.name} {tool.description}".casefold():
            directory = tool
        elif verb in _FIRST_WORDS and len(words) > 1:
            _kind(kinds, noun, tool).acts[_FIRST_WORDS[verb]] = tool
        elif verb in _FINDING and len(words) > 1:
            kind = _kind(kinds, noun, tool)
            kind.find = tool
            stated = _AT_MOST.search(f"{tool.description} {tool.returns}")
            kind.most = int(stated[1]) if stated else None
        else:
            others.append(tool)
    for noun in [noun for noun, kind in kinds.items() if kind.find is None]:
        # What cannot be looked up is not a record: it is made, as a plot is, or sent.
        others += kinds.pop(noun).acts.values()
    for kind in kinds.values():
        _learn_fields(kind, tools)
    for kind in kinds.values():
        rest = {
            word for other in kinds.values() if other is not kind for name in other.fields for word in name.split("_")
        }
        kind.hints |= {word for name in kind.fields for word in name.split("_")} - rest - kind.words - _VAGUE
    return Catalogue(tuple(kinds.values()), directory, tuple(others))


def _kind(kinds: dict[str, Kind], noun: str, tool: ToolSchema) -> Kind:
    if noun not in kinds:
        space = spread(tool.name.rsplit(".", 1)[0]).casefold().split() if "." in tool.name else []
        known = SYNONYMS.get(terms(noun)[0] if terms(noun) else noun, frozenset())
        short = frozenset({"".join(word[0] for word in space)} if len(space) > 1 else ())
        kinds[noun] = Kind(noun, frozenset({*terms(noun), noun, *known}), short | HINTS.get(noun, frozenset()))
    return kinds[noun]


def _learn_fields(kind: Kind, tools: Sequence[ToolSchema]) -> None:
    """Fields and allowed values, wherever a tool for this kind of record tells them."""
    own = [tool for tool in tools if any(tool is act for act in kind.acts.values()) or tool is kind.find]
    own += [tool for tool in tools if any(each.name == kind.key for each in tool.arguments) and tool not in own]
    values: dict[str, tuple[str, ...]] = {}
    for tool in own:
        for each in tool.arguments:
            if each.name == "field" and each.enum and len(each.enum) >= len(kind.fields):
                kind.fields = tuple(str(name) for name in each.enum if name != kind.key)
            elif each.enum:
                values[each.name] = tuple(map(str, each.enum))
    create = kind.acts.get(Verb.CREATE)
    if not kind.fields and create is not None:
        kind.fields = tuple(each.name for each in create.arguments)
    kind.values = values


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
