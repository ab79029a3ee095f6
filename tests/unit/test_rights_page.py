"""The page on rights says what the tables say."""

import re
from pathlib import Path

from core.identity import Role
from core.policy.field_rights import FIELD_RIGHTS
from core.policy.permissions import PERMISSIONS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "rights.md").read_text("utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading, by their first cell."""
    below = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in below.splitlines() if line[:1] == "|"]
    return {first.strip("`"): others for first, *others in cells[2:]}


def roles(cell: str) -> frozenset[Role]:
    named = frozenset(map(Role, re.findall(r"`(\w+)`", cell)))
    return named or (frozenset() if cell == "nobody" else frozenset(Role))


def test_every_action_is_there_with_its_roles() -> None:
    assert {name: roles(cell) for name, (cell,) in rows("Actions").items()} == {
        action.value: allowed for action, allowed in PERMISSIONS.items()
    }


def test_every_guarded_field_is_there_with_its_readers() -> None:
    told = {
        kind: (frozenset(re.findall(r"`(\w+)`", fields)), roles(readers), told == "yes")
        for kind, (fields, readers, told) in rows("Fields").items()
    }
    assert told == {right.kind: (right.fields, right.readers, right.told) for right in FIELD_RIGHTS}
