"""`saleshub memory`."""

from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, progress_bar, to_people
from hub.people import acting_as
from hub.platform import open_platform
from hub.remembering.audit import MemoryAudit, audit_memory
from hub.remembering.rebuild import rebuild_memory
from hub.remembering.why import Standing, Why, explain_claim

app = typer.Typer(help="What the hub remembers: is it of use, whole, and why is it believed.", no_args_is_help=True)

INCOMPLETE = 4
_STYLES = {Standing.SAME: "green", Standing.CHANGED: "yellow", Standing.GONE: "red"}


@app.command("audit")
def audit(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Count what is of no use in the memory, by reason, with samples; exit status 4 when something cannot be found."""
    with open_platform(load_settings(home)) as platform, progress_bar(quiet=json) as progress:
        task = progress.add_task("Reading passages", total=None)
        found = audit_memory(
            platform,
            platform.owner(tenant).tenant,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if json:
        print_json(found)
    else:
        _print_audit(found)
    if not found.whole:
        raise typer.Exit(INCOMPLETE)


def _print_audit(found: MemoryAudit) -> None:
    to = to_people()
    to.print(
        f"{found.passages} passages of {found.interactions} interactions; "
        f"{found.junk} of no use ({found.junk_share:.1%})"
    )
    table = Table(Column("reason"), Column("passages", justify="right"), Column("for example"))
    for finding in found.findings:
        shown = next((sample.text or "(not shown)" for sample in finding.samples), "")
        table.add_row(finding.reason, str(finding.n), Text(shown))
    if found.findings:
        to.print(table)
    if found.without_vector:
        to.print(f"{found.without_vector} passages are found by their words only; `saleshub embed` does the rest.")
    if found.without_passage:
        to.print(f"{found.without_passage} interactions cannot be found; `saleshub memory rebuild` mends that.")


@app.command("rebuild")
def rebuild(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Make passages, vectors and the index anew where they are not as they should be; can be stopped and run again."""
    with open_platform(load_settings(home)) as platform, progress_bar(quiet=json) as progress:
        task = progress.add_task("Reading interactions", total=None)
        found = rebuild_memory(
            platform,
            platform.owner(tenant).tenant,
            progress=lambda done, total, what: progress.update(
                task, completed=done, total=total, description=f"Rebuilding {what}"
            ),
        )
    if json:
        print_json(found)
        return
    to_people().print(
        f"{found.interactions} interactions read, {found.changed} cut anew, {found.embedded} passages embedded "
        f"in {found.seconds} s."
    )
    if found.indexed is False:
        to_people().print("Another process owns the index and will bring it up itself.")


@app.command("why")
def why(
    claim: Annotated[str, typer.Argument(help="Id of a claim of a package, such as c-0a1b2c3d4e5f")],
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Id of who reads [default: the owner]")
    ] = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show what a claim rests on, and whether each source still says so."""
    with open_platform(load_settings(home)) as platform:
        found = explain_claim(platform, acting_as(platform, platform.owner(tenant), as_user), claim)
    if json:
        print_json(found)
    else:
        _print_why(found)


def _print_why(found: Why) -> None:
    to = to_people()
    to.print(found.claim.text, markup=False, soft_wrap=True)
    to.print(f"{found.claim.state}, by {found.agent}, {found.made_at:%Y-%m-%d}, visit {found.run_id}", markup=False)
    table = Table(Column("now"), Column("system"), Column("record"), Column("as cited"))
    for ground in found.grounds:
        cited = ground.evidence
        table.add_row(
            Text(ground.standing, style=_STYLES[ground.standing]), cited.source, Text(cited.record), Text(cited.quote)
        )
    to.print(table)
