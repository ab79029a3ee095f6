"""`saleshub policy`."""

import json as documents
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.errors import InvalidInputError
from core.language import Lang
from core.policy.findings import Finding
from hub.people import acting_as
from hub.platform import open_platform
from hub.policies import PolicyRefusedError, check_policy, list_policies, policy_text, publish_policy

app = typer.Typer(help="Policy tables: check, publish and read them.", no_args_is_help=True)

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="The table, a JSON document; - reads standard input")]
AsOption = Annotated[str | None, typer.Option("--as", help="User who publishes [default: the owner]")]

_REFUSED = 2


@app.command("check")
def check(file: FileArgument, lang: LangOption = None, json: JsonOption = False) -> None:
    """Look for gaps, overlaps and dead rows in a table, and decide its examples; exit code 2 when there are faults."""
    findings = check_policy(_read(file))
    _print(findings, lang, as_json=json)
    if findings:
        raise typer.Exit(_REFUSED)


@app.command("publish")
def publish(
    file: FileArgument,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Check a table and put it in force; what was in force before stays readable as its version."""
    text = _read(file)
    name = _table_of(text)
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        try:
            version = publish_policy(platform, caller, name, text)
        except PolicyRefusedError as error:
            _print(error.findings, lang, as_json=json)
            raise typer.Exit(_REFUSED) from error
    if json:
        print_json({"name": name, "version": version})
    else:
        to_people().print(f"{name}: version {version} is in force.")


@app.command("list")
def list_(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List every published version; without one the table that ships is in force."""
    with open_platform(load_settings(home)) as platform:
        found = list_policies(platform, platform.owner(tenant))
    if json:
        print_json({"policies": [policy.model_dump(mode="json", exclude={"body"}) for policy in found]})
        return
    table = Table("Name", "Version", "By", "At", "Digest", box=None)
    for policy in found:
        at = policy.published_at.isoformat(timespec="seconds")
        table.add_row(policy.name, str(policy.version), policy.published_by, at, policy.digest[:12])
    to_people().print(table if found else "Nothing published: the tables that ship are in force.")


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="effects, approvals or pricing")],
    version: Annotated[int | None, typer.Option("--version", help="A version [default: the one in force]")] = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Print a table as it was published, or as it ships."""
    with open_platform(load_settings(home)) as platform:
        text = policy_text(platform, platform.owner(tenant), name, version)
    if json:
        print_json(documents.loads(text))
    else:
        print(text, end="" if text.endswith("\n") else "\n")


def _print(findings: tuple[Finding, ...], lang: Lang | None, *, as_json: bool) -> None:
    if as_json:
        rows: list[dict[str, Any]] = [found.model_dump(mode="json") for found in findings]
        print_json({"accepted": not findings, "findings": rows})
        return
    chinese = lang == "zh"
    if not findings:
        print("没有发现问题，可以发布。" if chinese else "Nothing found: the table may be published.")
    for found in findings:
        text, case = (found.text_zh, found.case_zh) if chinese else (found.text, found.case)
        print(f"{found.kind}: {text}")
        if case:
            print(f"    {'例如' if chinese else 'for example'}: {case}")


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{file} cannot be read", field="FILE", remedy="Name a JSON document in UTF-8."
        ) from error


def _table_of(text: str) -> str:
    try:
        document = documents.loads(text)
    except (ValueError, RecursionError):
        document = None
    name = document.get("table") if isinstance(document, dict) else None
    if not isinstance(name, str):
        raise InvalidInputError(
            "the document does not say which table it is", field="table", remedy='Write "table": "effects" in it.'
        )
    return name
