"""`saleshub user`."""

import re
import sys
from datetime import UTC
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.domain.people import User
from core.errors import InvalidInputError
from core.identity import Role
from hub.access.invites import invite_user, list_with_password, set_password
from hub.access.links import unlink_user
from hub.installation import Platform
from hub.people import deactivate_user, list_users, save_user
from hub.platform import open_platform

app = typer.Typer(
    help="The company’s own people: who decides, who stands in for whom, who signs in.", no_args_is_help=True
)

_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")

IdArgument = Annotated[str, typer.Argument(help="Id, as listed")]
NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="User name: lower-case letters, digits, “.”, “_” and “-”; or a full name")
]
FullNameOption = Annotated[str | None, typer.Option("--name", help="Name as others see it [default: NAME]")]
RoleOption = Annotated[list[Role], typer.Option("--role", help="What the person does; may be repeated")]
RegionOption = Annotated[
    list[str] | None,
    typer.Option("--region", help="Region, or region/team, they work in; may be repeated [default: every region]"),
]
ManagerOption = Annotated[str | None, typer.Option("--manager", help="Id of who hears of what is overdue")]
DelegateOption = Annotated[str | None, typer.Option("--delegate", help="Id of who stands in for the person")]


@app.command("add")
def add(
    name: NameArgument,
    role: RoleOption,
    region: RegionOption = None,
    full_name: FullNameOption = None,
    manager: ManagerOption = None,
    delegate: DelegateOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Add a user, or change the one with this name; whose rights change is signed out."""
    try:
        user = User(
            id=_id_of(name),
            name=full_name or name,
            roles=frozenset(role),
            regions=frozenset(region) if region else None,
            manager=manager,
            delegate=delegate,
        )
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, "`saleshub user add --help` shows what is expected.") from error
    with open_platform(load_settings(home)) as platform:
        _print(platform, [save_user(platform, platform.owner(tenant), user)], tenant, json=json)


@app.command("list")
def list_(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the users."""
    with open_platform(load_settings(home)) as platform:
        _print(platform, list_users(platform, platform.owner(tenant).tenant), tenant, json=json)


@app.command("remove")
def remove(user_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Take a user’s rights away and sign them out; what they did stays on record."""
    with open_platform(load_settings(home)) as platform:
        _print(platform, [deactivate_user(platform, platform.owner(tenant), user_id)], tenant, json=json)


@app.command("password")
def password(
    user_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False
) -> None:
    """Set a user’s password, asked for or read from standard input; from then on everybody signs in."""
    with open_platform(load_settings(home)) as platform:
        owner = platform.owner(tenant)
        set_password(platform, owner, user_id, _read_password())
    _say({"user": user_id, "password": "set"}, f"{user_id} has a new password and is signed out everywhere.", json=json)


@app.command("invite")
def invite(user_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Make a link by which a user chooses a password, once; earlier ones end."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        made, token = invite_user(platform, platform.owner(tenant), user_id)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    link, ends = f"{base}/invite?invite={token}", made.expires_at
    said = f"{link}\nValid once, until {ends.astimezone(UTC):%Y-%m-%d %H:%M} UTC."
    _say({"user": user_id, "link": link, "expires_at": ends.isoformat()}, said, json=json)


@app.command("unlink")
def unlink(user_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Forget who a user is at the identity provider: the next who comes with the name is the user."""
    with open_platform(load_settings(home)) as platform:
        unlink_user(platform, platform.owner(tenant), user_id)
    _say(
        {"user": user_id, "linked": False}, f"{user_id} is signed out, and linked anew at the next sign-in.", json=json
    )


def _id_of(name: str) -> str:
    """The name itself where it can be an id, else what is left of it in small letters."""
    return name if name == name.casefold() and " " not in name else _NOT_IN_AN_ID.sub(".", name.casefold()).strip(".")


def _read_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _say(row: dict[str, Any], text: str, *, json: bool) -> None:
    if json:
        print_json(row)
    else:
        to_people().print(text, markup=False, soft_wrap=True)


def _print(platform: Platform, users: list[User], tenant: str | None, *, json: bool) -> None:
    signing_in = list_with_password(platform, platform.owner(tenant).tenant)
    if json:
        rows = [
            {
                **user.model_dump(mode="json"),
                "roles": sorted(user.roles),
                "regions": None if user.regions is None else sorted(user.regions),
                "has_password": user.id in signing_in,
            }
            for user in users
        ]
        print_json({"users": rows})
        return
    # An id is there to be copied.
    ids = Column("Id", no_wrap=True, min_width=max((len(user.id) for user in users), default=0))
    table = Table(ids, "Name", "Roles", "Regions", "Manager", "Delegate", "Active", "Password", box=None)
    for user in users:
        regions = "every region" if user.regions is None else ", ".join(sorted(user.regions))
        roles, active = ", ".join(sorted(user.roles)), "yes" if user.active else "no"
        others = (user.manager or "", user.delegate or "", active, "yes" if user.id in signing_in else "no")
        table.add_row(user.id, Text(user.name), roles, Text(regions), *others)
    to_people().print(table if users else "Nobody yet. Add people: saleshub user add NAME --role ROLE")
