"""How fast packages come and whether every claim stands: `python -m evals.bench.packages`.

Each visit goes the whole way: request, job engine, graph, saved package. Evidence is then checked against the records
by reading them anew, not by asking the graph that made the package.
"""

import argparse
import asyncio
import json
import time
from dataclasses import asdict, dataclass

from core.domain.claims import ClaimState
from core.domain.packages import Package, SectionStatus
from core.domain.visits import VisitRequest
from core.identity import Caller
from core.language import Lang
from evals.bench.demo_home import TENANT, open_demo
from evals.bench.evidence import Archive
from evals.bench.figures import quantile
from hub.directory import list_accounts
from hub.platform import Platform
from hub.visits import follow_run, get_package, request_visit

PURPOSES = {
    Lang.EN: ("Prepare the renewal and find out who decides", "Discuss price and delivery of the open deal"),
    Lang.ZH: ("商讨续约，弄清楚谁来拍板", "沟通在谈项目的价格和交期"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """Figures over all packages; times in milliseconds from request to saved package."""

    packages: int
    accounts: int
    p50_ms: float
    p95_ms: float
    worst_ms: float
    claims: int
    unsupported: int
    missing_evidence: int
    invisible_evidence: int
    altered_quotes: int
    sections_unexplained: int


async def make_package(platform: Platform, caller: Caller, request: VisitRequest) -> tuple[Package, float]:
    """The package and the milliseconds it took."""
    start = time.perf_counter()
    run = request_visit(platform, caller, request)
    async for _event in follow_run(platform, caller, run.id):
        pass
    return get_package(platform, caller, run.id), (time.perf_counter() - start) * 1000


def unexplained(package: Package) -> int:
    """Sections that are neither there nor explained."""
    return sum(
        1 for _name, section in package.sections if section.status is not SectionStatus.OK and not section.reason
    )


async def measure(platform: Platform, count: int) -> Report:
    """Make `count` packages over all accounts in turn, in both languages, and check every one."""
    caller = platform.owner(TENANT)
    accounts = list_accounts(platform, caller)
    archive = Archive(platform, caller)
    times, faults, claims, unsupported, gaps = [], [], 0, 0, 0
    for number in range(count):
        lang = (Lang.EN, Lang.ZH)[number % 2]
        purpose = PURPOSES[lang][number // 2 % 2]
        account = accounts[number % len(accounts)]
        request = VisitRequest(account=account.id, purpose=purpose, lang=lang)
        package, took = await make_package(platform, caller, request)
        times.append(took)
        claims += len(package.claims)
        unsupported += sum(claim.state is ClaimState.UNSUPPORTED for claim in package.claims)
        faults += archive.faults(package)
        gaps += unexplained(package)
    return Report(
        packages=count,
        accounts=min(count, len(accounts)),
        p50_ms=round(quantile(times, 0.5), 1),
        p95_ms=round(quantile(times, 0.95), 1),
        worst_ms=round(max(times), 1),
        claims=claims,
        unsupported=unsupported,
        missing_evidence=faults.count("missing"),
        invisible_evidence=faults.count("invisible"),
        altered_quotes=faults.count("altered"),
        sections_unexplained=gaps,
    )


def main() -> None:
    """Print the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=100)
    count = parser.parse_args().packages
    with open_demo(work=True) as platform:
        print(json.dumps(asdict(asyncio.run(measure(platform, count))), indent=2))


if __name__ == "__main__":
    main()
