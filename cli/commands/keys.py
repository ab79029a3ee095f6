"""`saleshub key`."""

from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from cli.options import HomeOption, JsonOption, TenantOption, load_settings, parse_day
from cli.output import print_json, to_people
from core.domain.access import ApiKey, Scope
from hub.access.keys import add_key, list_keys, revoke_key
from hub.platform import open_platform

app = typer.Typer(help="Keys of programs that use the API in a user’s name.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(help="Id, as listed: the part of the key before the first “_”")]
ScopeOption = Annotated[list[Scope], typer.Option("--scope", help="What the key may be used for; may be repeated")]
AsOption = Annotated[str, typer.Option("--as", help="User in whose name it is used, and whose rights it never exceeds")]
LabelOption = Annotated[str, typer.Option("--label", help="What it is for, to tell it from others")]
ExpiresOption = Annotated[
    str | None, typer.Option("--expires", help="Last day it works, YYYY-MM-DD [default: until it is revoked]")
]


@app.command("add")
def add(
    scope: ScopeOption,
    as_user: AsOption,
    label: LabelOption = "",
    expires: ExpiresOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Make a key and print it, this once; from then on nobody gets in without signing in or a key."""
    day = parse_day(expires, "--expires")
    ends = None if day is None else datetime.combine(day, time.max, UTC)
    with open_platform(load_settings(home)) as platform:
        key, text = add_key(platform, platform.owner(tenant), as_user, scope, label=label, expires_at=ends)
    if json:
        print_json({**_row(key), "key": text})
        return
    to_people().print(text, markup=False, soft_wrap=True)
    to_people().print(f"Acts as {key.user} for {', '.join(sorted(key.scopes))}. It is not shown again.", markup=False)


@app.command("list")
def list_(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the keys, without their secrets."""
    with open_platform(load_settings(home)) as platform:
        rows = [_row(key) for key in list_keys(platform, platform.owner(tenant))]
    if json:
        print_json({"keys": rows})
        return
    if not rows:
        to_people().print("No keys.")
        return
    shown = ("as", "scopes", "label", "expires_at", "revoked_at", "last_used_at")
    # An id is there to be copied.
    table = Table(Column("id", no_wrap=True, min_width=len(rows[0]["id"])), *shown, box=None)
    for row in ({name: row[name] for name in ("id", *shown)} for row in rows):
        table.add_row(*(escape(", ".join(value) if isinstance(value, list) else value or "") for value in row.values()))
    to_people().print(table)


@app.command("revoke")
def revoke(key_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """End a key at once."""
    with open_platform(load_settings(home)) as platform:
        revoke_key(platform, platform.owner(tenant), key_id)
    if json:
        print_json({"id": key_id, "revoked": True})
    else:
        to_people().print(f"{key_id} opens nothing any more.", markup=False)


def _row(key: ApiKey) -> dict[str, Any]:
    told = key.model_dump(mode="json", exclude={"tenant", "user", "scopes"})
    return {"id": key.id, "as": key.user, "scopes": sorted(key.scopes), **{k: v for k, v in told.items() if k != "id"}}
