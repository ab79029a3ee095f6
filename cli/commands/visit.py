"""`saleshub visit`."""

import asyncio
import re
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markdown import Markdown

from cli.options import (
    AccountOption,
    AtOption,
    HomeOption,
    JsonOption,
    LangOption,
    TenantOption,
    load_settings,
    parse_day,
)
from cli.output import print_json, progress_bar, to_people
from core.domain.packages import Package
from core.domain.visits import StepStatus, VisitRequest
from core.errors import InvalidInputError
from core.identity import Caller
from hub.installation import Platform
from hub.platform import open_platform

PurposeOption = Annotated[str, typer.Option("--purpose", help="What the visit is for, in your words")]
AttendeesOption = Annotated[
    list[str] | None, typer.Option("--attendees", help="People at the account, comma-separated or repeated")
]
FullOption = Annotated[bool, typer.Option("--full", help="Print everything, with all sources")]
KeyOption = Annotated[str | None, typer.Option("--idempotency-key", help="The same key gives the same run")]


def visit(
    account: AccountOption,
    purpose: PurposeOption,
    at: AtOption = None,
    attendees: AttendeesOption = None,
    idempotency_key: KeyOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
    full: FullOption = False,
) -> None:
    """Request a visit, wait for its collaboration package and print it."""
    settings = load_settings(home)
    if idempotency_key == "":
        raise InvalidInputError("is empty", field="--idempotency-key", remedy="Give a key, or leave the option out.")
    try:
        request = VisitRequest(
            account=account,
            purpose=purpose,
            at=parse_day(at),
            attendees=tuple(_split_names(attendees or [])),
            lang=lang or settings.lang,
        )
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, "`saleshub visit --help` shows what is expected.") from error
    with open_platform(settings, work=True) as platform:
        package = run_visit(platform, platform.owner(tenant), request, idempotency_key, quiet=json)
    if json:
        print_json(package)
    else:
        print_package(package, full=full)


def run_visit(
    platform: Platform, caller: Caller, request: VisitRequest, idempotency_key: str | None, *, quiet: bool
) -> Package:
    """File the request and wait for the package, showing each finished step."""
    from hub.running import VISIT_STEPS
    from hub.visits import follow_run, get_package, request_visit

    run = request_visit(platform, caller, request, idempotency_key)

    async def wait() -> None:
        with progress_bar(quiet=quiet) as progress:
            task = progress.add_task(run.account, total=len(VISIT_STEPS))
            async for event in follow_run(platform, caller, run.id):
                if event.status is not StepStatus.STARTED:
                    progress.update(task, advance=1, description=f"{run.account}: {event.step}")

    asyncio.run(wait())
    return get_package(platform, caller, run.id)


def print_package(package: Package, *, full: bool) -> None:
    """The package as a person reads it in a terminal: in brief, or in full with all sources."""
    from hub.rendering.markdown import render_brief, render_markdown
    from hub.rendering.marked import with_plain_notes

    render = render_markdown if full else render_brief
    to_people().print(Markdown(with_plain_notes(render(package))))


def _split_names(given: list[str]) -> list[str]:
    return [name.strip() for value in given for name in re.split(r"[,;，；、]", value) if name.strip()]
