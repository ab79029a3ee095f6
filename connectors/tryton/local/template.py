"""The database that local ones are copied from: modules and company installed once, kept for the next time."""

import asyncio
import hashlib
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

from connectors.tryton.address import read_address
from connectors.tryton.client import TrytonClient
from connectors.tryton.local import company
from connectors.tryton.local.postgres import LocalPostgres
from connectors.tryton.local.server import install_modules, running_server

_MODULES = ("sale_opportunity", "sale_subscription", "stock_forecast", "stock_supply", "product_price_list")
_OURS = Path(__file__).parents[1] / "module" / "saleshub"


def prepared_template(folder: Path, postgres: LocalPostgres) -> str:
    """Name of the template database, made when the modules changed; about a minute the first time, then none.

    Safe among processes: the first one makes it, the others wait.
    """
    base, name = f"base_{_digest_of([])}", f"template_{_digest_of([*_OURS.iterdir(), Path(company.__file__)])}"
    with FileLock(folder / "template.lock"):
        if not postgres.has(base):
            _build(folder, postgres, base, "template0", _MODULES)
        if not postgres.has(name):
            _build(folder, postgres, name, base, ["saleshub"], with_company=True)
    return name


def _build(
    folder: Path,
    postgres: LocalPostgres,
    name: str,
    template: str,
    modules: tuple[str, ...] | list[str],
    *,
    with_company: bool = False,
) -> None:
    # Under another name until it is whole, so that an interrupted attempt leaves nothing half made.
    unfinished = f"{name}_unfinished"
    postgres.drop(unfinished)
    postgres.create(unfinished, template)
    install_modules(folder, postgres, unfinished, modules)
    if with_company:
        with running_server(folder, postgres, [unfinished]) as server:
            client = TrytonClient(read_address(server.url(unfinished)), unfinished)
            asyncio.run(company.set_up_company(client))
    postgres.rename(unfinished, name)


def _digest_of(files: list[Path]) -> str:
    seen = hashlib.sha256(version("trytond").encode())
    for path in sorted(file for file in files if file.is_file()):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:12]
