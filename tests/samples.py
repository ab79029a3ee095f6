"""Small domain values for tests; each argument overrides one field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.accounts import Account
from core.domain.claims import Section
from core.domain.contracts import Department
from core.domain.interactions import Interaction, InteractionKind, Passage
from core.domain.packages import Package, PackageSection, Sections, SectionStatus
from core.domain.reviews import Review
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Caller, Role, local_owner
from core.language import Lang

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def rep(tenant: str = "t", regions: set[str] | None = None, *roles: Role) -> Caller:
    """A rep of `regions` (None: all)."""
    allowed = None if regions is None else frozenset(regions)
    return Caller(tenant=tenant, user="rep", roles=frozenset({Role.REP, *roles}), regions=allowed)


def account(id_: str = "a1", **fields: Any) -> Account:
    """An account."""
    return Account(**{"id": id_, "name": f"Account {id_}", **fields})


def interaction(id_: str = "i1", **fields: Any) -> Interaction:
    """A mail of account `a1`."""
    told = {"account_id": "a1", "form": InteractionKind.MAIL, "at": NOW, "text": "Hello. 你好。", "lang": Lang.EN}
    return Interaction(**{"id": id_, **told, **fields})


def passage(of: Interaction, seq: int = 0, text: str = "Hello.") -> Passage:
    """A passage of an interaction."""
    told = {"interaction_id": of.id, "account_id": of.account_id, "at": of.at}
    return Passage(id=f"{of.id}#{seq}", seq=seq, text=text, **told)


def run(id_: str = "r1", **fields: Any) -> Run:
    """A queued run for account `a1`."""
    told = {
        "account_id": "a1",
        "account": "Account a1",
        "request": VisitRequest(account="Account a1", purpose="Renew"),
        # As a record keeps them: without standing in for others.
        "requester": local_owner("t").model_copy(update={"stands_in": False}),
        "status": RunStatus.QUEUED,
        "created_at": NOW,
    }
    return Run(**{"id": id_, **told, **fields})


def package(of: Run, **fields: Any) -> Package:
    """A package of `of` without data, with a pre-review by legal and one by finance."""
    missing = PackageSection[Any](status=SectionStatus.MISSING, reason="nothing there")
    told = {
        "account": of.account,
        "account_id": of.account_id,
        "lang": of.request.lang,
        "purpose": of.request.purpose,
        "status": RunStatus.PARTIAL,
        "created_at": NOW + timedelta(seconds=3),
        "elapsed_ms": 3000,
        "sections": Sections.model_validate({section.value: missing.model_dump() for section in Section}),
        "claims": (),
        "evidence": {},
        "reviews": tuple(review(of, department) for department in (Department.FINANCE, Department.LEGAL)),
        "model": "embedded",
    }
    return Package(**{"run_id": of.id, **told, **fields})


def review(of: Run, department: Department) -> Review:
    """A pre-review due in eight hours."""
    due = NOW + timedelta(hours=8)
    return Review(id=f"{of.id}-{department}", run_id=of.id, department=department, due_at=due, claims=("c1",))
