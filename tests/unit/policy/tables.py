"""Small effect tables for the tests of policy."""

from typing import Any

from core.policy.effects import EffectRule


def step(position: int, role: str, quorum: int = 1) -> dict[str, Any]:
    return {"position": position, "role": role, "quorum": quorum}


def rule(name: str, verdict: str, **given: Any) -> EffectRule:
    base: dict[str, Any] = {"id": name, "verdict": verdict, "reason": "because", "reason_zh": "因为"}
    if verdict == "needs_approval":
        base["steps"] = [step(1, "manager")]
    return EffectRule.model_validate(base | given)
