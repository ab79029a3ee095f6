"""Throw-away homes with the demo company in them, for measurements."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.ports.embedder import Embedder
from core.settings import Settings
from demo.company import write_demo_company
from hub.importing import import_files
from hub.installation import Platform
from hub.platform import open_platform

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

TENANT = "demo"


@contextmanager
def imported_demo() -> Iterator[Path]:
    """A home into which the demo company was imported, gone afterwards; measure on copies of it."""
    with tempfile.TemporaryDirectory(prefix="saleshub-bench-") as folder:
        home, exports = Path(folder) / "home", Path(folder) / "exports"
        exports.mkdir()
        with open_platform(Settings(home=home, log_level="critical")) as platform:
            write_demo_company(exports, today=platform.clock.now().date())
            report = import_files(platform, [exports], tenant=TENANT)
        if report.refused:
            raise RuntimeError(f"the demo company must import whole; first refusal: {report.refused[0]}")
        yield home


@contextmanager
def copied(home: Path) -> Iterator[Path]:
    """A copy of a home that nobody has open; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="saleshub-bench-") as folder:
        yield Path(shutil.copytree(home, Path(folder) / "home"))


@contextmanager
def open_demo(
    home: Path,
    *,
    work: bool = True,
    chat_model: "BaseChatModel | None" = None,
    embedder: Embedder | None = None,
    **settings: object,
) -> Iterator[Platform]:
    """The platform on a copy of `home`; the parameters are those of `open_platform` and `Settings`."""
    with (
        copied(home) as own,
        open_platform(
            Settings.model_validate({"home": own, "log_level": "critical", **settings}),
            chat_model=chat_model,
            embedder=embedder,
            work=work,
        ) as platform,
    ):
        yield platform
