"""Asking the cases through the assistant's own door, and reading what came of each message from the records."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from core.domain.effects import Effect
from core.domain.visits import Run
from evals.suites.chat.cases import Case
from evals.suites.chat.changes import ChangeLog, Changes
from evals.suites.chat.company import TENANT, USERS
from evals.suites.chat.scoring import Said
from hub.chat.asking import ask_and_wait
from hub.effects.ledger import list_effects
from hub.installation import Platform
from hub.visits import list_runs

# What a message may change: the talk itself, then what a proposal and a visit request are on record with.
_TALK = frozenset(
    {
        *((table, change) for table in ("threads", "turns") for change in ("insert", "update")),
        *(
            (table, change)
            for table in ("checkpoints", "checkpoint_writes")
            for change in ("insert", "update", "delete")
        ),
        ("model_usage", "insert"),
    }
)
_NOTED = frozenset(
    {
        ("audit_log", "insert"),
        ("audit_heads", "insert"),
        ("audit_heads", "update"),
        ("deadlines", "insert"),
        ("notifications", "insert"),
    }
)
_PROPOSING = _NOTED | {("effects", "insert"), ("approvals", "insert"), ("outbox", "insert")}
_VISITING = _NOTED | {("visit_requests", "insert")}
# More than all cases together leave behind.
_MOST = 100_000


class Assistant:
    """The assistant of a throw-away company, with everything that it writes on watch."""

    def __init__(self, platform: Platform, changes: ChangeLog) -> None:
        self._platform = platform
        self._changes = changes
        self._owner = platform.owner(TENANT)
        self._known: set[str] = set()

    def converse(self, case: Case) -> Iterator[Said]:
        """What comes of each message of the case, said in one new thread."""
        caller = USERS[case.user].caller(TENANT)
        thread = None
        for message in case.turns:
            self._changes.since_last()
            start = time.perf_counter()
            answer = ask_and_wait(self._platform, caller, message.say, thread=thread)
            elapsed = (time.perf_counter() - start) * 1000
            thread = answer.thread
            changed = self._changes.since_last()
            effects = self._new_effects() if changed["effects", "insert"] else []
            runs = self._new_runs() if changed["visit_requests", "insert"] else []
            strays = strays_of(changed, proposed=bool(effects), requested=bool(runs))
            if {effect.id for effect in effects} != set(answer.proposals):
                # The answer tells of other proposals than those on record.
                strays["effects"] += 1
            yield Said(
                status=answer.status,
                reason=answer.reason,
                calls=tuple((call.tool, call.args) for call in answer.calls),
                confidence=answer.confidence,
                effects=tuple(_proposed(effect) for effect in effects),
                visits=tuple(run.account_id for run in runs),
                strays=strays,
                model_calls=answer.model_calls,
                tokens=answer.tokens,
                elapsed_ms=elapsed,
            )

    def _new_effects(self) -> list[Effect]:
        found = list_effects(self._platform, self._owner, limit=_MOST)
        new = [effect for effect in found if effect.id not in self._known]
        self._known |= {effect.id for effect in new}
        return new

    def _new_runs(self) -> list[Run]:
        new = [run for run in list_runs(self._platform, self._owner, _MOST) if run.id not in self._known]
        self._known |= {run.id for run in new}
        return new


def strays_of(changed: Changes, *, proposed: bool, requested: bool) -> Counter[str]:
    """How many rows of which tables changed that neither the talk nor a proposal nor a visit request explains."""
    explained = _TALK | (_PROPOSING if proposed else frozenset()) | (_VISITING if requested else frozenset())
    strays: Counter[str] = Counter()
    for (table, change), count in changed.items():
        if (table, change) not in explained:
            strays[table] += count
    return strays


def _proposed(effect: Effect) -> tuple[str, dict[str, Any]]:
    payload = effect.payload.model_dump(mode="json")
    return payload.pop("operation"), payload
