"""Effects: proposed, decided and followed."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.deps import CallerDep, LangDep, PlatformDep
from api.operations import describe_arguments
from core.domain.effects import Effect, EffectStatus
from core.domain.payloads import Operation
from hub.effects.decisions import decide_effect
from hub.effects.endings import retry_effect, withdraw_effect
from hub.effects.ledger import DeadLetter, EffectDetail, get_effect, list_dead_letters, list_effects
from hub.effects.proposing import FollowUps, propose, propose_follow_ups
from hub.rendering.refusals import translate

router = APIRouter(tags=["effects"])

EffectId = Annotated[str, Path(max_length=64)]
RunId = Annotated[str, Path(max_length=64)]
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=1, max_length=200, description="The same key gives the same effect")
]


class Sent(BaseModel):
    """What a client sends; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Wanted(Sent):
    """A write, in the words of its tool: names are resolved by the hub."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=describe_arguments)

    operation: Operation
    args: dict[str, Any] = Field(
        default_factory=dict, description="As `saleshub effects propose OPERATION --schema` says"
    )


# What no type of one field can say: a rejection has a reason.
_REASONED: JsonDict = {
    "anyOf": [
        {"properties": {"approve": {"const": True}}},
        {"required": ["reason"], "properties": {"reason": {"type": "string", "pattern": r"\S"}}},
    ]
}


class Decision(Sent):
    """A decision about exactly the payload that was shown."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_REASONED)

    approve: bool
    reason: str = Field(default="", max_length=2000, description="A rejection needs it")
    digest: str = Field(min_length=64, max_length=64, description="The effect's digest, as it was shown")


class Withdrawal(Sent):
    """Why a proposal is taken back."""

    reason: str = Field(default="", max_length=2000)


class EffectList(BaseModel):
    """Effects, newest first, and what was given up and waits for a person."""

    effects: list[Effect]
    dead_letters: list[DeadLetter]


@router.post("/effects", status_code=201)
def propose_one(
    platform: PlatformDep, caller: CallerDep, wanted: Wanted, key: IdempotencyKey, response: Response
) -> Effect:
    """Propose a write. Sending it again with the same key gives the same effect; policy and people decide."""
    effect = propose(platform, caller, wanted.operation, wanted.args, request_key=key, origin="api")
    response.headers["Location"] = f"/v1/effects/{effect.id}"
    return effect


@router.post("/visit-requests/{run_id}/effects", status_code=201)
def propose_after_visit(platform: PlatformDep, caller: CallerDep, lang: LangDep, run_id: RunId) -> FollowUps:
    """Propose what the package of a finished run suggests; each of it once, however often this is sent."""
    found = propose_follow_ups(platform, caller, run_id)
    skipped = tuple(one.model_copy(update={"reason": translate(one.reason, lang)}) for one in found.skipped)
    return found.model_copy(update={"skipped": skipped})


@router.get("/effects")
def effects(
    platform: PlatformDep,
    caller: CallerDep,
    status: EffectStatus | None = None,
    account_id: Annotated[str | None, Query(max_length=200)] = None,
    run_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> EffectList:
    """The newest effects, narrowed where asked, and the latest dead letters."""
    found = list_effects(platform, caller, status=status, account_id=account_id, run_id=run_id, limit=limit)
    return EffectList(effects=found, dead_letters=list_dead_letters(platform, caller))


@router.get("/effects/{effect_id}")
def effect_detail(platform: PlatformDep, caller: CallerDep, effect_id: EffectId) -> EffectDetail:
    """An effect with its preview, who must agree or has, and how far its sending is."""
    return get_effect(platform, caller, effect_id)


@router.post("/effects/{effect_id}/decision")
def decide(platform: PlatformDep, caller: CallerDep, effect_id: EffectId, decision: Decision) -> Effect:
    """Approve or reject what was shown; refused when it is another payload by now, or not the caller's to decide."""
    return decide_effect(
        platform, caller, effect_id, approve=decision.approve, reason=decision.reason, digest=decision.digest
    )


@router.post("/effects/{effect_id}/retry")
def retry(platform: PlatformDep, caller: CallerDep, effect_id: EffectId) -> Effect:
    """Send again what was given up."""
    return retry_effect(platform, caller, effect_id)


@router.post("/effects/{effect_id}/withdraw")
def withdraw(
    platform: PlatformDep, caller: CallerDep, effect_id: EffectId, withdrawal: Withdrawal | None = None
) -> Effect:
    """Take a proposal back before it was sent."""
    return withdraw_effect(platform, caller, effect_id, reason=withdrawal.reason if withdrawal else "")
