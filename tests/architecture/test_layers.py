"""The import contracts hold, and each of them can fail."""

import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PYPROJECT, ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# One import per contract that it must refuse: importing module → imported module.
PLANTED = {
    "layers": ("core.upward", "db"),
    "ports": ("connectors.records", "db"),
    "doors": ("api.shortcut", "memory"),
    "demo-stands-alone": ("demo.company", "core"),
    "demo-is-optional": ("hub.sample", "demo"),
    "agents": ("agents.intent", "agents.risk"),
    "orchestration": ("hub.flow", "langgraph.graph"),
    "chat-models": ("agents.writer", "langchain_openai"),
    "records": ("hub.reviews", "sqlalchemy.orm"),
    "jobs": ("graphs.durable", "dbos"),
    "vectors": ("tools.recall", "chromadb"),
    "web": ("console.routes", "fastapi"),
    "console": ("api.page", "nicegui"),
    "web-requests": ("hub.session", "starlette.requests"),
    "rules": ("core.approvals", "zen"),
    "calendars": ("hub.days", "holidays"),
    "simulator": ("evals.year", "simpy"),
    "file-readers": ("hub.upload", "pypdf"),
    "speech": ("hub.overhearing", "faster_whisper"),
    "office-files": ("memory.sheets", "openpyxl"),
    "webhooks": ("api.hooks", "standardwebhooks"),
    "pdf-files": ("connectors.print", "reportlab.pdfgen"),
    "tryton": ("hub.orders", "trytond.pool"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LINT_IMPORTS), "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_import_contract_holds() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


def test_every_import_contract_refuses_a_planted_import(tmp_path: Path) -> None:
    settings = PYPROJECT["tool"]["importlinter"]
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
    for package in settings["root_packages"]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "agents" / "risk.py").touch()
    for importer, imported in PLANTED.values():
        (tmp_path / f"{importer.replace('.', '/')}.py").write_text(f"import {imported}\n", "utf-8")

    report = re.sub(r"\s+", " ", lint(tmp_path).stdout)

    assert {contract["id"] for contract in settings["contracts"]} == PLANTED.keys()
    kept = [contract["id"] for contract in settings["contracts"] if f"{contract['name']} BROKEN" not in report]
    assert kept == []


def test_the_contracts_cover_every_package_that_is_shipped() -> None:
    shipped = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(PYPROJECT["tool"]["importlinter"]["root_packages"]) == sorted(shipped)
