"""How fast packages come and whether every claim stands: `python -m evals.bench.packages --packages 100`.

Each visit goes the whole way: request, job engine, graph, saved package; one after the other, over all accounts in
turn, in both languages. Every fourth asks for the account as it was half a year ago, three in four ask with fewer
rights than the owner's. Evidence is checked against the records by reading them anew.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from core.domain.claims import ClaimState
from core.domain.packages import Package, SectionStatus
from core.domain.visits import VisitRequest
from core.identity import Caller
from core.language import Lang
from evals.bench.demo_home import TENANT, imported_demo, open_demo
from evals.bench.evidence import FAULTS, Archive
from evals.bench.readers import reader_of, restrict_records
from evals.bench.report import Figures, build_parser, print_figures, spread
from hub.directory import list_accounts
from hub.installation import Platform
from hub.visits import follow_run, get_package, request_visit

PURPOSES = {
    Lang.EN: ("Prepare the renewal and find out who decides", "Discuss price and delivery of the open deal"),
    Lang.ZH: ("商讨续约，弄清楚谁来拍板", "沟通在谈项目的价格和交期"),
}
_HALF_A_YEAR = timedelta(days=182)


def request_of(number: int, account: str) -> VisitRequest:
    """The `number`-th request: languages and purposes in turn."""
    lang = (Lang.EN, Lang.ZH)[number % 2]
    return VisitRequest(account=account, purpose=PURPOSES[lang][number // 2 % 2], lang=lang)


async def _follow(platform: Platform, caller: Caller, run_id: str) -> None:
    async for _event in follow_run(platform, caller, run_id):
        pass


def make_package(platform: Platform, caller: Caller, request: VisitRequest) -> tuple[Package, float]:
    """The package and the milliseconds it took."""
    start = time.perf_counter()
    run = request_visit(platform, caller, request)
    asyncio.run(_follow(platform, caller, run.id))
    return get_package(platform, caller, run.id), (time.perf_counter() - start) * 1000


def unexplained(package: Package) -> list[str]:
    """Sections that are neither there nor explained."""
    sections = package.sections
    return [
        name
        for name, section in sections
        if (section.status is not SectionStatus.OK and not section.reason)
        or (section.status is not SectionStatus.MISSING and section.data is None)
    ]


def measure_packages(platform: Platform, count: int) -> Figures:
    """Make `count` packages and check every one."""
    accounts = list_accounts(platform, platform.owner(TENANT))
    restricted = restrict_records(platform, TENANT)
    archive = Archive(platform, TENANT)
    past = platform.clock.now().date() - _HALF_A_YEAR
    make_package(platform, platform.owner(TENANT), request_of(0, accounts[-1].id))
    times: list[float] = []
    seen: Counter[str] = Counter()
    for number in range(count):
        account = accounts[number % len(accounts)]
        reader = reader_of(number + number // len(accounts), account, TENANT)
        request = request_of(number // 4, account.id)
        if number // 4 % 4 == 3:
            request = request.model_copy(update={"at": past})
        package, took = make_package(platform, reader, request)
        times.append(took)
        seen["claims"] += len(package.claims)
        seen["unsupported"] += sum(claim.state is ClaimState.UNSUPPORTED for claim in package.claims)
        seen["sections_unexplained"] += len(unexplained(package))
        seen["limited_readers"] += reader.user != "owner"
        seen["evidence"] += len(package.evidence)
        seen.update(archive.faults(package, reader))
    wanted = ("limited_readers", "claims", "unsupported", "evidence", *FAULTS, "sections_unexplained")
    return {
        "packages": count,
        "accounts": min(count, len(accounts)),
        "restricted_records": restricted,
        **spread(times),
        **{name: seen[name] for name in wanted},
    }


def measure(home: Path, packages: int) -> Figures:
    """Figures over `packages` packages of the demo company in `home`; times from request to saved package."""
    with open_demo(home) as platform:
        return measure_packages(platform, packages)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a claim does not stand or a section is not explained."""
    parser = build_parser("packages", __doc__)
    parser.add_argument("--packages", type=int, default=100)
    options = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home, options.packages)
    print_figures(figures, as_json=options.json)
    return int(any(figures[name] for name in (*FAULTS, "sections_unexplained")))


if __name__ == "__main__":
    sys.exit(main())
