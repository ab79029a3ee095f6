"""Entry point of the `saleshub` command."""

import sys

import typer

from cli.commands import accounts, agent, demo, embed, importing, recall, serve, visit
from core.errors import HubError, SourceError

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
app.command("agent")(agent.agent)
app.command("recall")(recall.recall)
app.command("embed")(embed.embed)
app.command("serve")(serve.serve)

UNUSABLE = 2


def main() -> None:
    """Run the command line; an expected failure is one line on standard error and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except HubError as error:
        sys.exit(_fail(str(error)))
    except SourceError as error:
        sys.exit(_fail(f"{error}. Try again, or look at the system’s connection settings."))
    except typer.TyperException as error:
        message = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        help_of = " ".join(filter(None, ("saleshub", _command(), "--help")))
        sys.exit(_fail(f"{' '.join(message.split())} See `{help_of}`."))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _command() -> str:
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "")


def _fail(line: str) -> int:
    print(f"saleshub: {line}", file=sys.stderr)
    return UNUSABLE


if __name__ == "__main__":
    main()
