"""What a model is asked about a batch of sentences, and what its answer says, however badly it is formed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from graphs.visit.fidelity import Fault
from graphs.visit.masks import Masked


@dataclass(slots=True)
class Question:
    """One sentence to reword; `refused` is what was wrong with the last wording."""

    claim: str
    masked: Masked
    refused: Fault | None = None


class _Sentence(BaseModel):
    id: str
    text: str


def write_question(questions: Iterable[Question]) -> str:
    """One JSON object a line."""
    lines = []
    for question in questions:
        line = {"id": question.claim, "text": question.masked.text}
        if question.refused is not None:
            line["refused"] = question.refused
        lines.append(json.dumps(line, ensure_ascii=False))
    return "\n".join(lines)


def read_answer(reply: str, limit: int = 100_000) -> dict[str, str]:
    """Wordings by claim id; empty for what is no answer at all.

    Fences and words around the JSON are passed over and a cut-off end is left out. An id that comes twice with
    different texts is dropped, since code cannot choose.
    """
    start = reply.find('{"sentences"')
    start = start if start >= 0 else reply.find("{")
    if start < 0 or len(reply) > limit:
        return {}
    end = reply.rfind("}") + 1
    try:
        found = from_json(reply[start:end], allow_partial=True)
    except ValueError:
        return {}
    sentences = found.get("sentences") if isinstance(found, dict) else None
    texts: dict[str, set[str]] = {}
    for sentence in sentences if isinstance(sentences, list) else ():
        try:
            read = _Sentence.model_validate(sentence)
        except ValidationError:
            continue
        texts.setdefault(read.id, set()).add(" ".join(read.text.split()))
    return {claim: next(iter(given)) for claim, given in texts.items() if len(given) == 1}
