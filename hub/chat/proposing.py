"""Writes asked for in chat: each becomes a proposed effect, told with what it changes and who must agree."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from core.domain.chat import Call, Source, Statement
from core.domain.claims import ClaimState
from core.domain.effects import Change, Effect, EffectStatus, SeatStatus
from core.identity import Caller
from core.language import Lang
from graphs.chat.outcomes import HUB
from graphs.chat.state import ChatTool, Reach, Said
from hub.directory import name_accounts
from hub.effects.ledger import get_effect
from hub.effects.proposing import propose
from hub.installation import Platform
from hub.rendering.effects import EffectWords, load_effect_words
from prompts.loader import load_phrases
from tools.registry import WRITE_TOOLS
from tools.spec import ToolArgs, WriteSpec

_SHOWN = 4
_LONGEST = 120


class InHand:
    """Writes of a turn that are under way; one that was begun is always told, also when the turn is stopped."""

    def __init__(self) -> None:
        self._begun: dict[str, asyncio.Task[Said]] = {}

    async def carry_out(self, call: Call, work: Callable[[], Said]) -> Said:
        """Do the work in a thread of its own, which ends whether or not anybody waits for it."""
        task = asyncio.create_task(asyncio.to_thread(work))
        self._begun[key_of(call)] = task
        return await asyncio.shield(task)

    async def settle(self, told: Sequence[Said]) -> list[Said]:
        """What came of writes that are not among those `told`."""
        known = {key_of(each.call) for each in told}
        rest = [task for key, task in self._begun.items() if key not in known]
        ended = await asyncio.gather(*rest, return_exceptions=True)
        return [each for each in ended if isinstance(each, Said)]


def key_of(call: Call) -> str:
    """What tells one call from another."""
    return hashlib.sha256(json.dumps([call.tool, call.args], sort_keys=True).encode()).hexdigest()[:24]


def proposing_tools(platform: Platform, caller: Caller, turn: str, lang: Lang, in_hand: InHand) -> list[ChatTool]:
    """Every write tool, as a tool of chat that only proposes; the same call twice in one turn is one effect."""

    def tool(spec: WriteSpec[Any]) -> ChatTool:
        async def run(call: Call, args: ToolArgs) -> Said:
            given = args.model_dump(mode="json", exclude_unset=True)

            def work() -> Said:
                key = f"chat/{turn}/{key_of(call)}"
                effect = propose(platform, caller, spec.name, given, request_key=key, origin="chat")
                return told_effect(platform, caller, call, effect, lang)

            return await in_hand.carry_out(call, work)

        return ChatTool(spec.name, HUB, spec.purpose, spec.args_model, run, writes=True, facts=False)

    return [tool(spec) for spec in WRITE_TOOLS.values()]


def told_effect(platform: Platform, caller: Caller, call: Call, effect: Effect, lang: Lang) -> Said:
    """What was proposed: old and new values shortly, and who must agree."""
    words, book = load_effect_words(lang), load_phrases("chat")
    params: dict[str, object] = {
        "what": words.say.name(effect.payload.operation),
        "account": account_names(platform, caller, [effect])[effect.account_id],
        "changes": words.say.chain(_changes(words, effect, lang)),
    }
    kind = "proposed_allowed"
    if effect.status is EffectStatus.PROPOSED:
        seats = get_effect(platform, caller, effect.id).seats
        waiting = dict.fromkeys(words.say.name(seat.role) for seat in seats if seat.status is SeatStatus.OPEN)
        kind = "proposed_waiting"
        params["who"] = list(waiting)
    text = book.render(kind, lang, **params)
    source = effect_source(effect, words)
    statement = Statement(text=text, agent=HUB, state=ClaimState.SUPPORTED, sources=(source.id,))
    return Said(
        call=call,
        statements=(statement,),
        sources=(source,),
        proposals=(effect.id,),
        rights=(rights_of(effect),),
    )


def effect_source(effect: Effect, words: EffectWords) -> Source:
    """The effect as what a sentence rests on."""
    return Source(id=f"hub:effect:{effect.id}", system=HUB, record=effect.id, quote=words.gist(effect))


def rights_of(effect: Effect) -> Reach:
    """Who may read of the effect: whoever sees the region of its account."""
    return effect.facts.region, ()


def account_names(platform: Platform, caller: Caller, effects: Sequence[Effect]) -> dict[str, str]:
    """The accounts' names by id; the id itself where there is none."""
    ids = [effect.account_id for effect in effects]
    return {id_: id_ for id_ in ids} | name_accounts(platform, caller, ids)


def _changes(words: EffectWords, effect: Effect, lang: Lang) -> list[str]:
    book = load_phrases("chat")
    told = [_change(words, effect, change, lang) for change in effect.preview[:_SHOWN]]
    more = len(effect.preview) - _SHOWN
    return [*told, book.render("changes_more", lang, count=more)] if more > 0 else told


def _change(words: EffectWords, effect: Effect, change: Change, lang: Lang) -> str:
    book, new = load_phrases("chat"), _short(words.value(effect, change, change.new))
    if change.old is None:
        return book.render("change_new", lang, field=words.field(change), new=new)
    old = _short(words.value(effect, change, change.old))
    return book.render("change", lang, field=words.field(change), old=old, new=new)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
