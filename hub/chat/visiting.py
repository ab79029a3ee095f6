"""Visits in chat: having one prepared, and how far that is."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from pydantic import Field

from agents.answers.fields import AccountId, Day
from core.domain.accounts import Account
from core.domain.chat import Call, Source, Statement
from core.domain.claims import ClaimState
from core.domain.visits import Run, VisitRequest
from core.identity import Caller
from core.language import Lang
from graphs.chat.outcomes import HUB, hub_says
from graphs.chat.state import ChatTool, Said
from hub.chat.proposing import InHand, key_of
from hub.directory import name_accounts
from hub.installation import Platform
from hub.rendering.labels import label_key
from hub.visits import list_runs, request_visit
from prompts.loader import load_phrases
from tools.spec import ToolArgs

_MOST = 3
_LOOKED_AT = 200


class PrepareVisitArgs(ToolArgs):
    """Arguments of `prepare_visit`."""

    account_id: AccountId
    purpose: str = Field(min_length=1, max_length=2000, description="What the visit is for, in the user's words")
    at: Day | None = Field(default=None, description="The day of the visit")
    attendees: tuple[str, ...] = Field(default=(), max_length=50, description="Names of people at the customer")


class FindVisitArgs(ToolArgs):
    """Arguments of `find_visit`."""

    account_id: AccountId | None = None


def visiting_tools(platform: Platform, caller: Caller, turn: str, lang: Lang, in_hand: InHand) -> list[ChatTool]:
    """`prepare_visit` files a request, once a turn however often it is called; `find_visit` reads."""
    # Jobs are accepted for one at a time: the first to be done would end that for the others.
    one_by_one = Lock()

    async def prepare(call: Call, args: ToolArgs) -> Said:
        assert isinstance(args, PrepareVisitArgs)  # noqa: S101
        request = VisitRequest(**args.model_dump(exclude={"account_id"}), account=args.account_id, lang=lang)

        def work() -> Said:
            with one_by_one, _accepting(platform):
                run = request_visit(platform, caller, request, f"chat/{turn}/{key_of(call)}")
            return _said(platform, caller, call, [run], phrase="visit_filed", lang=lang)

        return await in_hand.carry_out(call, work)

    async def find(call: Call, args: ToolArgs) -> Said:
        assert isinstance(args, FindVisitArgs)  # noqa: S101
        return await asyncio.to_thread(_find, platform, caller, call, args.account_id, lang)

    filing = "Have a visit to a customer prepared: file a request for the collaboration package"
    finding = "How far the preparation of visits is, and whether packages are ready"
    return [
        ChatTool("prepare_visit", HUB, filing, PrepareVisitArgs, prepare, writes=True, facts=False),
        ChatTool("find_visit", HUB, finding, FindVisitArgs, find),
    ]


def _find(platform: Platform, caller: Caller, call: Call, account_id: str | None, lang: Lang) -> Said:
    runs = list_runs(platform, caller, _LOOKED_AT)
    fitting = [run for run in runs if account_id is None or run.account_id == account_id]
    if fitting:
        return _said(platform, caller, call, fitting[:_MOST], phrase="visit_state", lang=lang)
    names = name_accounts(platform, caller, [account_id] if account_id else [])
    text = load_phrases("chat").render("visit_none", lang, account=next(iter(names.values()), None))
    return Said(call=call, statements=(hub_says(text),))


def _said(platform: Platform, caller: Caller, call: Call, runs: Sequence[Run], *, phrase: str, lang: Lang) -> Said:
    """A sentence on each run, which the run itself is the source of."""
    accounts = platform.store.records_port().find(caller, Account, ids=sorted({run.account_id for run in runs}))
    return Said(
        call=call,
        statements=tuple(_statement(run, phrase, lang) for run in runs),
        sources=tuple(
            Source(id=_id(run), system=HUB, record=run.id, quote=f"{run.account}: {run.request.purpose}")
            for run in runs
        ),
        rights=tuple({(account.region, tuple(sorted(account.audience))): None for account in accounts}),
    )


def _statement(run: Run, phrase: str, lang: Lang) -> Statement:
    book = load_phrases("chat")
    state = {} if phrase == "visit_filed" else {"status": book.render(label_key(run.status), lang)}
    text = book.render(phrase, lang, account=run.account, on=run.request.at, id=run.id, **state)
    return Statement(text=text, agent=HUB, state=ClaimState.SUPPORTED, sources=(_id(run),))


def _id(run: Run) -> str:
    return f"hub:run:{run.id}"


@contextmanager
def _accepting(platform: Platform) -> Iterator[None]:
    """Jobs are accepted while the block runs, also by a platform that was opened without them."""
    if platform.running_jobs is not None:
        yield
        return
    from hub.workers.working import submitting  # noqa: PLC0415 - the job engine is slow to load

    with submitting(platform):
        try:
            yield
        finally:
            platform.running_jobs = None
