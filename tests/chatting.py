"""A company that is asked about in chat, with an understanding that follows a script: what a message means is given."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from agents.understanding.dialogue import Dialogue, Focus, Status, Understanding
from agents.understanding.names import Names
from core.domain.chat import Answer, Call, Choice, Reason
from core.domain.chat_events import ChatEvent, Done
from core.identity import Caller, Role
from core.language import Lang, detect_language
from core.settings import Settings
from evals.bench.model_server.serving import ModelServer, Reply, open_model_server
from hub.chat.asking import ask
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform
from tests.databases import migrated_home
from tests.effect_company import SetClock, person
from tests.small_company import write_small_company

TENANT = "t"
REP = person("rep", Role.REP)
OTHER_REP = person("other", Role.REP)
NORTH = person("north", Role.REP, regions=frozenset({"North"}))
ANALYST = person("analyst", Role.ANALYST)
SUPPLY = person("supply", Role.SUPPLY_CHAIN)
ABROAD = person("rep", Role.REP, tenant="elsewhere")

STOCK = ("check_stock", {"product_ids": ["VX-10"]})
ACCOUNT = ("find_account", {"account_id": "A1"})
SAID = ("find_interactions", {"account_id": "A1"})
RESERVE = (
    "reserve_stock",
    {"account": "A1", "product": "VX-10", "quantity": 5, "until": "2026-06-30"},
)
NEXT_STEP = ("set_next_step", {"account": "A1", "deal": "O1", "next_step": "Call Ada"})

Wanted = tuple[str, dict[str, Any]]

# As in an installation, models outlive loops: one that is collected while its loop lives leaves connections open.
_KEPT: list[Any] = []


@dataclass
class Script:
    """Stands in for the embedded engine: what is meant by the messages in order, the last one for good."""

    meant: list[Understanding] = field(default_factory=list)
    seen: list[tuple[str, Dialogue]] = field(default_factory=list)

    def __call__(
        self,
        question: str,
        dialogue: Dialogue,
        names: Names,
        today: date,
        *,
        lang: Lang | None = None,
        threshold: float = 0.8,
    ) -> Understanding:
        """What the script says; the focus follows the calls."""
        del names, today, threshold
        self.seen.append((question, dialogue))
        meant = self.meant.pop(0) if len(self.meant) > 1 else self.meant[0]
        accounts = [call.args["account_id"] for call in meant.calls if "account_id" in call.args]
        focus = Focus(account_id=accounts[-1]) if accounts else dialogue.focus
        after = Dialogue(focus=focus, last_calls=meant.calls)
        return meant.model_copy(update={"lang": lang or detect_language(question), "dialogue": after})


def means(*calls: Wanted, confidence: float = 0.97, uncovered: Sequence[str] = ()) -> Understanding:
    """A message that means these calls."""
    return Understanding(
        status=Status.PLAN,
        calls=tuple(Call(agent="?", tool=tool, args=args) for tool, args in calls),
        confidence=confidence,
        uncovered=tuple(uncovered),
        lang="en",
    )


def refused(reason: Reason) -> Understanding:
    """A message that the engine gives up on."""
    return Understanding(status=Status.REFUSE, reason=reason, confidence=0.1, lang="en")


def unclear(asking: str, *choices: str) -> Understanding:
    """A message that is asked back about."""
    return Understanding(
        status=Status.CLARIFY,
        reason=Reason.AMBIGUOUS_NAME,
        asking=asking,
        choices=tuple(Choice(label=each, message=each) for each in choices),
        confidence=0.5,
        lang="en",
    )


@dataclass
class Chat:
    """The company, and what comes of questions to it."""

    platform: Platform
    clock: SetClock
    script: Script

    def will_mean(self, *meant: Understanding) -> None:
        """What the next messages mean."""
        self.script.meant = [*meant]

    async def ask(self, question: str, by: Caller = REP, **named: Any) -> Answer:
        """The answer."""
        return (await self.events(question, by, **named))[-1].answer  # type: ignore[union-attr]

    async def events(self, question: str, by: Caller = REP, **named: Any) -> list[ChatEvent]:
        """Everything that is told."""
        async with aclosing(ask(self.platform, by, question, **named)) as events:
            return [event async for event in events]


@contextmanager
def open_chat(url: str | None = None, **settings: Any) -> Iterator[Chat]:
    """The company on a fresh database, asked on a day in May 2026."""
    clock, script = SetClock(), Script([refused(Reason.NEEDS_MODEL)])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        given = {
            "home": migrated_home(home / "home"),
            "database_url": url,
            "embedding_model": "none",
            "audit_key": "key",
            **settings,
        }
        with open_platform(Settings.model_validate(given), clock=clock) as platform:
            report = import_files(platform, [write_small_company(home / "files")], tenant=TENANT)
            assert report.refused == []
            platform.chat.understand = script
            yield Chat(platform, clock, script)


@contextmanager
def open_chat_with_model(*replies: Reply, **settings: Any) -> Iterator[tuple[Chat, ModelServer]]:
    """The company with a model behind the protocol, which answers with the replies in order, the last one for good."""
    with open_model_server(*replies) as server:
        remote = {"openai_base_url": server.url, "openai_api_key": None, "planner_model": "big", "writer_model": "big"}
        with open_chat(**remote, **settings) as chat:
            _KEPT.append(chat.platform.models)
            yield chat, server


async def last_of(events: AsyncIterator[ChatEvent]) -> Answer:
    """The answer at the end."""
    async for event in events:
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("no answer")
