"""What is on its way, in chat: the caller's own proposals, and what waits for the caller to decide."""

import asyncio
from collections.abc import Sequence

from core.domain.chat import Call, Statement
from core.domain.claims import ClaimState
from core.domain.effects import Effect, EffectStatus, SeatStatus
from core.domain.reviews import ReviewTask
from core.identity import Caller
from core.language import Lang
from graphs.chat.outcomes import HUB, hub_says
from graphs.chat.state import ChatTool, Said
from hub.chat.proposing import account_names, effect_source, rights_of
from hub.effects.decisions import may_fill
from hub.effects.ledger import list_effects
from hub.installation import Platform
from hub.rendering.effects import load_effect_words
from hub.rendering.labels import load_labels
from hub.reviews.reading import list_reviews
from prompts.loader import load_phrases
from tools.spec import NoArgs, ToolArgs

_MOST = 8
_LOOKED_AT = 200


class ListEffectsArgs(ToolArgs):
    """Arguments of `list_effects`."""

    status: EffectStatus | None = None
    account_id: str | None = None


def waiting_tools(platform: Platform, caller: Caller, lang: Lang) -> list[ChatTool]:
    """`list_effects`, `list_tasks` and `help`; all of them read."""

    async def effects(call: Call, args: ToolArgs) -> Said:
        assert isinstance(args, ListEffectsArgs)  # noqa: S101
        return await asyncio.to_thread(_effects, platform, caller, call, args, lang)

    async def tasks(call: Call, args: ToolArgs) -> Said:
        del args
        return await asyncio.to_thread(_tasks, platform, caller, call, lang)

    async def explain(call: Call, args: ToolArgs) -> Said:
        del args
        book = load_phrases("chat")
        texts = [book.render(kind, lang) for kind in ("what_i_can_do", "help")]
        return Said(call=call, statements=tuple(map(hub_says, texts)))

    return [
        ChatTool("list_effects", HUB, "What became of the writes that the user proposed", ListEffectsArgs, effects),
        ChatTool("list_tasks", HUB, "What waits for the user: reviews and writes to decide", NoArgs, tasks),
        ChatTool("help", HUB, "What the assistant can do; greetings and thanks, too", NoArgs, explain, facts=False),
    ]


def _effects(platform: Platform, caller: Caller, call: Call, args: ListEffectsArgs, lang: Lang) -> Said:
    found = list_effects(platform, caller, status=args.status, account_id=args.account_id, limit=_LOOKED_AT)
    mine = [effect for effect in found if effect.proposed_by.user == caller.user][:_MOST]
    if not mine:
        return Said(call=call, statements=(hub_says(load_phrases("chat").render("effect_none", lang)),))
    words = load_effect_words(lang)
    told = {effect.id: words.say.name(effect.status) for effect in mine}
    return _said(platform, caller, call, mine, phrase="effect_line", lang=lang, told=told)


def _tasks(platform: Platform, caller: Caller, call: Call, lang: Lang) -> Said:
    reviews = list_reviews(platform, caller, mine=True, limit=_MOST)
    proposed = list_effects(platform, caller, status=EffectStatus.PROPOSED, limit=_LOOKED_AT)
    mine = [effect for effect in proposed if _waits_for(platform, caller, effect)][:_MOST]
    book = load_phrases("chat")
    if not reviews and not mine:
        return Said(call=call, statements=(hub_says(book.render("task_none", lang)),))
    by = {effect.id: effect.proposed_by.user for effect in mine}
    told = _said(platform, caller, call, mine, phrase="task_effect", lang=lang, told=by)
    statements = tuple(_review(task, lang) for task in reviews)
    return told.model_copy(update={"statements": (*statements, *told.statements)})


def _waits_for(platform: Platform, caller: Caller, effect: Effect) -> bool:
    """Whether it is the caller's turn to decide the effect, which is not their own."""
    if effect.proposed_by.user == caller.user:
        return False
    with platform.store.read() as unit:
        seats = unit.effects.seats(caller.tenant, effect.id)
    waiting = [seat for seat in seats if seat.status is SeatStatus.OPEN]
    turn = min((seat.position for seat in waiting), default=0)
    decided = any(seat.decided_by == caller.user for seat in seats)
    return not decided and any(seat.position == turn and may_fill(caller, seat) for seat in waiting)


def _review(task: ReviewTask, lang: Lang) -> Statement:
    text = load_phrases("chat").render(
        "task_review",
        lang,
        department=load_labels(lang).name(task.review.department),
        account=task.account,
        due=task.review.due_at,
    )
    return hub_says(text)


def _said(
    platform: Platform,
    caller: Caller,
    call: Call,
    effects: Sequence[Effect],
    *,
    phrase: str,
    lang: Lang,
    told: dict[str, str],
) -> Said:
    """A sentence on each effect; `told` is what the phrase says of it beside its name: its status, or by whom."""
    words, names = load_effect_words(lang), account_names(platform, caller, effects)
    field = "status" if phrase == "effect_line" else "who"
    statements, sources = [], []
    for effect in effects:
        shown = {"what": words.gist(effect), "account": names[effect.account_id]}
        text = load_phrases("chat").render(phrase, lang, **shown, **{field: told[effect.id]})
        source = effect_source(effect, words)
        sources.append(source)
        statements.append(Statement(text=text, agent=HUB, state=ClaimState.SUPPORTED, sources=(source.id,)))
    return Said(
        call=call,
        statements=tuple(statements),
        sources=tuple(sources),
        rights=tuple({rights_of(effect): None for effect in effects}),
    )
