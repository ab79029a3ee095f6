"""Attempts by somebody who can change every row of the database, but does not have the key of the audit log."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from core.audit_chain import Line, canonical, hash_of, moment_of
from core.domain.effects import Effect, Route, Verdict, digest_of_payload
from core.identity import Caller, Role
from evals.bench.chaos.plan import REP, TENANT, person
from hub.effects.endings import withdraw_effect
from hub.effects.ledger import get_effect
from hub.installation import Platform

_QUEUE = (
    "INSERT INTO outbox (tenant, effect_id, undo, status, attempts, due_at, lease, created_at)"
    " SELECT tenant, id, {undo}, 'waiting', 0, created_at, 0, created_at FROM effects WHERE id = ?"
)
QUEUE, QUEUE_UNDO = _QUEUE.replace("{undo}", "{false}"), _QUEUE.replace("{undo}", "{true}")
_REQUEUE = "UPDATE outbox SET status = 'waiting', attempts = 0, lease = 0, done_at = NULL WHERE effect_id = ?"
APPROVED = "UPDATE effects SET status = 'approved' WHERE id = ?"
SEATED = "UPDATE approvals SET status = 'approved', decided_by = 'supply-chain', digest = ? WHERE effect_id = ?"
_SEATED_AT = "UPDATE approvals SET decided_at = (SELECT created_at FROM effects WHERE id = ?) WHERE effect_id = ?"
EDIT = "UPDATE effects SET payload = replace(payload, '\"quantity\":1,', '\"quantity\":1000,') WHERE id = ?"
DIGEST = "UPDATE effects SET digest = ? WHERE id = ?"
SEAT_DIGEST = "UPDATE approvals SET digest = ? WHERE effect_id = ?"
UNSEAT = "DELETE FROM approvals WHERE effect_id = ?"
_ROUTE = "UPDATE effects SET route = ? WHERE id = ?"
_LATER = "UPDATE effects SET expires_at = '2099-01-01 00:00:00.000000' WHERE id = ?"
_RECORD = (
    "INSERT INTO audit_log (tenant, seq, at, actor, action, subject, body, prev, hash)"
    " SELECT tenant, ?, created_at, ?, ?, id, ?, ?, {hash} FROM effects WHERE id = ?"
)
_WITH_HASH, _WITH_A_REAL_HASH = (
    _RECORD.replace("{hash}", hash_)
    for hash_ in ("?", "coalesce((SELECT min(hash) FROM audit_log WHERE action = 'effect.approved'), '')")
)
# Numbers no record has, so that the real log goes on beside the forged records.
_ASIDE = 10_000_000
SUPPLY = person("supply-chain", Role.SUPPLY_CHAIN)


class Forger(Protocol):
    """What a forger needs: effects to start from, and a way to change rows."""

    @property
    def platform(self) -> Platform:
        """The installation."""

    @property
    def number(self) -> int:
        """The number of the attempt."""

    def propose(self, by: Caller = REP, *, two_seats: bool = False, expired: bool = False) -> Effect:
        """An effect that needs approval."""

    def approve(self, effect: Effect, by: Caller = SUPPLY, digest: str | None = None) -> bool:
        """Whether an approval was taken."""

    def change(self, *statements: tuple[str, Sequence[str | int]]) -> None:
        """Change rows past the hub."""


Forgery: TypeAlias = Callable[[Forger], None]


def _queued(forger: Forger) -> None:
    forger.change((QUEUE, [forger.propose().id]))


def _marked_approved(forger: Forger) -> None:
    effect = forger.propose()
    forger.change((APPROVED, [effect.id]), (QUEUE, [effect.id]))


def _seat_of_another_digest(forger: Forger) -> None:
    effect = forger.propose()
    forger.change((SEATED, ["0" * 64, effect.id]), (APPROVED, [effect.id]), (QUEUE, [effect.id]))


def _seat_by_proposer(forger: Forger) -> None:
    effect = forger.propose(person("supply-chain", Role.REP))
    forger.change((SEATED, [effect.digest, effect.id]), (APPROVED, [effect.id]), (QUEUE, [effect.id]))


def _seats_removed(forger: Forger) -> None:
    effect = forger.propose()
    forger.change((UNSEAT, [effect.id]), (APPROVED, [effect.id]), (QUEUE, [effect.id]))


def _route_forged(forger: Forger) -> None:
    """Policy's verdict becomes `allowed`, and nobody is asked."""
    effect = forger.propose()
    free = Route(verdict=Verdict.ALLOWED, rules=effect.route.rules)
    forger.change(
        (_ROUTE, [free.model_dump_json(), effect.id]),
        (UNSEAT, [effect.id]),
        (APPROVED, [effect.id]),
        (QUEUE, [effect.id]),
    )


