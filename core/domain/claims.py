"""Claims: sentences shown to people, each bound to what supports it."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.domain.base import Evidence, Frozen, Record, System
from core.domain.contracts import Department
from core.domain.interactions import Interaction
from core.policy.field_rights import rights_told
from core.text import split_sentences


class ClaimState(StrEnum):
    """How well a claim stands: read from a record, computed from records, or neither."""

    SUPPORTED = "supported"
    INFERRED = "inferred"
    UNSUPPORTED = "unsupported"


class Section(StrEnum):
    """The sections of a collaboration package, in reading order."""

    HISTORY = "history"
    STAGE = "stage"
    COMPETITORS = "competitors"
    STOCK = "stock"
    APPROVAL_PATH = "approval_path"
    PROPOSALS = "proposals"
    INFLUENCE_MAP = "influence_map"
    RISKS = "risks"
    RESOURCES = "resources"


class Claim(Frozen):
    """One sentence with the evidence it rests on.

    `kind` is `agent.phrase`, the name of the phrase it was worded from; `plain` keeps that wording when a language
    model has reworded `text` or a reviewer, `edited_by`, has edited it. `departments` names who pre-reviews it.
    """

    id: str
    section: Section
    kind: str
    text: str
    plain: str
    state: ClaimState
    evidence: tuple[str, ...]
    departments: frozenset[Department] = frozenset()
    edited_by: str | None = None


class Sentence(Frozen):
    """The `index`-th sentence of an interaction, verbatim; citable."""

    interaction: Interaction
    index: int
    text: str

    @property
    def evidence_id(self) -> str:
        """Id under which claims cite the sentence."""
        return f"{self.interaction.evidence_id}#s{self.index}"


def sentences_of(interaction: Interaction) -> list[Sentence]:
    """All sentences of the interaction's text, in order."""
    parts = split_sentences(interaction.text)
    return [Sentence(interaction=interaction, index=i, text=part) for i, part in enumerate(parts)]


def evidence_from(source: Record | Sentence, as_of: datetime) -> Evidence:
    """The evidence that cites `source`; `as_of` is ignored for sentences, which carry their own time.

    It is for those who may see the record and read what the record is cited for.
    """
    if isinstance(source, Sentence):
        parent = source.interaction
        return Evidence(
            id=source.evidence_id,
            source=System.MEMORY,
            record=parent.id,
            as_of=parent.at,
            quote=source.text,
            region=parent.region,
            audience=parent.audience,
        )
    if isinstance(source, Interaction):
        as_of = source.at
    region, audience = rights_told(source)
    return Evidence(
        id=source.evidence_id,
        source=source.system,
        record=source.id,
        as_of=as_of,
        quote=source.quote(),
        region=region,
        audience=audience,
    )


def cited_in(view: Frozen) -> Iterator[str]:
    """Every evidence id that a view mentions, in order of appearance."""
    yield from _under("evidence", view.model_dump(mode="json"))


def claims_in(view: Frozen) -> Iterator[str]:
    """Every claim that a view repeats, by id, in order of appearance."""
    yield from _under("claim", view.model_dump(mode="json"))


def _under(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from _under(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _under(key, inner)
