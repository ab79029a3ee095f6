"""Minutes of a meeting on record, and what of them might be written to the CRM."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from agents.meetings import MeetingsInput, MeetingsOutput, run
from core.domain.accounts import SalesPerson
from core.domain.base import Frozen
from core.domain.effects import Change
from core.domain.interactions import Interaction, InteractionKind, Turn
from core.domain.payloads import ActivityForm, Operation
from core.domain.views.meetings import ActionItem
from core.errors import HubError, NotFoundError, SourceError
from core.identity import Caller
from core.language import Lang
from core.text import normalise_name
from hub.effects.proposing import resolve_proposal
from hub.installation import Platform

Minutes: TypeAlias = MeetingsOutput

_FORMS = {InteractionKind.MEETING: ActivityForm.MEETING, InteractionKind.CALL: ActivityForm.CALL}
_LONGEST_LINE, _LONGEST_TEXT = 300, 4000
_MOST_TASKS = 10
# As connectors.speech.turns names them.
_NUMBERED = re.compile(r"^Speaker (\d)$")


class SuggestedWrite(Frozen):
    """A write in the words of its tool, which anybody may then propose; nothing is recorded.

    `preview` is what it would change, empty where `reason` says why it cannot be proposed. `at` and `evidence` are the
    place and the words of the meeting that it rests on, None for the record of the meeting itself.
    """

    operation: Operation
    args: dict[str, Any]
    preview: tuple[Change, ...] = ()
    reason: str | None = None
    at: float | None = None
    evidence: str | None = None


class MeetingWrites(Frozen):
    """What the minutes suggest to write."""

    interaction_id: str
    suggested: tuple[SuggestedWrite, ...]


def read_minutes(
    platform: Platform,
    caller: Caller,
    interaction_id: str,
    *,
    query: str = "",
    words: int | None = None,
    lang: Lang | None = None,
) -> Minutes:
    """Minutes of a meeting or call on record. Not for use within an event loop.

    Raises NotFoundError when the caller may see none under this id. Without the CRM it is not known who is ours, and
    all speakers' objections count.
    """
    return _minutes(
        platform,
        read_meeting(platform, caller, interaction_id, lang),
        _sellers(platform, caller),
        query=query,
        words=words,
        lang=lang,
    )


def suggest_writes(
    platform: Platform, caller: Caller, interaction_id: str, *, lang: Lang | None = None
) -> MeetingWrites:
    """Record the meeting, a task for each thing our people promised by a day, and the next step; each with its preview.

    Raises what `read_minutes` raises. What cannot be proposed is named with the reason.
    """
    meeting, sellers = read_meeting(platform, caller, interaction_id, lang), _sellers(platform, caller)
    minutes = _minutes(platform, meeting, sellers, lang=lang)
    wanted = [_record(meeting, minutes), *_tasks(meeting, minutes, sellers), *_next_step(meeting, minutes, sellers)]
    return MeetingWrites(
        interaction_id=interaction_id, suggested=tuple(_previewed(platform, caller, one) for one in wanted)
    )


def read_meeting(platform: Platform, caller: Caller, interaction_id: str, lang: Lang | None = None) -> Interaction:
    """A meeting or call on record, its speakers called as somebody proposed; NotFoundError when there is none."""
    with platform.store.read() as unit:
        found = unit.interactions.get(caller, [interaction_id])
        names = unit.meeting_files.names(caller.tenant, interaction_id)
    if not found or found[0].form not in _FORMS:
        raise NotFoundError(
            f"no meeting “{interaction_id}”", field="meeting", remedy="`saleshub recall` names what is on record."
        )
    meeting = found[0]
    return meeting.model_copy(update={"turns": _named(meeting.turns, names, lang or meeting.lang)})


def _named(turns: tuple[Turn, ...], names: Mapping[str, str], lang: Lang) -> tuple[Turn, ...]:
    """The turns with their speakers called what somebody proposed, else as recordings number them in the language."""
    heard = {turn.speaker for turn in turns}
    called = {one: _NUMBERED.sub(r"说话人\1", one) if lang is Lang.ZH else one for one in heard} | dict(names)
    return tuple(turn.model_copy(update={"speaker": called[turn.speaker]}) for turn in turns)


def _sellers(platform: Platform, caller: Caller) -> tuple[SalesPerson, ...]:
    try:
        return tuple(asyncio.run(platform.systems.crm.sales_people(caller)).records)
    except SourceError:
        return ()


def _minutes(
    platform: Platform,
    meeting: Interaction,
    sellers: tuple[SalesPerson, ...],
    *,
    query: str = "",
    words: int | None = None,
    lang: Lang | None,
) -> Minutes:
    turns = meeting.turns or (Turn(speaker="", text=meeting.text),)
    return run(
        MeetingsInput(
            lang=lang or meeting.lang,
            today=platform.clock.now().date(),
            turns=turns,
            held_on=meeting.at.date(),
            query=query,
            words=words,
            ours=tuple(one.name for one in sellers),
        )
    )


def _record(meeting: Interaction, minutes: Minutes) -> SuggestedWrite:
    """The meeting as an activity: the minutes' own sentences, as many as fit."""
    lines: list[str] = []
    for claim in minutes.claims:
        if sum(map(len, lines)) + len(claim.text) > _LONGEST_TEXT:
            break
        lines.append(claim.text)
    first = minutes.view.summary[0].text if minutes.view.summary else meeting.text
    args = {
        "account": meeting.account_id,
        "form": _FORMS[meeting.form],
        "subject": _line(meeting.subject or first),
        "text": "\n".join(lines),
        "at": meeting.at.isoformat(),
    }
    return SuggestedWrite(operation=Operation.LOG_ACTIVITY, args=args)


