"""Nothing runs without a valid approval: `python -m evals.bench.unapproved --attempts 5000`.

Each attempt proposes an effect that needs approval, then tries to have it written by one of the ways below, as a
person with an account, as clicks at once, or as somebody who can change every row of the database. The dispatcher
runs after every batch. What was executed is counted in the records of the systems that were written to.
"""

import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import psycopg

from core.domain.effects import Change, Effect, EffectFacts, Proposal, RiskClass
from core.domain.payloads import ReserveStock, ScheduleSignature
from core.errors import HubError
from core.identity import Caller, Role
from evals.bench.chaos.counting import held_by_sandbox
from evals.bench.chaos.plan import ACCOUNTS, EXPIRES_AT_ONCE, REP, TENANT, mark_of, person, records_of
from evals.bench.chaos.trial import fresh_settings
from evals.bench.forging import FORGERIES, SUPPLY
from evals.bench.report import Figures, build_parser, print_figures
from hub.effects.decisions import decide_effect
from hub.effects.dispatching import dispatch_due
from hub.effects.endings import expire_effects, withdraw_effect
from hub.effects.ledger import propose_effect
from hub.installation import Platform
from hub.platform import open_platform

_BATCH = 100
_CLICKS = 4
BOTH = person("both", Role.LEGAL, Role.MANAGER)
STRANGER = person("supply-chain", Role.SUPPLY_CHAIN, Role.ADMIN, tenant="another")


@dataclass(frozen=True, slots=True)
class Attack:
    """What an attempt has to work with."""

    platform: Platform
    number: int

    def propose(self, by: Caller = REP, *, two_seats: bool = False, expired: bool = False) -> Effect:
        """An effect that needs supply chain, or legal and then a manager."""
        mark, of = mark_of(self.number), self.number % ACCOUNTS
        day = datetime(2030, 1, 15, tzinfo=UTC).date()
        payload = (
            ScheduleSignature(account_id=f"a{of}", contract_id=f"k{of}", on=day, signatories=(mark,))
            if two_seats
            else ReserveStock(account_id=f"a{of}", product_id=f"p{of}", warehouse="Main", quantity=1, until=day)
        )
        platform = self.platform
        if expired:
            brief = platform.settings.model_copy(update={"effect_expires_after": EXPIRES_AT_ONCE})
            platform = replace(platform, settings=brief)
        proposal = Proposal(
            payload=payload,
            risk=RiskClass.HIGH,
            facts=EffectFacts(operation=payload.operation, amount_cny=Decimal(1000)),
            preview=(Change(field="mark", new=mark),),
        )
        return propose_effect(platform, by, proposal, request_key=mark, origin="bench")

    def approve(self, effect: Effect, by: Caller = SUPPLY, digest: str | None = None) -> bool:
        """Whether the approval was taken."""
        try:
            decide_effect(self.platform, by, effect.id, approve=True, reason="", digest=digest)
        except HubError:
            return False
        return True

    def reject(self, effect: Effect) -> None:
        """Let supply chain say no."""
        decide_effect(self.platform, SUPPLY, effect.id, approve=False, reason="no")

    def change(self, *statements: tuple[str, Sequence[str | int]]) -> None:
        """Change rows past the hub."""
        url = self.platform.settings.records_url
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as file, file:
                for text, values in statements:
                    file.execute(text.format(false=0, true=1), values)
            return
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as session:
            for text, values in statements:
                session.execute(text.format(false="false", true="true").replace("?", "%s").encode(), values)


def _other_tenant(attack: Attack) -> None:
    attack.approve(attack.propose(), STRANGER)


def _wrong_role(attack: Attack) -> None:
    attack.approve(attack.propose(), person("finance", Role.FINANCE))


def _self_approved(attack: Attack) -> None:
    own = person("self", Role.REP, Role.SUPPLY_CHAIN, Role.ADMIN)
    attack.approve(attack.propose(own), own)


def _by_the_hub(attack: Attack) -> None:
    attack.approve(attack.propose(), person("hub", Role.ADMIN))


def _expired(attack: Attack) -> None:
    attack.approve(attack.propose(expired=True))


def _replayed_on_rejected(attack: Attack) -> None:
    effect = attack.propose()
    attack.reject(effect)
    attack.approve(effect, digest=effect.digest)
    attack.approve(effect, person("supply-too", Role.SUPPLY_CHAIN), digest=effect.digest)


def _replayed_on_withdrawn(attack: Attack) -> None:
    effect = attack.propose()
    withdraw_effect(attack.platform, REP, effect.id)
    attack.approve(effect, digest=effect.digest)


def _digest_of_another(attack: Attack) -> None:
    attack.approve(attack.propose(), digest="0" * 64)


def _clicks_at_once(attack: Attack) -> None:
    """One person who could fill either seat clicks four times at once: one seat is filled, two are needed."""
    effect = attack.propose(two_seats=True)
    with ThreadPoolExecutor(_CLICKS) as pool:
        taken = list(pool.map(lambda _click: attack.approve(effect, BOTH, effect.digest), range(_CLICKS)))
    if sum(taken) != 1:
        raise RuntimeError(f"{sum(taken)} of {_CLICKS} clicks at once were taken")


def _clicks_and_a_rejection(attack: Attack) -> None:
    """The first seat is refused while the second one's owner clicks as well."""
    effect = attack.propose(two_seats=True)
    legal, manager = person("legal", Role.LEGAL), person("manager", Role.MANAGER)
    with ThreadPoolExecutor(2) as pool:
        refusing = pool.submit(decide_effect, attack.platform, legal, effect.id, approve=False, reason="no")
        pool.submit(attack.approve, effect, manager, effect.digest).result()
        refusing.result()


ATTACKS: tuple[Callable[[Attack], None], ...] = (
    _other_tenant, _wrong_role, _self_approved, _by_the_hub, _expired, _replayed_on_rejected, _replayed_on_withdrawn,
    _digest_of_another, _clicks_at_once, _clicks_and_a_rejection, *FORGERIES,
)  # fmt: skip


def _drain(platform: Platform) -> None:
    while dispatch_due(platform, "w1"):
        pass
    expire_effects(platform)


def measure(attempts: int, database: str = "sqlite") -> Figures:
    """Attempts by kind, and what was executed; `control` effects are approved properly and must all be executed."""
    tried: Counter[str] = Counter()
    with fresh_settings(database) as settings, open_platform(settings) as platform:
        with platform.store.write() as unit:
            unit.records.upsert(TENANT, list(records_of([])), {}, at=datetime.now(UTC))
        control = 0
        for number in range(attempts):
            attack = ATTACKS[number % len(ATTACKS)]
            attack(Attack(platform, number))
            tried[attack.__name__.strip("_")] += 1
            if number % _BATCH == _BATCH - 1 or number == attempts - 1:
                own = Attack(platform, attempts + number)
                control += own.approve(own.propose())
                _drain(platform)
        held = held_by_sandbox(settings.records_url)
        pieces = held.reserved.total()
    return {
        "attempts": attempts,
        "executed": held.marks.total() - control,
        "pieces_too_many": pieces - control,
        "control": control,
        "kinds": len(tried),
        **tried,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when anything was executed."""
    parser = build_parser("unapproved", __doc__)
    parser.add_argument("--attempts", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args(arguments)
    figures = measure(options.attempts, options.database)
    print_figures(figures, as_json=options.json)
    return int(any(figures[name] for name in ("executed", "pieces_too_many")))


if __name__ == "__main__":
    sys.exit(main())
