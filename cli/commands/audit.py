"""`saleshub audit`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.audit_chain import Fault
from core.errors import InvalidInputError
from core.language import Lang
from hub.auditing import AuditReport, export_log, list_records, verify_export, verify_log
from hub.platform import open_platform

app = typer.Typer(help="The audit log: what was decided and done.", no_args_is_help=True)

BROKEN = 4

HeadOption = Annotated[
    str | None, typer.Option("--head", help="A hash noted earlier; the log must hold the record that has it")
]
ExportedOption = Annotated[Path | None, typer.Option("--file", help="Check this export instead of the database")]
FileArgument = Annotated[Path | None, typer.Argument(help="File to write [default: standard output]")]
SinceOption = Annotated[str | None, typer.Option("--since", help="Day or time from which on, ISO 8601, UTC by default")]
SubjectOption = Annotated[str | None, typer.Option("--subject", help="Only records about this id")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="How many of the newest records")]

_FAULTS: dict[Fault, tuple[str, str]] = {
    Fault.MISSING: ("is missing", "缺失"),
    Fault.CHANGED: ("was changed after it was written", "写入后被修改"),
    Fault.MISPLACED: ("does not follow the record before it", "与前一条记录不衔接"),
    Fault.HEAD_FORGED: ("is the last one, but the log’s head was not written by the hub", "是最后一条，但日志头被伪造"),
    Fault.HEAD_MISSING: ("is the last one, but the log’s head is missing", "是最后一条，但日志头缺失"),
    Fault.HEAD_DIFFERS: ("is the last one, but the log’s head names another", "是最后一条，但日志头指向另一条"),
    Fault.ANCHOR_MISSING: ("is the last one, and no record has the hash given", "是最后一条，且没有记录具有所给的哈希"),
    Fault.UNREADABLE: ("cannot be read", "无法读取"),
}  # fmt: skip


@app.command("verify")
def verify(
    head: HeadOption = None,
    file: ExportedOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Check that no record was changed, removed, added or moved; exit status 4 when one was."""
    settings = load_settings(home)
    if file is not None:
        report = verify_export(settings, file, head)
    else:
        with open_platform(settings) as platform:
            report = verify_log(platform, platform.owner(tenant).tenant, head)
    if json:
        print_json(report)
    else:
        to_people().print(describe(report, lang or settings.lang), markup=False, soft_wrap=True)
    if not report.whole:
        raise typer.Exit(BROKEN)


@app.command("export")
def export(
    file: FileArgument = None, since: SinceOption = None, home: HomeOption = None, tenant: TenantOption = None
) -> None:
    """Write the log as JSON Lines; `audit verify --file` checks them without the database."""
    start = _parse_time(since)
    with open_platform(load_settings(home)) as platform:
        lines = export_log(platform, platform.owner(tenant).tenant, since=start)
        if file is None:
            for line in lines:
                print(line, end="")
            return
        try:
            with file.open("w", encoding="utf-8") as out:
                out.writelines(lines)
        except OSError as error:
            raise InvalidInputError(
                f"{file} cannot be written: {error.strerror}", field="FILE", remedy="Name a file that can be written."
            ) from error


@app.command("show")
def show(
    subject: SubjectOption = None,
    limit: LimitOption = 50,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show the newest records, newest first."""
    with open_platform(load_settings(home)) as platform:
        found = list_records(platform, platform.owner(tenant).tenant, subject=subject, limit=limit)
    if json:
        print_json({"records": [record.model_dump(mode="json") for record in found]})
        return
    table = Table("No.", "Time (UTC)", "Actor", "Action", Column("Subject", overflow="fold"), box=None)
    for record in found:
        moment = record.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(str(record.seq), moment, record.actor, record.action, Text(record.subject))
    to_people().print(table if found else "Nothing on record yet.")


def describe(report: AuditReport, lang: Lang) -> str:
    """The report in one line."""
    chinese = lang is Lang.ZH
    if report.whole:
        if report.head is None:
            return "审计日志尚无记录。" if chinese else "The audit log has no records yet."
        span = f"{report.first}–{report.last}"
        told = f"审计日志完整：记录 {span}。" if chinese else f"Whole: records {span}."
        return f"{told} Head: {report.head}"
    assert report.fault is not None  # noqa: S101
    problem = _FAULTS[report.fault][chinese]
    return (
        f"审计日志不完整：记录 {report.broken_at} {problem}。"
        if chinese
        else f"Broken: record {report.broken_at} {problem}."
    )


def _parse_time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            f"“{text}” is not a time", field="--since", remedy="Write it like 2026-03-01 or 2026-03-01T09:00."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
