"""The hub's part of the workload: somebody who asks and lets decide, and the workers that send."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate

from core.domain.effects import EffectStatus, SeatStatus
from core.errors import ConflictError, ForbiddenError, HubError
from core.ports.effects import Targets
from core.settings import Settings
from evals.bench.chaos.plan import DECIDERS, EXPIRES_AT_ONCE, REP, Fate, Item
from evals.bench.chaos.workers import Board, pause
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due, release_leases
from hub.effects.endings import expire_effects, withdraw_effect
from hub.effects.ledger import get_effect, propose_effect
from hub.installation import Platform
from hub.platform import open_platform

_AHEAD = 40
_IDLE_S = 0.01

OpenTargets = Callable[[], Targets]


@contextmanager
def opened(settings: Settings, open_targets: OpenTargets | None) -> Iterator[Platform]:
    """The installation, in a process that is going to be killed."""
    with open_platform(settings, targets=open_targets() if open_targets else None) as platform:
        yield platform


def author(settings: Settings, open_targets: OpenTargets | None, plan: Sequence[Item]) -> Callable[[Board], None]:
    """A job that has every effect proposed and decided, in order, a little ahead of what the target holds.

    Killed, it takes up the effect it was at, as a client does that got no answer.
    """
    due = list(accumulate((item.fate is Fate.RUN for item in plan), initial=0))

    def work(board: Board) -> None:
        with opened(settings, open_targets) as platform:
            while board.asked < len(plan) and not board.stopping:
                if due[board.asked] >= board.written + _AHEAD:
                    pause(_IDLE_S)
                    continue
                ask(platform, plan[board.asked])
                board.asked += 1
            while not board.stopping:
                pause(_IDLE_S)

    return work


def sender(settings: Settings, open_targets: OpenTargets | None, name: str) -> Callable[[Board], None]:
    """A job that sends what is due, under a name that its successors have too."""

    def work(board: Board) -> None:
        with opened(settings, open_targets) as platform:
            release_leases(platform, name)
            while not board.stopping:
                if not dispatch_due(platform, name):
                    expire_effects(platform)
                    pause(_IDLE_S)

    return work


def ask(platform: Platform, item: Item) -> None:
    """Propose an effect and have it decided as planned; safe to repeat."""
    asking = platform
    if item.fate is Fate.EXPIRE:
        brief = platform.settings.model_copy(update={"effect_expires_after": EXPIRES_AT_ONCE})
        asking = replace(platform, settings=brief)
    effect = propose_effect(asking, REP, item.proposal, request_key=item.mark, origin="bench")
    if item.fate is Fate.WITHDRAW:
        # What a killed process had withdrawn is refused now.
        _ignoring_refusals(lambda: withdraw_effect(platform, REP, effect.id))
    elif item.fate is not Fate.LEAVE:
        _decide(platform, effect.id, item.fate)


def _decide(platform: Platform, effect_id: str, fate: Fate) -> None:
    while True:
        detail = get_effect(platform, REP, effect_id)
        waiting = [seat for seat in detail.seats if seat.status is SeatStatus.OPEN]
        if detail.effect.status is not EffectStatus.PROPOSED or not waiting:
            return
        seat = min(waiting, key=lambda seat: seat.position)
        approve, digest = fate is not Fate.REJECT, detail.effect.digest
        refused = _ignoring_refusals(
            lambda seat=seat, approve=approve, digest=digest: decide_effect(  # type: ignore[misc]
                platform, DECIDERS[seat.role], effect_id, approve=approve, reason="as planned", digest=digest
            )
        )
        if refused and fate is Fate.EXPIRE:
            return


def _ignoring_refusals(act: Callable[[], object]) -> HubError | None:
    """Why the act was refused, if it was."""
    try:
        act()
    except (ConflictError, ForbiddenError) as error:
        return error
    return None
