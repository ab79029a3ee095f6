"""`saleshub import`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, progress_bar, to_people
from hub.platform import open_platform

if TYPE_CHECKING:
    from hub.importing import ImportReport, TableMapping

REFUSED = 3
_SHOWN = 50

PathsArgument = Annotated[list[Path], typer.Argument(help="Files, folders or zip archives")]
MapOption = Annotated[
    Path | None, typer.Option("--map", help="YAML file that overrides the guessed meaning of columns")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Read and check everything, write nothing")]


def import_(
    paths: PathsArgument,
    mapping: MapOption = None,
    dry_run: DryRunOption = False,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Import exports of CRM, stock, contracts, mail and transcripts; exit code 3 when anything was refused."""
    from hub.importing import import_files

    with open_platform(load_settings(home)) as platform, progress_bar(quiet=json) as progress:
        task = progress.add_task("Importing", total=None)

        def show(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what)

        report = import_files(platform, paths, tenant=tenant, mapping_file=mapping, dry_run=dry_run, progress=show)
    if json:
        print_json(report)
    else:
        print_report(report)
    if report.refused:
        raise typer.Exit(REFUSED)


def print_report(report: "ImportReport", *, columns: bool = True) -> None:
    """How tables were understood (with `columns`), what was read, written and refused, and what to look at again."""
    console = to_people()
    if columns and report.mappings:
        console.print(_columns(report.mappings))
    table = Table("Kind", "Read", "Would write" if report.dry_run else "Written", "Unchanged", box=None)
    for kind, read in report.read.items():
        written, unchanged = report.written.get(kind, 0), report.unchanged.get(kind, 0)
        table.add_row(kind, str(read), str(written), str(unchanged))
    console.print(table)
    if report.refused:
        refused = Table("File", "Row", "Field", "Why it was refused", box=None)
        for refusal in report.refused[:_SHOWN]:
            row = "" if refusal.row is None else str(refusal.row)
            refused.add_row(*map(escape, (refusal.file, row, refusal.field, refusal.reason)))
        console.print(refused)
        if len(report.refused) > _SHOWN:
            console.print(f"… and {len(report.refused) - _SHOWN} more; --json lists them all.")
    for note in report.notes:
        console.print(f"{note.file}: {note.text}", markup=False)


def _columns(mappings: "dict[str, TableMapping]") -> Table:
    table = Table("File", "Kind", "Heading → field", "Not used", box=None)
    for file, mapping in mappings.items():
        read_as = ", ".join(f"{heading} → {field}" for heading, field in mapping.columns.items())
        # Headings are other people's words: brackets in them are no markup.
        table.add_row(*map(escape, (file, mapping.kind, read_as, ", ".join(mapping.unmapped))))
    return table
