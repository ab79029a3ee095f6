"""`saleshub boards`."""

from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json, to_people
from hub.boards.measures import LONGEST_WEEKS, measure_company
from hub.people import acting_as
from hub.platform import open_platform
from hub.rendering.measures import load_measure_words

_STYLES = {"met": "green", "missed": "red"}


def boards(
    weeks: Annotated[
        int, typer.Option("--weeks", min=1, max=LONGEST_WEEKS, help="How many weeks to look back, this one included")
    ] = 12,
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="Id of who reads [default: the owner]")
    ] = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    lang: LangOption = None,
    json: JsonOption = False,
) -> None:
    """Show response time, data freshness, process change, self-service, package time, review cycle and adoption."""
    settings = load_settings(home)
    with open_platform(settings) as platform:
        found = measure_company(platform, acting_as(platform, platform.owner(tenant), as_user), weeks)
    if json:
        print_json(found)
        return
    words = load_measure_words(lang or settings.lang)
    table = Table(
        Column(), Column(justify="right"), Column(justify="right"), Column(), Column(), box=None, show_header=False
    )
    for measure in found.measures:
        table.add_row(
            Text(words.name(measure), style="bold"),
            words.amount(measure.value, measure.unit),
            words.say("count", count=measure.n),
            words.target(measure),
            Text(words.verdict(measure), style=_STYLES.get(measure.verdict, "dim")),
        )
    to_people().print(table)
