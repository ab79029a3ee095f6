"""`saleshub users`."""

from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.domain.people import User
from core.errors import InvalidInputError
from core.identity import Role
from hub.people import deactivate_user, list_users, save_user
from hub.platform import open_platform

app = typer.Typer(help="The company’s own people: who decides, who stands in for whom.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(help="Short id: lower-case letters, digits, “.”, “_” and “-”")]
NameOption = Annotated[str, typer.Option("--name", help="Name as others see it")]
RoleOption = Annotated[list[Role], typer.Option("--role", help="What the person does; may be repeated")]
RegionOption = Annotated[
    list[str] | None, typer.Option("--region", help="Region they work in; may be repeated [default: every region]")
]
ManagerOption = Annotated[str | None, typer.Option("--manager", help="Id of who hears of what is overdue")]
DelegateOption = Annotated[str | None, typer.Option("--delegate", help="Id of who stands in for the person")]


@app.command("add")
def add(
    user_id: IdArgument,
    name: NameOption,
    role: RoleOption,
    region: RegionOption = None,
    manager: ManagerOption = None,
    delegate: DelegateOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Add a user, or change the one with this id."""
    try:
        user = User(
            id=user_id,
            name=name,
            roles=frozenset(role),
            regions=frozenset(region) if region else None,
            manager=manager,
            delegate=delegate,
        )
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, "`saleshub users add --help` shows what is expected.") from error
    with open_platform(load_settings(home)) as platform:
        _print([save_user(platform, platform.owner(tenant), user)], json=json)


@app.command("list")
def list_(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the users."""
    with open_platform(load_settings(home)) as platform:
        _print(list_users(platform, platform.owner(tenant).tenant), json=json)


@app.command("remove")
def remove(user_id: IdArgument, home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """Take a user’s rights away; what they did stays on record."""
    with open_platform(load_settings(home)) as platform:
        _print([deactivate_user(platform, platform.owner(tenant), user_id)], json=json)


def _print(users: list[User], *, json: bool) -> None:
    if json:
        rows = [{**user.model_dump(mode="json"), "roles": sorted(user.roles)} for user in users]
        print_json({"users": rows})
        return
    # An id is there to be copied.
    ids = Column("Id", no_wrap=True, min_width=max((len(user.id) for user in users), default=0))
    table = Table(ids, "Name", "Roles", "Regions", "Manager", "Delegate", "Active", box=None)
    for user in users:
        regions = "every region" if user.regions is None else ", ".join(sorted(user.regions))
        roles, active = ", ".join(sorted(user.roles)), "yes" if user.active else "no"
        table.add_row(user.id, Text(user.name), roles, Text(regions), user.manager or "", user.delegate or "", active)
    to_people().print(table if users else "Nobody yet. Add people: saleshub users add ID --name NAME --role ROLE")
