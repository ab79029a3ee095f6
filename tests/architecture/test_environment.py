"""Settings have one door: only `core/settings.py` reads the environment."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import PACKAGES, ROOT, parse, python_files, shown

READERS = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "load_dotenv", "dotenv_values"}
THE_DOOR = ROOT / "core" / "settings.py"


def environment_reads(tree: ast.Module) -> Iterator[int]:
    """Line numbers of attributes and imports that reach the environment."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in READERS:
                yield node.lineno
            case ast.ImportFrom(names=names) if READERS & {alias.name for alias in names}:
                yield node.lineno


def test_only_settings_reads_the_environment() -> None:
    reads = [
        f"{shown(path)}:{line}"
        for path in python_files(*PACKAGES)
        if path != THE_DOOR
        for line in environment_reads(parse(path))
    ]
    assert reads == []


@pytest.mark.parametrize(
    "code", ["import os\nos.environ['A']", "import os as o\no.getenv('A')", "from os import environ as e"]
)
def test_a_read_of_the_environment_is_noticed(code: str) -> None:
    assert list(environment_reads(ast.parse(code)))
