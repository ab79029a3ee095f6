"""`saleshub accounts`."""

from rich.table import Table

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, to_people
from hub.directory import list_accounts
from hub.platform import open_platform


def accounts(home: HomeOption = None, tenant: TenantOption = None, json: JsonOption = False) -> None:
    """List the accounts."""
    with open_platform(load_settings(home)) as platform:
        found = list_accounts(platform, platform.owner(tenant))
    if json:
        rows = [{"id": a.id, "name": a.name, "region": a.region, "owner": a.owner} for a in found]
        print_json({"accounts": rows})
        return
    table = Table("Id", "Account", "Region", "Owner", box=None)
    for account in found:
        table.add_row(account.id, account.name, account.region or "", account.owner or "")
    to_people().print(table if found else "No accounts yet. Import some: saleshub import PATH")