def _forge_seat(forger: Forger, effect: Effect) -> None:
    forger.change(
        (SEATED, [effect.digest, effect.id]),
        (_SEATED_AT, [effect.id, effect.id]),
        (APPROVED, [effect.id]),
        (QUEUE, [effect.id]),
    )


def _seat_forged(forger: Forger) -> None:
    """All rows agree: the right role, another person, the right digest."""
    _forge_seat(forger, forger.propose())


def _approval(forger: Forger, effect: Effect) -> Line:
    """A record of an approval as it would be, but for its place and hash."""
    [seat] = get_effect(forger.platform, REP, effect.id).seats
    body = canonical(
        {
            "account": effect.account_id,
            "digest": effect.digest,
            "operation": effect.payload.operation.value,
            "reason": "",
            "role": seat.role.value,
            "rule": seat.rule,
            "seat": seat.id,
        }
    )
    at = moment_of(effect.created_at)
    return Line(TENANT, _ASIDE + forger.number, at, SUPPLY.user, "effect.approved", effect.id, body, "0" * 64, "")


def _record_forged(forger: Forger) -> None:
    """The audit log has a record of the approval as well, hashed with a key of the forger's own."""
    effect = forger.propose()
    line = _approval(forger, effect)
    told: list[str | int] = [
        line.seq,
        line.actor,
        line.action,
        line.body,
        line.prev,
        hash_of(b"guess", line),
        effect.id,
    ]
    forger.change((_WITH_HASH, told))
    _forge_seat(forger, effect)


def _record_with_a_real_hash(forger: Forger) -> None:
    """The same with the hash of a real approval."""
    effect = forger.propose()
    line = _approval(forger, effect)
    forger.change((_WITH_A_REAL_HASH, [line.seq, line.actor, line.action, line.body, line.prev, effect.id]))
    _forge_seat(forger, effect)


def _payload_edited_before(forger: Forger) -> None:
    effect = forger.propose()
    forger.change((EDIT, [effect.id]))
    forger.approve(effect)


def _payload_edited_after(forger: Forger) -> None:
    effect = forger.propose()
    forger.approve(effect, digest=effect.digest)
    forger.change((EDIT, [effect.id]))


def _payload_and_digest_edited(forger: Forger) -> None:
    effect = forger.propose()
    forger.approve(effect, digest=effect.digest)
    edited = digest_of_payload(effect.payload.model_copy(update={"quantity": 1000}))
    forger.change((EDIT, [effect.id]), (DIGEST, [edited, effect.id]))


def _payload_digest_and_seat_edited(forger: Forger) -> None:
    effect = forger.propose()
    forger.approve(effect, digest=effect.digest)
    edited = digest_of_payload(effect.payload.model_copy(update={"quantity": 1000}))
    forger.change((EDIT, [effect.id]), (DIGEST, [edited, effect.id]), (SEAT_DIGEST, [edited, effect.id]))


def _revived(forger: Forger) -> None:
    """Everybody agreed, then it was withdrawn before it was sent; the rows are put back."""
    effect = forger.propose()
    forger.approve(effect, digest=effect.digest)
    withdraw_effect(forger.platform, REP, effect.id)
    forger.change((APPROVED, [effect.id]), (_REQUEUE, [effect.id]))


def _expiry_moved(forger: Forger) -> None:
    """Time ran out before anybody agreed; the rows give it more, and a colleague then agrees."""
    effect = forger.propose(expired=True)
    forger.change((_LATER, [effect.id]))
    forger.approve(effect, digest=effect.digest)


FORGERIES: tuple[Forgery, ...] = (
    _queued, _marked_approved, _seat_of_another_digest, _seat_by_proposer, _seats_removed, _route_forged, _seat_forged,
    _record_forged, _record_with_a_real_hash, _payload_edited_before, _payload_edited_after, _payload_and_digest_edited,
    _payload_digest_and_seat_edited, _revived, _expiry_moved,
)  # fmt: skip
