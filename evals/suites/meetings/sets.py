"""The public sets `qmsum` and `vcsum`: meetings with questions or stretches, and what people wrote of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from agents.analysis.meetings.spoken import spoken_in
from agents.analysis.meetings.weighing import Talk
from core.domain.interactions import Turn
from core.errors import InvalidInputError
from evals.suites.reading import read_models, unusable


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Spoken(_Loose):
    speaker: str
    content: str


class _Asked(_Loose):
    query: str
    answer: str


class _Meeting(_Loose):
    general_query_list: list[_Asked]
    specific_query_list: list[_Asked]
    meeting_transcripts: list[_Spoken]


class _Stretch(_Loose):
    id: str
    av_num: int
    context: list[list[str]]
    speaker: list[Any]
    discussion: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to a meeting (empty: about the whole), and what a person answered; `id` names meeting and question."""

    id: str
    meeting: str
    query: str
    reference: str


@dataclass(frozen=True, slots=True)
class Told:
    """A meeting, or a stretch of one, with everything that is wanted of it."""

    turns: tuple[Turn, ...]
    wanted: tuple[Wanted, ...]

    def talk(self) -> Talk:
        """The sentences, ready to be weighed."""
        return Talk(spoken_in(self.turns))


def load_qmsum(folder: Path, names: Sequence[str] = ("test.jsonl", "val.jsonl")) -> tuple[str, list[Told]]:
    """The first file of `names` that the folder has, and its meetings (Zhong et al. 2021). Raises InvalidInputError."""
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        raise InvalidInputError(f"has no {' or '.join(names)}", field="--data", remedy="Name a folder in the format.")
    found = []
    for number, meeting in enumerate(read_models(path, _Meeting)):
        asked = [*meeting.general_query_list, *meeting.specific_query_list]
        wanted = [Wanted(f"{number}.{place}", str(number), one.query, one.answer) for place, one in enumerate(asked)]
        turns = tuple(Turn(speaker=one.speaker, text=one.content) for one in meeting.meeting_transcripts)
        found.append(Told(turns, tuple(wanted)))
    return path.name, found


def load_vcsum(folder: Path) -> list[Told]:
    """The stretches of `short_dev.jsonl` (Wu et al. 2023). Raises InvalidInputError."""
    path = folder / "short_dev.jsonl"
    found = []
    for one in read_models(path, _Stretch):
        if len(one.speaker) != len(one.context):
            raise unusable(path, f"{one.id}: not as many speakers as turns")
        turns = zip(one.speaker, one.context, strict=True)
        told = tuple(Turn(speaker=str(speaker), text="\n".join(lines)) for speaker, lines in turns)
        found.append(Told(told, (Wanted(one.id, str(one.av_num), "", one.discussion),)))
    return found


def is_for_learning(meeting: str) -> bool:
    """Whether a meeting of `vcsum`, which has no training part here, is learned from: every other number."""
    return int(meeting) % 2 == 0
