"""A turn on record: the question that is being answered, then its answer with what it cost."""

import time
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from core.domain.accounts import Account
from core.domain.chat import Answer, Call, Thread
from core.domain.spending import Spend
from core.errors import InvalidInputError, NotFoundError
from core.identity import Caller
from db.store import Session
from db.threads import Reach, no_thread
from hub.installation import Platform
from hub.spending import record_spending

# Account and deal.
Subject: TypeAlias = tuple[str, str | None]

LONGEST = 8000
"""Characters of a question, what was pasted into it included."""

# Who answers says so three times a lease; after it, whoever answered is taken for dead.
LEASE = timedelta(seconds=30)
REMEMBERED = 6
_LONGEST_TITLE = 80
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A question that is being answered; `before` are the last questions of its thread."""

    id: str
    thread: Thread
    question: str
    before: tuple[str, ...]


def clean_question(question: str) -> str:
    """The question without characters that nobody types; InvalidInputError for an empty or endless one."""
    text = "".join(char for char in question if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    if not text.strip():
        raise InvalidInputError("is empty", field="message", remedy="Ask something.")
    if len(text) > LONGEST:
        raise InvalidInputError(
            f"has {len(text)} characters, more than {LONGEST}",
            field="message",
            remedy="Ask a shorter question; long texts are imported: `saleshub import`.",
        )
    return text


def clean_earlier(earlier: Sequence[str], most: int) -> list[str]:
    """The last of the questions that were asked before, as far as they are questions at all."""
    cleaned = []
    for each in earlier[-most:]:
        with suppress(InvalidInputError):
            cleaned.append(clean_question(each[:LONGEST]))
    return cleaned


def open_turn(
    platform: Platform, caller: Caller, question: str, thread_id: str | None, account_id: str | None
) -> OpenTurn:
    """Put the question on record, in the caller's thread or in a new one, about the account where one is named.

    Raises NotFoundError for a thread or an account that the caller does not have, ConflictError while another question
    is answered in the thread.
    """
    if thread_id is not None and not _is_id(thread_id):
        raise no_thread(thread_id)
    now, turn_id = platform.clock.now(), _new_id()
    with platform.store.write() as unit:
        thread = _new_thread(platform, unit, caller, question, account_id) if thread_id is None else None
        thread = thread or unit.threads.get(caller, thread_id or "")
        if thread is None:
            raise no_thread(thread_id or "")
        before = unit.threads.last_questions(caller.tenant, thread.id, REMEMBERED)
        unit.threads.begin_turn(caller, thread.id, turn_id, question, at=now, until=now + LEASE)
    return OpenTurn(turn_id, thread, question, tuple(before))


def extend_turn(platform: Platform, caller: Caller, turn: OpenTurn) -> None:
    """Say that the question is still being answered; one that counts as cut off already stays so."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        unit.threads.extend_turn(caller.tenant, turn.thread.id, turn.id, now, now + LEASE)


def leave_turn(platform: Platform, caller: Caller, turn: OpenTurn) -> None:
    """Say that nobody answers the question any more; it shows as cut off."""
    now = platform.clock.now()
    with platform.store.write() as unit:
        unit.threads.extend_turn(caller.tenant, turn.thread.id, turn.id, now, now)


def end_turn(
    platform: Platform,
    caller: Caller,
    turn: OpenTurn,
    answer: Answer,
    *,
    rights: tuple[Reach, ...],
    spends: Sequence[Spend],
    subject: Subject | None,
) -> None:
    """Put the answer on record with what it cost; `subject` are account and deal that it is about.

    Of the thread's state only the newest is kept. When the thread was deleted meanwhile, nothing of it is left.
    """
    states = platform.store.checkpoints_port(caller.tenant)
    with platform.store.write() as unit:
        record_spending(unit, caller, turn.thread.id, spends, platform.clock.now())
        kept = unit.threads.end_turn(caller.tenant, turn.thread.id, turn.id, answer, rights)
        if kept and subject is not None and turn.thread.account_id is None:
            unit.threads.set_subject(caller.tenant, turn.thread.id, *subject)
    if kept:
        states.prune(turn.thread.id, 1)
    else:
        states.delete(turn.thread.id)


def subject_of(
    calls: Iterable[Call], accounts: Mapping[str, Any], deals: Mapping[str, Any]
) -> tuple[str, str | None] | None:
    """The one account, and the one deal of it if any, that the calls are about."""
    args = [call.args for call in calls]
    about = {each[name] for each in args for name in ("account_id", "account") if each.get(name) in accounts}
    if len(about) != 1:
        return None
    told = {each[name] for each in args for name in ("opportunity_id", "deal") if each.get(name) in deals}
    return about.pop(), told.pop() if len(told) == 1 else None


def _new_thread(platform: Platform, unit: Session, caller: Caller, question: str, account_id: str | None) -> Thread:
    if account_id is not None and not (_is_text(account_id) and unit.records.find(caller, Account, ids=[account_id])):
        raise NotFoundError(
            "you see no account with this id", field="account_id", remedy="Use an id from GET /v1/accounts."
        )
    now = platform.clock.now()
    title = " ".join(question.split())
    thread = Thread(
        id=uuid.uuid4().hex,
        user=caller.user,
        title=title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…",
        account_id=account_id,
        created_at=now,
        updated_at=now,
    )
    unit.threads.create(caller.tenant, thread)
    return thread


def _new_id() -> str:
    """An id after all before it, so that questions of one instant keep their order."""
    return f"{time.time_ns():016x}{uuid.uuid4().hex[:16]}"


def _is_id(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ID and text.isascii() and text.replace("-", "").isalnum()


def _is_text(text: str) -> bool:
    return text.isprintable() and len(text) <= 200
