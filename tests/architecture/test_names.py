"""One name everywhere: packages, agents and tools are found where their names say, and none is forgotten."""

import re

import pytest

from agents.registry import AGENTS
from core.domain.payloads import Operation
from tests.architecture.source import PACKAGES, ROOT, python_files, shown
from tools.registry import TOOLS, WRITE_TOOLS

EMPTY_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|common|manager|managers|misc|stuff)($|_)|_v\d+$")
NOT_AGENTS = {"__init__", "spec", "registry", "analysis", "planning", "understanding", "answers", "inputs"}
NOT_TOOLS = {"__init__", "spec", "registry", "pricing", "proposals", "resolving"}
TOOL_VERBS = {
    *("assess", "calculate", "check", "compare", "count", "describe", "estimate", "explain", "find", "forecast"),
    *("get", "list", "look", "map", "price", "propose", "quote", "rank", "read", "recall", "search", "show"),
    *("suggest", "summarise", "trace"),
}
WRITE_VERBS = {"create", "draft", "log", "open", "request", "reserve", "schedule", "set", "update"}


def modules_in(package: str, without: set[str]) -> set[str]:
    """Direct children of a package, files and folders, by name."""
    children = {path.relative_to(ROOT / package).parts[0].removesuffix(".py") for path in python_files(package)}
    return children - without


def test_names_say_what_a_module_is_for() -> None:
    paths = [path.relative_to(ROOT) for path in python_files()]
    empty = [path.as_posix() for path in paths for part in path.with_suffix("").parts if EMPTY_NAMES.search(part)]
    assert empty == []


def test_every_top_level_package_is_shipped_and_every_shipped_package_exists() -> None:
    found = {path.parent.name for path in python_files() if path == ROOT / path.parent.name / "__init__.py"}
    assert found == set(PACKAGES)


def test_every_agent_file_is_registered_under_its_name() -> None:
    assert modules_in("agents", NOT_AGENTS) == set(AGENTS)
    assert {name: agent.name for name, agent in AGENTS.items()} == {name: name for name in AGENTS}


@pytest.mark.parametrize("name", sorted(AGENTS))
def test_an_agent_has_its_phrases_and_its_tests(name: str) -> None:
    assert (ROOT / "prompts" / name / "phrases.yaml").is_file()
    assert (ROOT / "tests" / "unit" / "agents" / f"test_{name}.py").is_file()


def test_every_tool_file_is_registered_under_its_name() -> None:
    writing = {operation.value for operation in WRITE_TOOLS}
    assert modules_in("tools", NOT_TOOLS) == set(TOOLS) | writing
    assert not set(TOOLS) & writing
    assert {name: tool.name for name, tool in TOOLS.items()} == {name: name for name in TOOLS}


def test_every_operation_has_its_write_tool() -> None:
    assert set(WRITE_TOOLS) == set(Operation)
    for operation, tool in WRITE_TOOLS.items():
        assert tool.operation is operation
        assert tool.run.__name__ == operation.value
        assert tool.run.__module__ == f"tools.{operation}"


@pytest.mark.parametrize("name", [*TOOLS, *WRITE_TOOLS])
def test_a_tool_is_named_verb_noun(name: str) -> None:
    verb, _, noun = name.partition("_")
    assert verb in (TOOL_VERBS if name in TOOLS else WRITE_VERBS)
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", noun)


def test_python_files_are_named_like_modules() -> None:
    odd = [shown(path) for path in python_files() if not re.fullmatch(r"[a-z_][a-z0-9_]*", path.stem)]
    assert odd == []
