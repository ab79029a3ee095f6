"""The documentation is true: its code compiles and runs, its commands exist, its links lead somewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cli.main import app
from tests.architecture import markdown
from tests.architecture.markdown import Block, CommandLine
from tests.architecture.source import ROOT, shown

PYTHON = [block for block in markdown.blocks() if block.info[:1] == ("python",)]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def place(shown_thing: Block | CommandLine) -> str:
    return shown_thing.place


def misuse(command: Any, words: Sequence[str]) -> str | None:
    """The first word that is no subcommand or flag of `command`, a Typer command tree."""
    flags = {flag: option for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        flag, has_value, _ = word.partition("=")
        if word.startswith("-") and len(word) > 1:
            option = flags.get(flag)
            if option is None and flag != "--help":
                return word
            if option is not None and not has_value and not option.is_flag:
                del rest[: option.nargs]
        elif commands := getattr(command, "commands", None):
            return misuse(commands[word], rest) if word in commands else word
    return None


@pytest.mark.parametrize("block", PYTHON, ids=place)
def test_a_python_example_compiles(block: Block) -> None:
    compile(block.text, block.place, "exec")


@pytest.mark.parametrize("block", [block for block in PYTHON if "run" in block.info], ids=place)
def test_a_python_example_runs(block: Block, tmp_path: Path) -> None:
    environment = os.environ | {"SALESHUB_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", block.text]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", markdown.commands("saleshub"), ids=place)
def test_a_shown_saleshub_command_exists_with_its_flags(line: CommandLine) -> None:
    assert misuse(get_command(app), line.words[1:]) is None


@pytest.mark.parametrize("line", markdown.commands("make"), ids=place)
def test_a_shown_make_target_exists(line: CommandLine) -> None:
    assert {word for word in line.words[1:] if "=" not in word} <= TARGETS


@pytest.mark.parametrize("document", markdown.documents(), ids=shown)
def test_links_into_the_repository_resolve(document: Path) -> None:
    broken = [target for target in markdown.links(document) if not (document.parent / target).exists()]
    assert broken == []


def test_the_index_links_every_page_of_the_documentation() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target).resolve() for target in markdown.links(index)}
    pages = {path for path in markdown.documents() if path.is_relative_to(index.parent) and path != index}
    assert pages - linked == set()


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["no-such-command"], "no-such-command"),
        (["visit", "--no-such-flag"], "--no-such-flag"),
        (["visit", "--account", "no-such-command"], None),
        (["visit", "--help"], None),
    ],
)
def test_a_wrong_command_is_noticed(words: list[str], wrong: str | None) -> None:
    assert misuse(get_command(app), words) == wrong
