"""`saleshub recall`."""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from cli.options import AccountOption, AtOption, HomeOption, JsonOption, TenantOption, load_settings, parse_day
from cli.output import print_json, progress_bar, to_people
from core.errors import InvalidInputError
from hub.directory import list_accounts, resolve_account
from hub.embedding import embed_account
from hub.platform import open_platform
from hub.recalling import recall_history


def recall(
    query: Annotated[str, typer.Argument(help="What to look for")],
    account: AccountOption,
    at: AtOption = None,
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="How many passages")] = 8,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Find what was said in past interactions with an account; `--at` hides what came after that day."""
    if not query.strip():
        raise InvalidInputError("is empty", field="QUERY", remedy="Say what to look for.")
    day = parse_day(at)
    until = datetime.combine(day, time.max, UTC) if day else None
    with open_platform(load_settings(home)) as platform:
        caller = platform.owner(tenant)
        found = resolve_account(list_accounts(platform, caller), account)
        with progress_bar(quiet=json) as progress:
            task = progress.add_task(f"Embedding {found.name}", total=None)
            embed_account(
                platform,
                caller.tenant,
                found.id,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
        result = recall_history(platform, caller, query, found.id, until=until, k=k)
    if json:
        print_json(result)
        return
    console = to_people()
    for hit in result.hits:
        console.print(f"{hit.at:%Y-%m-%d}  {hit.quote}  [{hit.interaction}]", markup=False)
    ready = result.vectors
    if ready.embedded < ready.total:
        left = ready.total - ready.embedded
        console.print(
            f"({left} of {ready.total} passages were searched by their words only; `saleshub embed` does the rest.)"
        )
    if not result.hits:
        console.print("Nothing found.")
