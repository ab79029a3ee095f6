"""`saleshub inbox`: customers' messages that wait for an answer."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.options import HomeOption, JsonOption, TenantOption, load_settings
from cli.output import print_json, to_people
from core.domain.inbound import Inbound, InboundStatus
from core.errors import InvalidInputError
from core.identity import Caller
from hub.directory import name_accounts
from hub.inbound.answering import dismiss, get_inbound, hand_on, list_inbound, mark_answered
from hub.inbound.preparing import prepare_inbound
from hub.installation import Platform
from hub.people import acting_as
from hub.platform import open_platform

app = typer.Typer(help="Customers’ messages that wait for an answer, each with a drafted reply.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the message")]
AsOption = Annotated[str | None, typer.Option("--as", metavar="USER", help="Id of who acts [default: the owner]")]
_HERE = "terminal"


@app.command("list")
def list_(
    everybody: Annotated[bool, typer.Option("--all", help="Of everybody, not of who acts alone")] = False,
    over: Annotated[bool, typer.Option("--over", help="With those that are answered or dismissed")] = False,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """List the messages, newest first; what came in by import meanwhile is prepared first."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        while prepare_inbound(platform, _HERE):
            pass
        # Whoever owns the installation has no customers of their own.
        messages = list_inbound(platform, caller, mine=not everybody and as_user is not None, waiting=not over)
        names = name_accounts(platform, caller, {message.account_id for message in messages})
    if json:
        print_json({"messages": [message.model_dump(mode="json") for message in messages]})
        return
    # An id is there to be copied.
    ids = Column("Id", no_wrap=True, min_width=max((len(one.id) for one in messages), default=0))
    table = Table(ids, "Received", "Account", "For", "Status", "Stage", box=None)
    for one in messages:
        moved = "" if one.stage is None else one.stage.after.value
        received, account = f"{one.received_at:%Y-%m-%d %H:%M}", Text(names.get(one.account_id, one.account_id))
        table.add_row(one.id, received, account, one.assigned_to or "nobody", one.status.value, moved)
    to_people().print(table if messages else "Nothing waits.")


@app.command("show")
def show(
    message_id: IdArgument,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Show a message, what it moved, and the drafted reply with its sources."""
    with open_platform(load_settings(home)) as platform:
        message, text = get_inbound(platform, acting_as(platform, platform.owner(tenant), as_user), message_id)
    if json:
        print_json({**message.model_dump(mode="json"), "message": text.model_dump(mode="json")})
        return
    people = to_people()
    people.print(f"{text.sender}, {text.at:%Y-%m-%d %H:%M}\n{text.subject or ''}\n\n{text.text}\n", markup=False)
    if message.stage is not None:
        stage = message.stage
        before = f"{stage.before} → " if stage.before not in (None, stage.after) else ""
        people.print(f"Stage: {before}{message.stage.after} ({message.stage.share:.0%})", markup=False)
    if message.draft is not None:
        numbers = {id_: number for number, id_ in enumerate(message.evidence, start=1)}
        people.print(f"\nDraft to {message.draft.to or 'an unknown address'}: {message.draft.subject}\n", markup=False)
        if message.draft.unread:
            people.print(f"Not read for this draft: {', '.join(message.draft.unread)}\n", markup=False)
        for sentence in message.draft.sentences:
            cited = "".join(f" [{numbers[id_]}]" for id_ in sentence.evidence if id_ in numbers)
            people.print(f"{sentence.text}{cited}", markup=False)
        for id_, number in numbers.items():
            people.print(f"[{number}] {id_}: {message.evidence[id_].quote[:160]}", markup=False, style="dim")


@app.command("hand-on")
def hand_on_(
    message_id: IdArgument,
    user: Annotated[str, typer.Argument(metavar="USER", help="Id of who answers instead")],
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Give a message to another user; the reply is drafted anew with what they may see."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        hand_on(platform, caller, message_id, user)
        prepare_inbound(platform, _HERE)
        _print(platform, caller, message_id, json=json)


@app.command("answered")
def answered(
    message_id: IdArgument,
    sent: Annotated[Path | None, typer.Option("--sent", help="File with the reply as sent, “-” for the input")] = None,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a message was answered; nothing is sent by this."""
    text = None if sent is None else _read(sent)
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        mark_answered(platform, caller, message_id, text)
        _print(platform, caller, message_id, json=json)


@app.command("dismiss")
def dismiss_(
    message_id: IdArgument,
    as_user: AsOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a message needs no answer."""
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        dismiss(platform, caller, message_id)
        _print(platform, caller, message_id, json=json)


def _read(path: Path) -> str:
    if str(path) == "-":
        return sys.stdin.read()
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{path} cannot be read", field="--sent", remedy="Name a text file in UTF-8, or “-”."
        ) from error


def _print(platform: Platform, caller: Caller, message_id: str, *, json: bool) -> None:
    message: Inbound = get_inbound(platform, caller, message_id)[0]
    if json:
        print_json(message)
        return
    status = "waits" if message.status is InboundStatus.WAITING else message.status.value
    to_people().print(f"{message.id} {status}, for {message.assigned_to or 'nobody'}.", markup=False)
