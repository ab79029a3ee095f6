"""`make llm`: a small language model behind an OpenAI-compatible server on this machine, until Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from core.errors import HubError
from core.settings import Settings
from evals.local_model.serving import serving
from evals.local_model.weights import NAME, ensure_weights

_FOLDER = "models"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch the weights once, serve, print the settings; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.local_model", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the weights are kept (default: models, below the home)")
    parser.add_argument("--port", type=int, default=8485, help="port of the server (%(default)s)")
    parser.add_argument("--uv", default="uv", help="the uv that fetches the weights (%(default)s)")
    chosen = parser.parse_args(arguments)
    to = Console(stderr=True)
    try:
        with to.status("Looking for the weights") as status:

            def progress(done: int, all_: int) -> None:
                status.update(f"Fetching the weights once, 1.1 GB: slice {done} of {all_}")

            path = ensure_weights(chosen.folder or Settings().home / _FOLDER, chosen.uv, progress)
            status.update("Loading the model")
            server = serving(path, chosen.port)
        with server as url:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            print(f"export OPENAI_BASE_URL={url} OPENAI_API_KEY=none SALESHUB_PLANNER_MODEL={NAME} ", end="")
            print(f"SALESHUB_WRITER_MODEL={NAME} SALESHUB_JUDGE_MODEL={NAME}", flush=True)
            to.print("Serving until Ctrl-C; set the line above in another shell")
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except HubError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
