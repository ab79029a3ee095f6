"""Which kind of table it is and which heading means which field: guessed from synonyms, or told by the user."""

import re
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from connectors.exports.outcome import RefusedError
from core.domain.base import Frozen
from core.errors import InvalidInputError
from core.text import normalise_name

_CLOSE_ENOUGH = 88
_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_FILE_NAME_BONUS = 0.3


class TableKind(Frozen):
    """What a kind of table looks like."""

    files: tuple[str, ...]
    requires: tuple[tuple[str, ...], ...]
    columns: dict[str, tuple[str, ...]]


class FileMapping(Frozen):
    """What the user says about the files matching a pattern; `columns` maps headings to fields (`-` drops one)."""

    kind: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    currency: str | None = None


Mapping = dict[str, FileMapping]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table's kind and its fields: field → heading, and field → what the heading's brackets name."""

    kind: str
    headings: dict[str, str]
    units: dict[str, str]
    currency: str | None = None

    def unmapped(self, headings: Sequence[str]) -> tuple[str, ...]:
        """Headings that are read as no field."""
        used = set(self.headings.values())
        return tuple(heading for heading in headings if heading and heading not in used)


def load_mapping(path: Path) -> Mapping:
    """The user's mapping file: `{file pattern: {kind: …, columns: {heading: field}}}`. Raises InvalidInputError."""
    try:
        mapping = TypeAdapter(Mapping).validate_python(yaml.safe_load(path.read_text("utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as fault:
        reason = str(fault).splitlines()[0]
        raise InvalidInputError(
            f"{path.name} is not a mapping ({reason})",
            field="--map",
            remedy="Write {file pattern: {kind: account, columns: {heading: field}}} as YAML.",
        ) from fault
    for told in mapping.values():
        _check(told)
    return mapping


@cache
def table_kinds() -> MappingType[str, TableKind]:
    """All kinds of tables with their headings."""
    text = Path(__file__).with_name("headings.yaml").read_text("utf-8")
    return TypeAdapter(dict[str, TableKind]).validate_python(yaml.safe_load(text))


def guess_columns(file: str, headings: Sequence[str], mapping: Mapping | None = None) -> Columns:
    """The kind and columns of a table, the user's word first. Raises RefusedError when no kind fits."""
    told = _told(file, mapping or {})
    kinds = [told.kind] if told.kind else list(table_kinds())
    candidates = [_assign(kind, headings, told) for kind in kinds]
    complete = [columns for columns in candidates if not _lacking(columns)]
    if not complete:
        nearest = max(candidates, key=lambda columns: len(columns.headings))
        lacking = " and ".join(" or ".join(group) for group in _lacking(nearest))
        raise RefusedError(
            "headings", f"not recognised as any kind of table; nearest is {nearest.kind}, which lacks {lacking}"
        )
    return max(complete, key=lambda columns: _score(columns, file, headings))


def _check(told: FileMapping) -> None:
    kinds = table_kinds()
    if told.kind is not None and told.kind not in kinds:
        raise InvalidInputError(
            f"no kind “{told.kind}”", field="--map", remedy=f"Use one of: {', '.join(kinds)}.", nearest=()
        )
    fields = set(kinds[told.kind].columns) if told.kind else {name for kind in kinds.values() for name in kind.columns}
    for heading, name in told.columns.items():
        if name != "-" and name not in fields:
            raise InvalidInputError(
                f"no field “{name}” (for heading “{heading}”)",
                field="--map",
                remedy="Use a field of the kind, or - to leave the column out.",
                nearest=[match[0] for match in process.extract(name, sorted(fields), limit=3)],
            )


def _told(file: str, mapping: Mapping) -> FileMapping:
    name = file.rsplit("/", 1)[-1]
    return next((told for glob, told in mapping.items() if fnmatch(file, glob) or fnmatch(name, glob)), FileMapping())


def _assign(kind: str, headings: Sequence[str], told: FileMapping) -> Columns:
    """Fields of `kind` by heading: told, then exact, then exact without the bracket, then nearly the same."""
    wanted = {heading: name for heading, name in told.columns.items() if heading in headings}
    found = {name: heading for heading, name in wanted.items() if name != "-"}
    units: dict[str, str] = {}
    synonyms = _synonyms(kind)
    for heading in headings:
        name = synonyms.get(_key(heading))
        if heading not in wanted and name and name not in found:
            found[name] = heading
    for heading in headings:
        bare = _key(_BRACKETS.sub(" ", heading))
        if heading in wanted or heading in found.values() or not bare:
            continue
        name = synonyms.get(bare)
        if name is None:
            near = process.extractOne(bare, list(synonyms), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
            name = synonyms[near[0]] if near else None
        if name and name not in found:
            found[name] = heading
    for name, heading in found.items():
        if brackets := _BRACKETS.findall(heading):
            units[name] = " | ".join(brackets)
    return Columns(kind, found, units, told.currency)


@cache
def _synonyms(kind: str) -> dict[str, str]:
    """Every way to write a heading of the kind → its field."""
    columns = table_kinds()[kind].columns
    return {_key(heading): name for name, headings in columns.items() for heading in (*headings, name)}


@cache
def _key(heading: str) -> str:
    """A heading without case, spaces, punctuation and the custom-field mark of Salesforce."""
    return "".join(char for char in normalise_name(heading.removesuffix("__c")) if char.isalnum())


def _lacking(columns: Columns) -> list[tuple[str, ...]]:
    return [group for group in table_kinds()[columns.kind].requires if not set(group) & columns.headings.keys()]


def _score(columns: Columns, file: str, headings: Sequence[str]) -> float:
    """Share of headings understood, plus a bonus when the file is named after the kind."""
    share = len(columns.headings) / max(1, sum(map(bool, headings)))
    named = any(word in normalise_name(file.rsplit("/", 1)[-1]) for word in table_kinds()[columns.kind].files)
    return share + (_FILE_NAME_BONUS if named else 0)
