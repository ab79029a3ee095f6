"""An opened installation: its parts, as use cases are given them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from core.errors import SetupError
from core.identity import Caller, local_owner
from core.model_settings import ModelRole
from core.ports.changes import ChangeFeed
from core.ports.clock import Clock
from core.ports.effects import Targets
from core.ports.embedder import Embedder
from core.ports.memory import Memory
from core.ports.speech import SpeechEngine
from core.ports.systems import Systems
from core.settings import Settings
from db.store import Store
from hub.access.rates import Rates
from hub.effects.breaker import Breaker
from hub.spending import Ledger
from memory.index import VectorIndex

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

    from graphs.models.build import Models
    from graphs.models.model import Model
    from graphs.visit.graph import VisitGraph
    from hub.chat.parts import ChatParts
    from hub.workers.jobs import Jobs
    from hub.workers.working import Work


@dataclass
class Platform:
    """One installation, opened. Parts that are slow to import are made on first use."""

    settings: Settings
    store: Store
    systems: Systems
    targets: Targets
    memory: Memory
    embedder: Embedder | None
    index: VectorIndex
    clock: Clock
    chat_model: "BaseChatModel | None" = None
    speech_engine: SpeechEngine | None = None
    running_jobs: "Jobs | None" = None
    # Systems that can be asked what others changed in them.
    feeds: Mapping[str, ChangeFeed] = field(default_factory=dict)
    work: "Work | None" = None
    breaker: Breaker = field(default_factory=Breaker)
    # What runs of this process spend on models.
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def jobs(self) -> "Jobs":
        """The job queue; SetupError when the platform was opened without it."""
        if self.running_jobs is None:
            raise SetupError("no job queue", field="work", remedy="Open the platform with work=True or accept=True.")
        return self.running_jobs

    @property
    def worker(self) -> str | None:
        """Name of the worker in this process, if there is one."""
        return None if self.work is None else self.work.name

    def wake(self, loop: str) -> None:
        """Let a loop of this process, if it has any, look at once instead of at its next round."""
        if self.work is not None:
            self.work.wake(loop)

    @cached_property
    def graph(self) -> "VisitGraph":
        """The compiled visit graph."""
        from graphs.visit.graph import build_visit_graph  # noqa: PLC0415

        return build_visit_graph()

    @cached_property
    def speech(self) -> SpeechEngine:
        """What hears recordings; where it does so on this machine, its model is loaded when it is first used."""
        from connectors.speech.choosing import open_speech  # noqa: PLC0415

        return self.speech_engine or open_speech(self.settings)

    @cached_property
    def chat(self) -> "ChatParts":
        """What the questions asked in this process share."""
        from hub.chat.parts import ChatParts  # noqa: PLC0415

        return ChatParts(self.store)

    @cached_property
    def models(self) -> "Models | None":
        """The language models by role; None without an endpoint. SetupError when they are set up inconsistently."""
        if self.chat_model is None and not self.settings.has_model:
            return None
        from graphs.models.build import build_models  # noqa: PLC0415

        return build_models(self.settings, self.chat_model)

    @property
    def writer(self) -> "Model | None":
        """The language model that rewords packages, if there is one."""
        return None if self.models is None else self.models.of(ModelRole.WRITER)

    def owner(self, tenant: str | None = None) -> Caller:
        """The owner of the installation, in `tenant` or in the only one there is.

        While it is open, that is whoever sits at the keyboard, who stands in for everybody.
        """
        with self.store.read() as unit:
            owner = local_owner(unit.tenants.require(tenant) if tenant else unit.tenants.only())
            has_doors = self.settings.has_doors or unit.credentials.any_exist()
        return owner.model_copy(update={"stands_in": False}) if has_doors else owner

    @cached_property
    def rates(self) -> Rates:
        """How much each caller may ask of this process in a while."""
        return Rates(self.settings)
