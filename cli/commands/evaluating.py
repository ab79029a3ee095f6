"""`saleshub eval`."""

import json as jsonlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from cli.options import HomeOption, JsonOption, load_settings
from cli.output import print_json, progress_bar, to_people
from core.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from evals.suites.suite import Report

SuiteArgument = Annotated[str, typer.Argument(help="Name of the suite", metavar="SUITE")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder with a public set instead of the own cases")]
SetOption = Annotated[
    str | None, typer.Option("--set", help="Set that the folder holds [default: its name], or part of the own cases")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="File for each item’s own prediction, JSON Lines")]


def eval_(
    suite: SuiteArgument,
    data: DataOption = None,
    set_: SetOption = None,
    out: OutOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Score a suite: cases with known answers, of this project or of a public set."""
    from evals.suites.registry import SUITES
    from evals.suites.suite import Run, choose_set

    chosen = SUITES.get(suite)
    if chosen is None:
        raise NotFoundError(
            f"no suite “{suite}”", field="SUITE", remedy="Use one of the suites named here.", nearest=sorted(SUITES)
        )
    set_name = choose_set(chosen, data, set_)
    with _recorder(out) as record, progress_bar(quiet=False) as bar:
        task = bar.add_task(suite, total=None)

        def show(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        report = chosen.run(Run(load_settings(home), data, set_name, record, show))
    if json:
        print_json(report)
    else:
        _print_report(report)


@contextmanager
def _recorder(out: Path | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """What writes an item per line to `out`, or drops it."""
    if out is None:
        yield lambda _item: None
        return
    try:
        file = out.open("w", encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(
            f"“{out}” cannot be written: {error.strerror}", field="--out", remedy="Name a file in a folder that exists."
        ) from error
    with file:
        yield lambda item: print(jsonlib.dumps(item, ensure_ascii=False), file=file)


def _print_report(report: "Report") -> None:
    to = to_people()
    to.print(f"{report.suite}: {report.n} items, {report.model}, seed {report.seed}", markup=False)
    table = Table("figure", report.model, *report.baselines)
    for name, value in report.figures.items():
        others = (figures.get(name) for figures in report.baselines.values())
        table.add_row(name, _shown(value), *map(_shown, others))
    to.print(table)
    if not report.by:
        return
    names = list(dict.fromkeys(name for figures in report.by.values() for name in figures))
    slices = Table("slice", *names)
    for name, figures in report.by.items():
        slices.add_row(name, *(_shown(figures.get(figure)) for figure in names))
    to.print(slices)


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")
