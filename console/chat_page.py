"""The assistant: ask, watch it look things up, read the answer with its sources, decide what it proposes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from nicegui import ui
from starlette.requests import Request

from console.chat_examples import examples_for
from console.chat_sources import SourcesPanel
from console.chat_threads import Groups, ThreadList
from console.chat_view import ChatView
from console.chat_words import ChatWords, load_chat_words
from console.elements import Tag
from console.frame import explain, explain_refusal, frame
from console.proposal_card import ProposalCard, load_cards
from console.session import Session, open_session
from core.domain.accounts import Account
from core.errors import HubError, NotFoundError
from hub.accounts.overview import find_account
from hub.chat.asking import ThreadDetail, get_thread
from hub.installation import Platform

_STYLE = Path(__file__).parent / "chat.css"
# A machine that is busy answers late, but it answers.
_PATIENCE_S = 60.0
# Escape stops an answer, else puts away what lies over the conversation; keys are not sent anywhere for that.
_ESCAPE = """<script>
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector(".q-dialog")) return;
  const wanted = [".go.stop:not(.hidden)", ".threads.open .close", ".sources.open .close"];
  wanted.map((each) => document.querySelector(each)).find((each) => each)?.click();
});
</script>"""


def add_chat_pages(platform: Platform) -> None:
    """Register the pages at `/chat`, with `?account=ID` about a customer, and `/chat/{thread_id}`."""

    @ui.page("/chat", response_timeout=_PATIENCE_S)
    async def new(request: Request, account: str = "") -> None:
        await _open(open_session(platform, request), None, account or None)

    @ui.page("/chat/{thread_id}", response_timeout=_PATIENCE_S)
    async def one(thread_id: str, request: Request) -> None:
        await _open(open_session(platform, request), thread_id, None)


@dataclass(frozen=True)
class _Found:
    """What the page shows, as read before it is drawn."""

    groups: Groups
    detail: ThreadDetail | None
    account: Account | None
    cards: dict[str, ProposalCard]
    examples: list[str]


async def _open(session: Session, thread_id: str | None, account_id: str | None) -> None:
    words = load_chat_words(session.lang)
    threads = ThreadList(session, words)
    say = words.say
    try:
        found = await asyncio.to_thread(_read, session, words, threads, thread_id, account_id)
    except NotFoundError:
        what = "unknown" if thread_id else "no_account"
        with frame(session, say(what), "chat"):
            explain(session, say(what), say(f"{what}_text"))
        return
    except HubError as error:
        with frame(session, say("title"), "chat"):
            explain_refusal(session, session.say("error_title"), error)
        return
    with frame(session, found.detail.thread.title if found.detail else say("title"), "chat"):
        ui.add_head_html(f"<style>{_STYLE.read_text('utf-8')}</style>")
        ui.add_body_html(_ESCAPE)
        _draw(session, words, threads, found)


def _draw(session: Session, words: ChatWords, threads: ThreadList, found: _Found) -> None:
    about = found.account
    with ui.element("div").classes("chat"):
        threads.build(found.groups, found.detail.thread.id if found.detail else None)
        with Tag("section", classes="talk"):
            with Tag("header"):
                threads.toggle()
                heading = Tag("h1", found.detail.thread.title if found.detail else "")
                heading.set_visibility(found.detail is not None)
                if about is not None:
                    Tag("a", words.say("about", account=about.name)).props(f"href=/accounts/{about.id}")
            place = ui.element("div").classes("place")
        panel = SourcesPanel(words)
        with place:
            starting = about if found.detail is None else None
            view = ChatView(session, words, found.detail, starting, threads.refresh)
            view.build(panel, heading, found.examples, found.cards)


def _read(
    session: Session, words: ChatWords, threads: ThreadList, thread_id: str | None, account_id: str | None
) -> _Found:
    platform, caller = session.platform, session.caller
    detail = get_thread(platform, caller, thread_id) if thread_id else None
    named = detail.thread.account_id if detail else account_id
    account = find_account(platform, caller, named) if named else None
    return _Found(
        groups=threads.load(),
        detail=detail,
        account=account,
        cards=load_cards(session, words, [turn.answer for turn in detail.turns] if detail else []),
        examples=[] if detail else examples_for(session, words, account),
    )