def _promised(minutes: Minutes, sellers: tuple[SalesPerson, ...]) -> Iterator[tuple[ActionItem, SalesPerson]]:
    """What our people are to do."""
    known: Mapping[str, SalesPerson] = {normalise_name(one.name): one for one in sellers}
    for action in minutes.view.actions:
        if (owner := known.get(normalise_name(action.owner))) is not None:
            yield action, owner


def _tasks(meeting: Interaction, minutes: Minutes, sellers: tuple[SalesPerson, ...]) -> Iterator[SuggestedWrite]:
    dated = [(action, owner, action.due) for action, owner in _promised(minutes, sellers) if action.due is not None]
    for action, owner, due in dated[:_MOST_TASKS]:
        args = {
            "account": meeting.account_id,
            "subject": _line(action.text),
            "due_on": due.isoformat(),
            "assignee": owner.name,
        }
        yield SuggestedWrite(operation=Operation.CREATE_TASK, args=args, at=action.at, evidence=action.evidence)


def _next_step(meeting: Interaction, minutes: Minutes, sellers: tuple[SalesPerson, ...]) -> Iterator[SuggestedWrite]:
    """What our people do first."""
    first = min(
        _promised(minutes, sellers),
        key=lambda one: (one[0].due is None, one[0].due or meeting.at.date(), one[0].turn),
        default=None,
    )
    if first is not None:
        args = {"account": meeting.account_id, "next_step": _line(first[0].text)}
        yield SuggestedWrite(operation=Operation.SET_NEXT_STEP, args=args, at=first[0].at, evidence=first[0].evidence)


def _previewed(platform: Platform, caller: Caller, wanted: SuggestedWrite) -> SuggestedWrite:
    try:
        proposal = resolve_proposal(platform, caller, wanted.operation, wanted.args)
    except (HubError, SourceError) as error:
        return wanted.model_copy(update={"reason": str(error)})
    return wanted.model_copy(update={"preview": proposal.preview})


def _line(text: str) -> str:
    """The text on one line, as long as a subject may be."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
