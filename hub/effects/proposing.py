"""From what somebody wants written to a recorded effect: the write tool resolves it, policy and people decide."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from core.domain.base import Frozen
from core.domain.effects import Effect, Proposal
from core.domain.payloads import Operation
from core.errors import HubError, InvalidInputError, NotFoundError, SourceError
from core.identity import Caller
from core.policy.permissions import Action, require
from hub.effects.follow_ups import FollowUp, follow_ups_of
from hub.effects.ledger import Asked, propose_effect, propose_together
from hub.installation import Platform
from hub.visits import get_package
from tools.registry import WRITE_TOOLS
from tools.spec import WriteContext

Wanted = tuple[str, Mapping[str, Any]]


class Skipped(Frozen):
    """A follow-up that could not be proposed, and why."""

    operation: Operation
    reason: str


class FollowUps(Frozen):
    """What was proposed after a visit, and what could not be."""

    run_id: str
    effects: tuple[Effect, ...]
    skipped: tuple[Skipped, ...]


def resolve_proposal(platform: Platform, caller: Caller, operation: str, args: Mapping[str, Any]) -> Proposal:
    """What the write would be, with its preview; nothing is recorded or written. Not for use within an event loop.

    Reads with the caller's rights. Raises ForbiddenError for who proposes nothing, NotFoundError or InvalidInputError
    that name field and remedy, SourceError when a system does not answer.
    """
    require(caller, Action.PROPOSE_EFFECT)
    tool = WRITE_TOOLS[_operation(operation)]
    try:
        given = tool.args_model.model_validate(args)
    except ValidationError as error:
        remedy = f"`saleshub effects propose {tool.name} --schema` shows what is expected."
        raise InvalidInputError.from_validation(error, remedy) from error
    now = platform.clock.now()
    context = WriteContext(caller=caller, systems=platform.systems, memory=platform.memory, now=now)
    return asyncio.run(tool.run(context, given))


def describe_operation(operation: str) -> dict[str, Any]:
    """Purpose, system and JSON schema of the arguments of an operation; NotFoundError for an unknown one."""
    tool = WRITE_TOOLS[_operation(operation)]
    return {
        "operation": tool.name,
        "purpose": tool.purpose,
        "system": tool.system.value,
        "args": tool.args_model.model_json_schema(),
    }


def propose(
    platform: Platform,
    caller: Caller,
    operation: str,
    args: Mapping[str, Any],
    *,
    request_key: str | None = None,
    origin: str,
    run_id: str | None = None,
) -> Effect:
    """Propose one write; with the same key the same request gives the same effect, whatever changed since.

    Raises what `resolve_proposal` and `propose_effect` raise, ConflictError when the key was used for another request,
    or by somebody else.
    """
    require(caller, Action.PROPOSE_EFFECT)
    digest = _digest_by(caller, operation, args)
    held = _held(platform, caller, request_key, digest)
    if held is not None:
        return held
    return propose_effect(
        platform,
        caller,
        resolve_proposal(platform, caller, operation, args),
        request_key=request_key or uuid.uuid4().hex,
        request_digest=digest,
        origin=origin,
        run_id=run_id,
    )


def propose_group(
    platform: Platform, caller: Caller, wanted: Sequence[Wanted], *, request_key: str | None = None, origin: str
) -> list[Effect]:
    """Propose writes that belong together, in the order in which they will run; if one is refused, none is proposed.

    When one of them fails later, those before it are undone. The same key with the same writes gives the same effects.
    Raises what `propose` raises.
    """
    require(caller, Action.PROPOSE_EFFECT)
    key = request_key or uuid.uuid4().hex
    asked = [
        (f"{key}/{place}", _digest_by(caller, operation, args), operation, args)
        for place, (operation, args) in enumerate(wanted)
    ]
    held = [_held(platform, caller, own_key, digest) for own_key, digest, _operation, _args in asked]
    known = [effect for effect in held if effect is not None]
    if known and len(known) == len(asked):
        return known
    group = _digest_by(caller, "group", {"key": key})[:32]
    resolved = [
        Asked(proposal=resolve_proposal(platform, caller, operation, args), request_key=own_key, request_digest=digest)
        for own_key, digest, operation, args in asked
    ]
    return propose_together(platform, caller, resolved, group=group, origin=origin)


def proposals_of(platform: Platform, caller: Caller, run_id: str) -> tuple[FollowUp, ...]:
    """What a finished visit package suggests to write, in the words of the write tools; nothing is proposed."""
    return follow_ups_of(get_package(platform, caller, run_id), platform.clock.now().date())


def propose_follow_ups(platform: Platform, caller: Caller, run_id: str) -> FollowUps:
    """Propose what the package suggests; each follow-up of a run is proposed once, however often this is asked.

    Those that cannot be resolved, or that policy forbids, are named with the reason. Raises ForbiddenError for who
    proposes nothing, NotFoundError without a package that the caller may see.
    """
    require(caller, Action.PROPOSE_EFFECT)
    effects: list[Effect] = []
    skipped: list[Skipped] = []
    for wanted in proposals_of(platform, caller, run_id):
        key = f"run/{run_id}/{wanted.kind}"
        digest = _digest(wanted.operation, {"run": run_id, "kind": wanted.kind})
        try:
            known = _held(platform, caller, key, digest)
            effects.append(
                known
                or propose_effect(
                    platform,
                    caller,
                    resolve_proposal(platform, caller, wanted.operation, wanted.args),
                    request_key=key,
                    request_digest=digest,
                    origin="visit",
                    run_id=run_id,
                )
            )
        except (HubError, SourceError) as error:
            skipped.append(Skipped(operation=wanted.operation, reason=str(error)))
    return FollowUps(run_id=run_id, effects=tuple(effects), skipped=tuple(skipped))


def _operation(name: str) -> Operation:
    try:
        return Operation(name)
    except ValueError as error:
        raise NotFoundError(
            f"no operation “{name}”", field="operation", remedy="Use one of these.", nearest=sorted(WRITE_TOOLS)
        ) from error


def _held(platform: Platform, caller: Caller, request_key: str | None, digest: str) -> Effect | None:
    if request_key is None:
        return None
    with platform.store.read() as unit:
        return unit.effects.asked_for(caller, request_key, digest)


def _digest_by(caller: Caller, operation: str, args: Mapping[str, Any]) -> str:
    """Of a request and who makes it: the same words of somebody else may mean what the first must not see."""
    return _digest(operation, {"by": caller.user, "given": args})


def _digest(operation: str, args: Mapping[str, Any]) -> str:
    # Escaped, so that text which no encoding has is refused by the tool, with its field.
    text = json.dumps({"operation": operation, "args": args}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
