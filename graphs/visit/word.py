"""Letting a language model reword the claims, and keeping only what is faithful."""

import json
from dataclasses import replace

import structlog
from pydantic import BaseModel, ValidationError

from core.domain.claims import Claim
from core.domain.packages import Usage
from graphs.models import Writer
from graphs.visit.fidelity import is_faithful
from graphs.visit.state import Draft, VisitContext
from prompts.loader import load_prompt

log = structlog.get_logger()

_BATCH = 12
# A token is at least one character of Chinese and about three of English; two calls a batch at the most.
_CHARS_PER_TOKEN = 1


class _Sentence(BaseModel):
    id: str
    text: str


class _Reworded(BaseModel):
    sentences: list[_Sentence]


def _parse(reply: str) -> dict[str, str]:
    start, end = reply.find("{"), reply.rfind("}")
    try:
        found = _Reworded.model_validate_json(reply[start : end + 1])
    except ValidationError:
        return {}
    return {sentence.id: sentence.text.strip() for sentence in found.sentences}


def _add(one: Usage, other: Usage) -> Usage:
    return Usage(
        model_calls=one.model_calls + other.model_calls,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
    )


async def _reword(
    batch: list[Claim], context: VisitContext, writer: Writer, spent: Usage
) -> tuple[dict[str, str], Usage]:
    """Faithful wordings by claim id, asking a second time for those that were not; and the usage so far."""
    prompt = load_prompt("visit", "reword", context.request.lang)
    accepted: dict[str, str] = {}
    for _attempt in range(2):
        left = [claim for claim in batch if claim.id not in accepted]
        lines = "\n".join(json.dumps({"id": c.id, "text": c.plain}, ensure_ascii=False) for c in left)
        text = prompt.render(account=context.account.name, purpose=context.request.purpose, claims=lines)
        reserve = (len(text) + len(lines)) // _CHARS_PER_TOKEN
        if not left or spent.input_tokens + spent.output_tokens + reserve > writer.max_tokens:
            break
        reply, usage = await writer.answer(text)
        spent = _add(spent, usage)
        offered = _parse(reply)
        accepted |= {
            claim.id: offered[claim.id]
            for claim in left
            if claim.id in offered and is_faithful(claim.plain, offered[claim.id])
        }
    return accepted, spent


async def word(draft: Draft, context: VisitContext) -> Draft:
    """The draft with claims reworded where the writer did so faithfully; without a writer, the draft itself.

    A failing model never costs the package: the computed wording stands.
    """
    writer = context.writer
    if writer is None:
        return draft
    spent = Usage()
    texts: dict[str, str] = {}
    for start in range(0, len(draft.claims), _BATCH):
        try:
            accepted, spent = await _reword(list(draft.claims[start : start + _BATCH]), context, writer, spent)
        except Exception:
            # Whatever a remote model or its client throws, the package is worth more than its polish.
            log.exception("wording_failed", run=context.run_id, model=writer.name)
            break
        texts |= accepted
    claims = tuple(claim.model_copy(update={"text": texts.get(claim.id, claim.plain)}) for claim in draft.claims)
    label = load_prompt("visit", "reword", context.request.lang).label
    model = writer.name if texts else f"embedded ({writer.name} gave nothing usable)"
    return replace(draft, claims=claims, usage=spent, model=model, prompts=(*draft.prompts, label))
