"""The threads of a user: nobody else finds them, and what the user may no longer see is left out."""

from core.domain.base import Frozen
from core.domain.chat import Answer, AnswerStatus, Reason, Thread, Turn
from core.errors import InvalidInputError
from core.identity import Caller
from core.language import detect_language
from db.threads import StoredTurn, no_thread
from hub.installation import Platform
from prompts.loader import load_phrases

_MOST = 200


class ThreadDetail(Frozen):
    """A thread with its turns, oldest first; `answering` is the question that is being answered now, if any."""

    thread: Thread
    turns: tuple[Turn, ...] = ()
    answering: str | None = None


def list_threads(platform: Platform, caller: Caller, account_id: str | None = None, *, limit: int = 50) -> list[Thread]:
    """The caller's threads, of one account where given, the last used first."""
    if not 1 <= limit <= _MOST:
        raise InvalidInputError(f"{limit} is not between 1 and {_MOST}", field="limit", remedy="Give fewer.")
    with platform.store.read() as unit:
        return unit.threads.list(caller, account_id, limit)


def get_thread(platform: Platform, caller: Caller, thread_id: str) -> ThreadDetail:
    """A thread of the caller's with all its turns; NotFoundError when the caller has none with the id.

    A question whose answer was cut off shows as stopped; an answer that tells of records which the caller may no
    longer see is left out, and says so.
    """
    now = platform.clock.now()
    with platform.store.read() as unit:
        thread = unit.threads.get(caller, thread_id)
        if thread is None:
            raise no_thread(thread_id)
        stored = unit.threads.turns(caller.tenant, thread_id)
    going = next((turn for turn in stored if turn.leased_until is not None and turn.leased_until > now), None)
    return ThreadDetail(
        thread=thread,
        turns=tuple(_turn(thread, turn, caller) for turn in stored if turn is not going),
        answering=going.question if going else None,
    )


def delete_thread(platform: Platform, caller: Caller, thread_id: str) -> None:
    """Delete a thread of the caller's and all that was said in it; NotFoundError when there is none."""
    with platform.store.write() as unit:
        if not unit.threads.delete(caller, thread_id):
            raise no_thread(thread_id)


def _turn(thread: Thread, stored: StoredTurn, caller: Caller) -> Turn:
    answer = stored.answer or _without(thread, stored, "cut_off", AnswerStatus.STOPPED, Reason.CANCELLED)
    if not all(caller.may_see(region, frozenset(roles)) for region, roles in stored.rights):
        answer = _without(thread, stored, "no_longer_visible", AnswerStatus.REFUSED, Reason.NOT_ALLOWED)
    return Turn(id=stored.id, question=stored.question, asked_at=stored.asked_at, answer=answer)


def _without(thread: Thread, stored: StoredTurn, phrase: str, status: AnswerStatus, reason: Reason) -> Answer:
    lang = stored.answer.lang if stored.answer else detect_language(stored.question)
    text = load_phrases("chat").render(phrase, lang)
    return Answer(thread=thread.id, answer=text, lang=lang, status=status, reason=reason)
