"""`saleshub meetings`: recordings and transcripts become meetings on record, with minutes."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError
from rich.table import Column, Table
from rich.text import Text

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
from core.domain.meeting_files import MeetingFile, MeetingRequest
from core.errors import InvalidInputError
from core.identity import Caller
from core.language import Lang
from hub.installation import Platform
from hub.meeting_files import add_meeting, follow_file, list_files, propose_names
from hub.meeting_states import MeetingState, meeting_state, state_of
from hub.platform import open_platform
from hub.rendering.refusals import translate

app = typer.Typer(help="Recordings and transcripts of meetings, and their minutes.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the meeting")]
SpeakersOption = Annotated[int | None, typer.Option("--speakers", help="How many people speak in a recording, 1 to 6")]


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="Recording (WAV, MP3, M4A, OGG, …) or transcript (VTT, SRT, DOCX, …)")],
    account: AccountOption,
    form: Annotated[Literal["meeting", "call"], typer.Option("--form", help="meeting or call")] = "meeting",
    at: AtOption = None,
    subject: Annotated[str | None, typer.Option("--subject", help="What it was about")] = None,
    speakers: SpeakersOption = None,
    idempotency_key: Annotated[
        str | None, typer.Option("--idempotency-key", help="The same key gives the same meeting")
    ] = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Take in a file of a meeting, wait until it is read, and print its minutes."""
    if not file.is_file():
        raise InvalidInputError(f"no file “{file}”", field="FILE", remedy="Name an audio file that exists.")
    try:
        request = MeetingRequest.model_validate(
            {"account": account, "form": form, "held_on": parse_day(at), "subject": subject, "speakers": speakers}
        )
    except ValidationError as error:
        raise InvalidInputError.from_validation(error, "Use --form meeting or call, and --speakers 1 to 6.") from error
    with open_platform(load_settings(home), work=True) as platform:
        caller = platform.owner(tenant)
        with file.open("rb") as content:
            held = add_meeting(platform, caller, request, file.name, content, idempotency_key=idempotency_key)
        _wait(platform, caller, held, quiet=json)
        _print(meeting_state(platform, caller, held.id, lang=lang), lang, json=json)


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="At most so many")] = 50,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """List what was handed in, newest first."""
    with open_platform(load_settings(home)) as platform:
        files = list_files(platform, platform.owner(tenant), limit=limit)
    if json:
        print_json({"meetings": [state_of(file).model_dump(mode="json") for file in files]})
        return
    shown = Table(Column("id", no_wrap=True), "account", "file", "status")
    for file in files:
        shown.add_row(*(Text(text) for text in (file.id, file.account, file.file, file.status)))
    to_people().print(shown)


@app.command("show")
def show(
    meeting: IdArgument,
    query: Annotated[str, typer.Option("--query", help="What to tell about")] = "",
    words: Annotated[
        int | None, typer.Option("--words", min=10, max=2000, help="Most words of summary and answer each")
    ] = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Print how far a meeting is, and its minutes once it is read."""
    with open_platform(load_settings(home)) as platform:
        state = meeting_state(platform, platform.owner(tenant), meeting, query=query, words=words, lang=lang)
    _print(state, lang, json=json)


@app.command("name")
def name(
    meeting: IdArgument,
    names: Annotated[list[str], typer.Argument(metavar="SPEAKER=NAME...", help='Such as "Speaker 1=Ada Holm"')],
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Propose what the speakers of a recording are called, instead of what was proposed before."""
    pairs = [each.partition("=") for each in names]
    wrong = next((each for each, pair in zip(names, pairs, strict=True) if not pair[1]), None)
    if wrong is not None:
        raise InvalidInputError(f"“{wrong}” names nobody", field="SPEAKER=NAME", remedy="Write it with an equals sign.")
    with open_platform(load_settings(home)) as platform:
        caller = platform.owner(tenant)
        propose_names(platform, caller, meeting, {speaker: called for speaker, _sign, called in pairs})
        state = meeting_state(platform, caller, meeting, lang=lang)
    _print(state, lang, json=json)


def _wait(platform: Platform, caller: Caller, held: MeetingFile, *, quiet: bool) -> None:
    """Until the file is read, with a bar of the seconds that are heard."""

    async def wait() -> None:
        with progress_bar(quiet=quiet) as bar:
            task = bar.add_task(held.file, total=None)
            async for seen in follow_file(platform, caller, held.id):
                bar.update(task, completed=seen.heard_s or 0, total=seen.seconds)

    asyncio.run(wait())


def _print(state: MeetingState, lang: Lang | None, *, json: bool) -> None:
    if json:
        print_json(state)
        return
    out = to_people()
    about = [state.id, state.status.value, f"{state.progress:.0%}" if state.progress is not None else ""]
    out.print(" · ".join(filter(None, about)), markup=False)
    if state.reason:
        out.print(translate(state.reason, lang or Lang.EN), markup=False)
    if state.minutes is not None:
        for claim in state.minutes.claims:
            out.print(f"• {claim.text}", markup=False)
