"""`saleshub demo`."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.importing import print_report
from cli.commands.serve import PortOption, serve_platform
from cli.commands.visit import FullOption, print_package, run_visit
from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json, progress_bar, to_people
from core.domain.packages import Package
from core.domain.people import User
from core.domain.visits import VisitRequest
from core.identity import Role
from core.language import Lang
from hub.installation import Platform
from hub.platform import open_platform

if TYPE_CHECKING:
    from demo.company import DemoCompany
    from hub.importing import ImportReport

ServeOption = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the page afterwards")]

_TENANT = "demo"

# Desks and jobs, not persons; those who stand in for others come first.
_PEOPLE = (
    User(id="manager", name="Sales management 销售管理", roles=frozenset({Role.MANAGER})),
    User(id="deputy", name="Deputy desk 代审岗", roles=frozenset({Role.LEGAL, Role.FINANCE, Role.SUPPLY_CHAIN})),
    User(id="rep", name="Sales desk 销售岗", roles=frozenset({Role.REP}), manager="manager"),
    *(
        User(id=id_, name=name, roles=frozenset({role}), manager="manager", delegate="deputy")
        for id_, name, role in (
            ("legal", "Legal desk 法务岗", Role.LEGAL),
            ("finance", "Finance desk 财务岗", Role.FINANCE),
            ("supply-chain", "Supply chain desk 供应链岗", Role.SUPPLY_CHAIN),
        )
    ),
)


def demo(
    serve: ServeOption = False,
    port: PortOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
    full: FullOption = False,
) -> None:
    """Load the demo company, request one visit and print its collaboration package."""
    settings = load_settings(home, port=port)
    with open_platform(settings, work=True) as platform:
        company, report = load_demo(platform, tenant or _TENANT, quiet=json)
        package = _visit(platform, company, tenant or _TENANT, lang or settings.lang, quiet=json)
        if json:
            print_json(package)
        else:
            print_report(report, columns=False)
            print_package(package, full=full)
        if serve:
            serve_platform(platform)


def load_demo(platform: Platform, tenant: str, *, quiet: bool) -> "tuple[DemoCompany, ImportReport]":
    """Write the demo company's exports to a temporary folder and import them as any company's files."""
    from demo.company import write_demo_company
    from hub.importing import import_files
    from hub.people import save_user

    with tempfile.TemporaryDirectory() as folder, progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Writing the demo company’s exports", total=None)
        company = write_demo_company(Path(folder), today=platform.clock.now().date())

        def show(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=f"Importing {what}")

        report = import_files(platform, [Path(folder)], tenant=tenant, progress=show)
    for user in _PEOPLE:
        save_user(platform, platform.owner(tenant), user)
    return company, report


def _visit(platform: Platform, company: "DemoCompany", tenant: str, lang: Lang, *, quiet: bool) -> Package:
    featured = company.featured_zh if lang is Lang.ZH else company.featured
    request = VisitRequest(
        account=featured.account,
        purpose=featured.purpose_zh if lang is Lang.ZH else featured.purpose_en,
        at=featured.visit_on,
        attendees=featured.attendees,
        lang=lang,
    )
    if not quiet:
        to_people().print(f"\nVisit request: {request.account} — {request.purpose}\n", markup=False)
    return run_visit(platform, platform.owner(tenant), request, None, quiet=quiet)
