"""The demo company that the cases are about: a throw-away home, its users, and the ids of its names."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from core.domain.people import User
from core.identity import Caller, Role
from core.settings import Settings
from core.text import normalise_name
from demo.company import write_demo_company
from hub.importing import import_files
from hub.installation import Platform
from hub.people import save_user
from hub.platform import open_platform

TENANT = "demo"

# Desks of the demo company, and two reps who see one region each.
USERS = {
    user.id: user
    for user in (
        User(id="manager", name="Sales management", roles=frozenset({Role.MANAGER})),
        User(id="rep", name="Sales desk", roles=frozenset({Role.REP}), manager="manager"),
        User(id="legal", name="Legal desk", roles=frozenset({Role.LEGAL})),
        User(id="finance", name="Finance desk", roles=frozenset({Role.FINANCE})),
        User(id="supply-chain", name="Supply chain desk", roles=frozenset({Role.SUPPLY_CHAIN})),
        User(id="east-rep", name="East desk", roles=frozenset({Role.REP}), regions=frozenset({"East China"})),
        User(id="emea-rep", name="EMEA desk", roles=frozenset({Role.REP}), regions=frozenset({"EMEA"})),
    )
}


@dataclass
class SetClock:
    """A clock that stands where it was set."""

    at: datetime

    def now(self) -> datetime:
        """The time set."""
        return self.at


@contextmanager
def open_company(settings: Settings, day: date) -> Iterator[tuple[Platform, SetClock]]:
    """The demo company as it was on `day`, with the users of the cases, on a clock that can be set.

    Models are those of `settings`; everything else is new, and gone afterwards.
    """
    clock = SetClock(datetime.combine(day, time(2), tzinfo=UTC))
    with tempfile.TemporaryDirectory(prefix="saleshub-suite-") as folder:
        home, exports = Path(folder) / "home", Path(folder) / "exports"
        own = settings.model_copy(update={"home": home, "database_url": None, "chroma_url": None, "tryton_url": None})
        with open_platform(own, clock=clock, accept=True) as platform:
            write_demo_company(exports, today=day)
            report = import_files(platform, [exports], tenant=TENANT)
            if report.refused:
                raise RuntimeError(f"the demo company must import whole; first refusal: {report.refused[0]}")
            for user in USERS.values():
                save_user(platform, platform.owner(TENANT), user)
            yield platform, clock


async def read_ids(platform: Platform, caller: Caller) -> dict[str, str]:
    """The id of every record that a case may name, by its normalised names and by its id."""
    systems = platform.systems
    accounts = (await systems.crm.accounts(caller)).records
    named: list[tuple[str, str | None]] = []
    for account in accounts:
        named += [(account.id, name) for name in (account.id, account.name, *account.aliases)]
        named += [(each.id, each.name) for each in (await systems.crm.contacts(caller, account.id)).records]
        for deal in (await systems.crm.opportunities(caller, account.id)).records:
            named += [(deal.id, deal.id), (deal.id, deal.name)]
        for contract in (await systems.contracts.contracts(caller, account.id)).records:
            named += [(contract.id, contract.id), (contract.id, contract.number)]
    for product in (await systems.crm.products(caller)).records:
        named += [(product.id, name) for name in (product.id, product.name, product.name_zh)]
    named += [(each.id, each.name) for each in (await systems.crm.sales_people(caller)).records]
    named += [(each, each) for each, _name in tuple(named)]
    return {normalise_name(name): normalise_name(id_) for id_, name in reversed(named) if name}
