"""A throw-away home with the demo company in it, for measurements."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings
from demo.company import write_demo_company
from hub.importing import import_files
from hub.platform import Platform, open_platform

TENANT = "demo"


@contextmanager
def open_demo(*, work: bool = False, **settings: object) -> Iterator[Platform]:
    """The demo company, imported into a temporary home that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        home, exports = Path(folder) / "home", Path(folder) / "exports"
        exports.mkdir()
        with open_platform(Settings(home=home, **settings), work=work) as platform:
            write_demo_company(exports, today=platform.clock.now().date())
            report = import_files(platform, [exports], tenant=TENANT)
            if report.refused:
                raise RuntimeError(f"the demo company must import whole; first refusal: {report.refused[0]}")
            yield platform
