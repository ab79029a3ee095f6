"""A browser before a real server that holds the demo company.

A server takes seconds to start, so all modules share those that nothing has been broken for: one where nobody signs in,
one where people do. What a test leaves behind there, others see. The browser goes with the last of its tests: while it
runs, this thread has an event loop that tests elsewhere could not start theirs beside.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from core.domain.people import User
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Role, local_owner
from core.settings import Settings
from evals.bench.server import Server, serving
from hub.directory import list_accounts
from hub.people import save_user
from hub.platform import open_platform
from tests.e2e.browser.company import found_company
from tests.e2e.browser.hostile import save_hostile_customer
from tests.e2e.browser.signing_in import Desk
from tests.e2e.browser.windows import Opener, Profiles, Visit, opening
from tests.oidc_provider import CLIENT, running_provider
from tests.packages import NOW, build_package

HOSTILE = '<img src=x onerror="window.stolen = 1"><script>window.stolen = 1</script> {name|x} 恶意'
HOSTILE_RUN = "run-hostile"

__all__ = ["HOSTILE", "HOSTILE_RUN", "Opener", "Visit"]

# As root, without a sandbox; and without the calls home that Chromium makes by itself.
_CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture(scope="session")
def served(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo company and one package full of hostile text."""
    home = tmp_path_factory.mktemp("console") / "home"
    shutil.copytree(imported_home, home)
    _save_hostile_package(home)
    save_hostile_customer(home, HOSTILE)
    _add_desks(home)
    with serving(home) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    # The shell draws the same and takes a quarter less of the machine.
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "there is no Chromium on the PATH: apt-get install chromium-headless-shell"
    # A busy machine is no fault of a page.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Iterator[Profiles]:
    """Browser profiles that all tests share."""
    kept = Profiles(browser)
    yield kept
    kept.close()


@pytest.fixture
def visit(profiles: Profiles, served: Server) -> Iterator[Opener]:
    """Opens a path of the server as somebody who was never there before, and watches what it does."""
    profiles.forget("")
    with opening(profiles) as open_address:

        def open_path(
            path: str, width: int = 1280, scheme: Literal["light", "dark"] = "light", locale: str = "en-GB"
        ) -> Visit:
            return open_address(f"{served.url}{path}", width=width, scheme=scheme, locale=locale)

        yield open_path


@pytest.fixture(scope="session")
def closed(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server at which people sign in, also by way of a provider of identities; its ERP is down."""
    home = tmp_path_factory.mktemp("closed") / "home"
    shutil.copytree(imported_home, home)
    found_company(home)
    # Under another name of this machine the provider is another site, as it is in life.
    with running_provider("localhost", people=("coach", "stranger")) as provider:
        settings = {
            "SALESHUB_SANDBOX_FAULTS": '{"erp": {"down": true}}',
            "SALESHUB_SIGN_IN_RATE": "1000/minute",
            "SALESHUB_OIDC_ISSUER": provider.issuer,
            "SALESHUB_OIDC_CLIENT_ID": CLIENT,
            "SALESHUB_OIDC_CLIENT_SECRET": "kept",
        }
        with serving(home, **settings) as found:
            yield found


@pytest.fixture
def desk(profiles: Profiles, closed: Server) -> Iterator[Desk]:
    """Opens pages as people who signed in."""
    with opening(profiles) as open_address:
        yield Desk(closed, profiles, open_address)


def _add_desks(home: Path) -> None:
    with open_platform(Settings(home=home)) as platform:
        for role in (Role.SUPPLY_CHAIN, Role.FINANCE, Role.LEGAL, Role.MANAGER):
            save_user(platform, platform.owner(), User(id=role.replace("_", "-"), name=f"{role} desk", roles={role}))


def _save_hostile_package(home: Path) -> None:
    with open_platform(Settings(home=home)) as platform:
        owner = local_owner(platform.owner().tenant)
        account = list_accounts(platform, owner)[0]
        package = build_package(account=HOSTILE, run_id=HOSTILE_RUN)
        people = package.sections.influence_map.data
        assert people is not None
        renamed = tuple(person.model_copy(update={"name": HOSTILE}) for person in people.people)
        part = package.sections.influence_map.model_copy(update={"data": people.model_copy(update={"people": renamed})})
        package = package.model_copy(
            update={
                "account_id": account.id,
                "purpose": HOSTILE,
                "claims": tuple(claim.model_copy(update={"text": HOSTILE}) for claim in package.claims),
                "evidence": {id_: each.model_copy(update={"quote": HOSTILE}) for id_, each in package.evidence.items()},
                "sections": package.sections.model_copy(update={"influence_map": part}),
            }
        )
        run = Run(
            id=HOSTILE_RUN,
            account_id=account.id,
            account=HOSTILE,
            request=VisitRequest(account=account.id, purpose=HOSTILE),
            requester=owner,
            status=RunStatus.RUNNING,
            created_at=NOW,
        )
        with platform.store.write() as unit:
            unit.visits.create(owner.tenant, run, run.id, "0" * 64)
            unit.visits.save_package(owner.tenant, package, ())
