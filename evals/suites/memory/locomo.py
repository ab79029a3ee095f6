"""The public set `locomo`: long dialogues over months, and questions with the turns that answer them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.domain.interactions import Interaction, InteractionKind
from core.language import Lang
from evals.suites.reading import read_text, unusable, validated

CATEGORIES = {1: "multi_hop", 2: "temporal", 3: "open_domain", 4: "single_hop", 5: "adversarial"}
_SESSION = re.compile(r"session_\d+")


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Turn(_Loose):
    speaker: str
    dia_id: str
    text: str


class _Asked(_Loose):
    question: str
    evidence: list[str]
    category: int


class _Dialogue(_Loose):
    sample_id: str
    conversation: dict[str, str | list[_Turn]]
    qa: list[_Asked] = Field(default=[])


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a dialogue, and the ids of the interactions that answer it."""

    dialogue: str
    text: str
    category: str
    evidence: frozenset[str]


def load_locomo(folder: Path) -> tuple[list[Interaction], list[Question]]:
    """Each turn as an interaction of its dialogue's account, and the questions (Maharana et al. 2024).

    Evidence that names no turn is left out, and a question without any. Raises InvalidInputError.
    """
    paths = [path for name in ("dialogs.json", "locomo10.json") if (path := folder / name).is_file()]
    path = paths[0] if paths else folder / "dialogs.json"
    try:
        listed = json.loads(read_text(path))
    except ValueError as error:
        raise unusable(path, f"is not JSON: {error}") from error
    if not isinstance(listed, list):
        raise unusable(path, "is no list of dialogues")
    turns, questions = [], []
    for number, item in enumerate(listed):
        dialogue = validated(path, f"dialogue {number}", _Dialogue, item)
        own = list(_turns(path, dialogue))
        known = {turn.id for turn in own}
        turns += own
        for asked in dialogue.qa:
            cited = (part for entry in asked.evidence for part in re.split(r"[;,\s]+", entry))
            evidence = frozenset(f"{dialogue.sample_id} {part}" for part in cited) & known
            if evidence:
                category = CATEGORIES.get(asked.category, str(asked.category))
                questions.append(Question(dialogue.sample_id, asked.question, category, evidence))
    return turns, questions


def _turns(path: Path, dialogue: _Dialogue) -> Iterator[Interaction]:
    name = dialogue.sample_id
    for session, said in dialogue.conversation.items():
        if not _SESSION.fullmatch(session) or isinstance(said, str):
            continue
        day = dialogue.conversation.get(f"{session}_date_time")
        try:
            at = datetime.strptime(str(day), "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        except ValueError as error:
            raise unusable(path, f"{name}: {session}_date_time is no such time: {day}") from error
        for place, turn in enumerate(said):
            yield Interaction(
                id=f"{name} {turn.dia_id}",
                account_id=name,
                form=InteractionKind.CALL,
                # The set has a time for the session only; turns follow each other.
                at=at + timedelta(seconds=place),
                text=f"{turn.speaker}: {turn.text}",
                lang=Lang.EN,
            )
