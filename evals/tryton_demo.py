"""`make tryton`: a local Tryton with the demo company in it, until Ctrl-C."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from connectors.tryton.kinds import KINDS
from connectors.tryton.local.trial import filled_tryton
from core.domain.base import Record
from core.errors import HubError
from core.identity import local_owner
from core.settings import Settings
from db.store import open_store
from evals.bench.demo_home import TENANT, imported_demo

# Not below a home: as root PostgreSQL runs as another user, who must reach its files.
FOLDER = Path(tempfile.gettempdir()) / "saleshub-tryton"


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, fill, print the settings, serve; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.tryton_demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the databases are kept (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port of the server (%(default)s)")
    parser.add_argument("--afresh", action="store_true", help="drop the database from last time and fill a new one")
    chosen = parser.parse_args(arguments)
    print("Preparing Tryton with the demo company (about two minutes the first time)", file=sys.stderr)
    try:
        with filled_tryton(chosen.folder, TENANT, demo_records(), port=chosen.port, afresh=chosen.afresh) as url:
            print(f"SALESHUB_TRYTON_URL={url}", flush=True)
            print("Serving until Ctrl-C", file=sys.stderr)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except HubError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def demo_records() -> list[Record]:
    """What of the demo company Tryton can hold, as an import of its files leaves it."""
    with imported_demo() as home, open_store(Settings(home=home).records_url) as store, store.read() as unit:
        owner = local_owner(TENANT)
        return [record for kind in KINDS for record in unit.records.find(owner, kind.kind)]


if __name__ == "__main__":
    sys.exit(main())
