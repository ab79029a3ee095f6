"""A company that signs in: one person for each role, a package with its reviews, and what models cost."""

from datetime import timedelta
from pathlib import Path

from core.domain.people import User
from core.domain.spending import Spend
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Role
from core.model_settings import ModelRole
from core.settings import Settings
from hub.access.invites import set_password
from hub.directory import list_accounts
from hub.installation import Platform
from hub.people import save_user
from hub.platform import open_platform
from hub.spending import record_spending
from tests.packages import build_package

PASSWORD = "a quiet harbour 7"
RUN = "run-shared"


def user_of(role: Role) -> User:
    """The person with that role alone."""
    return User(id=role.replace("_", "-"), name=f"{role} desk", roles=frozenset({role}))


def found_company(home: Path) -> None:
    """Give the home its people with passwords, a package that `rep` asked for, and a day's spending."""
    with open_platform(Settings(home=home)) as platform:
        owner = platform.owner()
        for role in Role:
            save_user(platform, owner, user_of(role))
        for role in Role:
            set_password(platform, owner, user_of(role).id, PASSWORD)
        _save_package(platform, owner.tenant)
        spend = Spend(role=ModelRole.WRITER, model="m-1", input_tokens=900, output_tokens=120, micros=4200)
        with platform.store.write() as unit:
            record_spending(unit, user_of(Role.REP).caller(owner.tenant), RUN, [spend], platform.clock.now())


def _save_package(platform: Platform, tenant: str) -> None:
    now, rep = platform.clock.now(), user_of(Role.REP).caller(tenant)
    account = list_accounts(platform, rep)[0]
    package = build_package(account=account.name, run_id=RUN)
    reviews = tuple(
        each.model_copy(update={"due_at": now + timedelta(minutes=200), "opened_at": now}) for each in package.reviews
    )
    package = package.model_copy(update={"account_id": account.id, "reviews": reviews, "created_at": now})
    run = Run(
        id=RUN,
        account_id=account.id,
        account=account.name,
        request=VisitRequest(account=account.id, purpose=package.purpose),
        requester=rep,
        status=RunStatus.RUNNING,
        created_at=now,
    )
    with platform.store.write() as unit:
        unit.visits.create(tenant, run, run.id, "0" * 64)
        unit.visits.save_package(tenant, package, ())
