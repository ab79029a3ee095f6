"""Every source down, slow, answering rubbish or refusing, one at a time: `python -m evals.bench.faults`.

Counted are the sections that are neither there nor explained; a section is explained when it gives a reason.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.domain.base import System
from core.domain.packages import SectionStatus
from core.settings import Settings
from evals.bench.demo_home import TENANT, copied, imported_demo
from evals.bench.packages import make_package, request_of, unexplained
from evals.bench.report import Figures, build_parser, print_figures
from hub.directory import list_accounts
from hub.platform import open_platform

FAULTS: dict[str, dict[str, object]] = {
    "down": {"down": True},
    "slow": {"slow": 3600},
    "malformed": {"malformed": True},
    "forbidden": {"forbidden": True},
}
_TIMEOUT_S = 0.3


def _try(home: Path, wrong: dict[str, dict[str, object]], accounts: int) -> Counter[str]:
    """Sections by state over some accounts with `wrong` systems; those that changed are `affected`."""
    seen: Counter[str] = Counter()
    settings = Settings(home=home, sandbox_faults=wrong, gather_timeout_s=_TIMEOUT_S, log_level="critical")
    with open_platform(settings, work=True) as platform:
        caller = platform.owner(TENANT)
        known = list_accounts(platform, caller)
        step = len(known) // accounts
        for number, account in enumerate(known[::step][:accounts]):
            package, _took = make_package(platform, caller, request_of(number, account.id))
            seen["packages"] += 1
            seen["sections"] += sum(1 for _section in package.sections)
            seen["unexplained"] += len(unexplained(package))
            affected = sum(section.status is not SectionStatus.OK for _name, section in package.sections)
            seen["affected"] += affected
            # A fault that shows nowhere would be a silent gap.
            seen["unnoticed"] += affected == 0
    return seen


def measure(home: Path, accounts: int) -> Figures:
    """Sections over every system with every fault, and over all systems down at once."""
    cases = [{system.value: fault} for system in System for fault in FAULTS.values()]
    cases.append({system.value: FAULTS["down"] for system in System})
    total: Counter[str] = Counter()
    with copied(home) as own:
        for wrong in cases:
            total += _try(own, wrong, accounts)
    wanted = ("packages", "sections", "affected", "unexplained", "unnoticed")
    return {"cases": len(cases), **{name: total[name] for name in wanted}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a section is neither there nor explained."""
    parser = build_parser("faults", __doc__)
    parser.add_argument("--accounts", type=int, default=3)
    options = parser.parse_args(arguments)
    with imported_demo() as home:
        figures = measure(home, options.accounts)
    print_figures(figures, as_json=options.json)
    return int(bool(figures["unexplained"] or figures["unnoticed"]))


if __name__ == "__main__":
    sys.exit(main())
