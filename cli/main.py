"""Entry point of the `saleshub` command."""

import sys
from collections.abc import Sequence
from itertools import pairwise

import structlog
import typer

from cli.commands import (
    accounts,
    agent,
    audit,
    boards,
    chat,
    demo,
    effects,
    embed,
    evaluating,
    importing,
    inbox,
    keys,
    meetings,
    memory,
    policy,
    recall,
    reviews,
    serve,
    simulate,
    user,
    visit,
    webhooks,
    work,
)
from core.errors import HubError, SourceError
from core.language import Lang
from hub.rendering.refusals import say_refusal

app = typer.Typer(
    name="saleshub",
    help="The AI sales hub: a visit request becomes a sourced collaboration package.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("import")(importing.import_)
app.command("accounts")(accounts.accounts)
app.command("visit")(visit.visit)
app.command("chat")(chat.chat)
app.command("agent")(agent.agent)
app.command("recall")(recall.recall)
app.command("embed")(embed.embed)
app.command("eval")(evaluating.eval_)
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.command("simulate")(simulate.simulate_)
app.command("boards")(boards.boards)
app.add_typer(effects.app, name="effects")
app.add_typer(inbox.app, name="inbox")
app.add_typer(meetings.app, name="meetings")
app.add_typer(memory.app, name="memory")
app.add_typer(policy.app, name="policy")
app.add_typer(reviews.app, name="reviews")
app.add_typer(user.app, name="user")
app.add_typer(user.app, name="users", hidden=True)
app.add_typer(keys.app, name="key")
app.add_typer(audit.app, name="audit")
app.add_typer(webhooks.app, name="webhooks")

log = structlog.get_logger()

UNUSABLE = 2
_INTERRUPTED = 130


def main() -> None:
    """Run the command line of this process."""
    try:
        sys.exit(run(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def run(words: Sequence[str]) -> int:
    """Run one command and return its exit code; an expected failure is one line on standard error and code 2."""
    try:
        code = app(list(words), standalone_mode=False)
    except (HubError, SourceError) as error:
        return _fail(_told(error, _lang(words)))
    except typer.TyperException as error:
        return _fail(_usage(error, words))
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        # A person gets one line; whoever looks for the cause asks for the rest.
        log.debug("command_failed", exc_info=True)
        cause = next(iter(str(error).splitlines()), "")
        print(f"saleshub: {type(error).__name__}: {cause} (SALESHUB_LOG_LEVEL=debug shows where)", file=sys.stderr)
        return 1
    return code if isinstance(code, int) else 0


def _told(error: HubError | SourceError, lang: Lang) -> str:
    if isinstance(error, SourceError) and lang is Lang.EN:
        return f"{error}. Try again, or look at the system’s connection settings."
    return say_refusal(error, lang).line


def _lang(words: Sequence[str]) -> Lang:
    """The language that the command was told to answer in; English, unless it was."""
    given = [word for before, word in pairwise(words) if before == "--lang"]
    given += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return Lang.ZH if Lang.ZH in given else Lang.EN


def _usage(error: typer.TyperException, words: Sequence[str]) -> str:
    message = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    message = message.replace("Value error, ", "")
    command = next((word for word in words if not word.startswith("-")), None)
    help_of = " ".join(filter(None, ("saleshub", command, "--help")))
    return f"{' '.join(message.split())} See `{help_of}`."


def _fail(line: str) -> int:
    print(f"saleshub: {line}", file=sys.stderr)
    return UNUSABLE


if __name__ == "__main__":
    main()
