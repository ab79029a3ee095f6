"""Each source switched off, slow, rubbish or forbidden: every section is there, or says why not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.domain.packages import Package, SectionStatus
from core.domain.visits import VisitRequest
from core.settings import Settings
from hub.platform import open_platform
from hub.visits import follow_run, get_package, request_visit

SYSTEMS = ("crm", "erp", "contracts", "market", "resources", "memory")
FAULTS: dict[str, dict[str, Any]] = {
    "down": {"down": True},
    "slow": {"slow": 60},
    "malformed": {"malformed": True},
    "forbidden": {"forbidden": True},
}


def package_with(home: Path, faults: dict[str, Any]) -> Package:
    slow = any("slow" in fault for fault in faults.values())
    settings = Settings(home=home, sandbox_faults=faults, gather_timeout_s=1.0 if slow else 60.0)
    with open_platform(settings, work=True) as platform:
        caller = platform.owner()
        run = request_visit(platform, caller, VisitRequest(account="Helios", purpose="Renewal"))

        async def wait() -> None:
            async for _event in follow_run(platform, caller, run.id):
                pass

        asyncio.run(wait())
        return get_package(platform, caller, run.id)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_broken_source_is_named_where_it_is_missing(home: Path, system: str, fault: str) -> None:
    package = package_with(home, {system: FAULTS[fault]})
    sections = dict(package.sections)

    touched = {name for name, section in sections.items() if section.status is not SectionStatus.OK}
    assert touched
    for name in touched:
        assert sections[name].reason
    for section in sections.values():
        assert section.status is SectionStatus.MISSING or section.claims


def test_with_every_source_down_the_package_still_comes_and_says_so(home: Path) -> None:
    package = package_with(home, {system: {"down": True} for system in SYSTEMS})

    for _name, section in package.sections:
        assert section.status is not SectionStatus.OK
        assert section.reason
    assert {review.department for review in package.reviews} == {"legal", "supply_chain", "finance"}
