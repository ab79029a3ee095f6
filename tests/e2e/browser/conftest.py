"""A browser before a real server that holds the demo company."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from core.domain.people import User
from core.domain.visits import Run, RunStatus, VisitRequest
from core.identity import Role, local_owner
from core.settings import Settings
from evals.bench.server import Server, serving
from hub.directory import list_accounts
from hub.people import save_user
from hub.platform import open_platform
from tests.packages import NOW, build_package

HOSTILE = '<img src=x onerror="window.stolen = 1"><script>window.stolen = 1</script> {name|x} 恶意'
HOSTILE_RUN = "run-hostile"
SCREENSHOTS = Path(__file__).resolve().parents[3] / "artifacts" / "screenshots"

# As root, without a sandbox; and without the calls home that Chromium makes by itself.
_CHROMIUM = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@dataclass
class Visit:
    """A page, and what happened behind it: where requests went, and what the browser complained of."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def screenshot(self, name: str) -> None:
        """Keep a picture of the whole page for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


Opener = Callable[..., Visit]


@pytest.fixture(scope="module")
def served(imported_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo company and one package full of hostile text."""
    home = tmp_path_factory.mktemp("console") / "home"
    shutil.copytree(imported_home, home)
    _save_hostile_package(home)
    _add_desks(home)
    with serving(home) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    path = shutil.which("chromium")
    assert path, "chromium is not on the PATH: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(_CHROMIUM))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, served: Server) -> Iterator[Opener]:
    """Opens a path of the server in a new browser session and watches what it does."""
    opened: list[Page] = []

    def open_path(
        path: str, width: int = 1280, scheme: Literal["light", "dark"] = "light", locale: str = "en-GB"
    ) -> Visit:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale)
        opened.append(page)
        found = Visit(page)
        page.on("request", lambda request: found.hosts.add(urlsplit(request.url).hostname or "inline"))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{served.url}{path}")
        return found

    yield open_path
    for page in opened:
        page.close()


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
