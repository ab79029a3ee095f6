"""`saleshub chat`."""

from typing import Annotated

import typer

from cli.options import HomeOption, JsonOption, LangOption, TenantOption, load_settings
from cli.output import print_json
from cli.talking import answer_one, talk
from core.errors import InvalidInputError
from hub.people import acting_as
from hub.platform import open_platform

MessageOption = Annotated[
    str | None, typer.Option("--message", help="One question, answered at once [default: an interactive chat]")
]
ThreadOption = Annotated[str | None, typer.Option("--thread", metavar="ID", help="Go on in this thread")]
AsOption = Annotated[str | None, typer.Option("--as", metavar="USER", help="Id of who asks [default: the owner]")]


def chat(
    message: MessageOption = None,
    thread: ThreadOption = None,
    as_user: AsOption = None,
    lang: LangOption = None,
    home: HomeOption = None,
    tenant: TenantOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the assistant; it answers with sources, and only proposes what is to be written."""
    if message is None and json:
        raise InvalidInputError("an interactive chat is not JSON", field="--json", remedy="Give --message, too.")
    with open_platform(load_settings(home)) as platform:
        caller = acting_as(platform, platform.owner(tenant), as_user)
        if message is None:
            talk(platform, caller, thread, lang)
            return
        answer = answer_one(platform, caller, message, thread, lang)
    if json:
        print_json(answer)
        return
    from hub.rendering.answers import render_answer

    print(render_answer(answer))
