"""Asking the cases through the assistant's own door, and reading what came of each message."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.chat import Answer
from evals.suites.chat.cases import Case
from evals.suites.chat.changes import ChangeLog
from evals.suites.chat.company import TENANT, USERS
from evals.suites.chat.scoring import Said
from hub.chat.asking import ask_and_wait
from hub.installation import Platform

# What a message may change: the talk itself, then what a proposal and a visit request are on record with.
_TALK = frozenset({"threads", "turns", "checkpoints", "checkpoint_writes", "audit_log", "audit_heads", "usage"})
_PROPOSING = frozenset({"effects", "approvals", "outbox", "deadlines", "notifications"})
_VISITING = frozenset({"visit_requests", "run_events", "deadlines", "notifications"})


@dataclass(frozen=True)
class Assistant:
    """The assistant of a throw-away company, with everything that it writes on watch."""

    platform: Platform
    changes: ChangeLog

    def converse(self, case: Case) -> Iterator[Said]:
        """What comes of each message of the case, said in one new thread."""
        caller = USERS[case.user].caller(TENANT)
        thread = None
        for message in case.turns:
            self.changes.since_last()
            start = time.perf_counter()
            answer = ask_and_wait(self.platform, caller, message.say, thread=thread)
            elapsed = (time.perf_counter() - start) * 1000
            thread = answer.thread
            yield self._read(answer, elapsed)

    def _read(self, answer: Answer, elapsed: float) -> Said:
        changed = self.changes.since_last()
        proposed = changed["effects", "insert"]
        requested = changed["visit_requests", "insert"]
        allowed = _TALK | (_PROPOSING if proposed else frozenset()) | (_VISITING if requested else frozenset())
        strays: Counter[str] = Counter()
        for (table, _change), count in changed.items():
            if table not in allowed:
                strays[table] += count
        if proposed != len(answer.proposals):
            strays["effects"] += proposed
        return Said(
            status=answer.status,
            reason=answer.reason,
            calls=tuple((call.tool, call.args) for call in answer.calls),
            confidence=answer.confidence,
            effects=tuple(self._effect(each) for each in answer.proposals),
            visits=self._visits(requested),
            strays=strays,
            model_calls=answer.model_calls,
            tokens=answer.tokens,
            elapsed_ms=elapsed,
        )
