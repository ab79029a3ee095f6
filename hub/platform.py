"""The one composition root: what an installation is made of, put together once for every door."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from connectors.sandbox import Faults, build_sandbox, build_targets
from core.errors import SetupError
from core.ports.changes import ChangeFeed
from core.ports.clock import Clock, SystemClock
from core.ports.effects import Targets
from core.ports.embedder import Embedder
from core.ports.speech import SpeechEngine
from core.ports.systems import Systems
from core.settings import Settings
from core.telemetry import set_up_logging
from db.store import Store, open_store
from hub.auditing import load_audit_key
from hub.installation import Platform
from hub.recalling import StoredMemory
from memory.embedders import open_embedder
from memory.index import VectorIndex

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel


@contextmanager
def open_platform(
    settings: Settings,
    *,
    chat_model: "BaseChatModel | None" = None,
    clock: Clock | None = None,
    systems: Systems | None = None,
    targets: Targets | None = None,
    feeds: Mapping[str, ChangeFeed] | None = None,
    embedder: Embedder | None = None,
    speech: SpeechEngine | None = None,
    work: bool = False,
    worker: str | None = None,
    accept: bool = False,
) -> Iterator[Platform]:
    """Open an installation; parts passed in replace the built ones.

    `work` makes this process a worker, under the name `worker` or the next free one; `accept` lets it accept jobs that
    workers elsewhere do. Raises SetupError when the records cannot be opened, ConflictError when another live worker
    has the name.
    """
    set_up_logging(settings.log_level)
    faults = _read_faults(settings)
    _make_home(settings)
    with ExitStack() as stack:
        audit_key = load_audit_key(settings)
        store = stack.enter_context(
            open_store(settings.records_url, audit_key=audit_key, idle_limit=settings.longest_idle)
        )
        embedder = embedder or open_embedder(settings)
        clock = clock or SystemClock()
        index = VectorIndex(settings.index_folder, settings.chroma_url)
        stack.callback(index.close)
        outside = _outside(settings, store, clock, faults)
        platform = Platform(
            settings=settings,
            store=store,
            systems=systems or outside.systems,
            targets=targets or outside.targets,
            memory=StoredMemory(store, embedder, faults, index),
            embedder=embedder,
            index=index,
            clock=clock,
            chat_model=chat_model,
            speech_engine=speech,
            feeds=outside.feeds if feeds is None else feeds,
        )
        if work:
            from hub.workers.working import working  # noqa: PLC0415 - the job engine is slow to load

            stack.enter_context(working(platform, worker))
        elif accept:
            from hub.workers.working import submitting  # noqa: PLC0415

            stack.enter_context(submitting(platform))
        yield platform


def _make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"{settings.home} cannot be made a folder ({error.strerror})",
            field="home",
            remedy="Name a folder that can be written, with --home or SALESHUB_HOME.",
        ) from error


@dataclass(frozen=True)
class _Outside:
    """The systems of record: what reads them, writes to them, and tells what others changed."""

    systems: Systems
    targets: Targets
    feeds: Mapping[str, ChangeFeed]


def _outside(settings: Settings, store: Store, clock: Clock, faults: Faults) -> _Outside:
    sandbox = build_sandbox(store.records_port(), faults)
    targets = build_targets(store.keyed_writes_port(), clock, faults)
    if settings.tryton_url is None:
        return _Outside(sandbox, targets, {})
    from connectors.tryton import build_tryton  # noqa: PLC0415 - only who has one needs it

    tryton = build_tryton(settings.tryton_url.get_secret_value(), sandbox, clock=clock)
    return _Outside(tryton, {**targets, **tryton.targets}, {"tryton": tryton.changes})


def _read_faults(settings: Settings) -> Faults:
    try:
        return Faults.model_validate(settings.sandbox_faults)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SetupError(
            f"at {where}: {first['msg']}",
            field="SALESHUB_SANDBOX_FAULTS",
            remedy='Write it like {"erp": {"down": true}}.',
        ) from error
