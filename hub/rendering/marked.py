"""Writing Markdown around text that others wrote."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*\[\]<>|~$]|(?<!\w)_|_(?!\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^([#+\-=]|\d+(?=[.)]))")
_NOTES = re.compile(r"(?:(?<!\\)\[\^\d+\])+(:)?")
_LINK = re.compile(r"(?<=http)(?=s?:)|(?<=www)(?=\.)", re.IGNORECASE)


def escape(text: str) -> str:
    """The text on one line, shown by any Markdown reader as it stands: no markup, no links, no HTML."""
    line = " ".join(text.split())
    line = _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\g<0>", line))
    line = _LINK.sub("\u200b", line)
    return _AT_START.sub(lambda match: f"\\{match[0]}" if not match[0].isdigit() else f"{match[0]}\u200b", line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """A table whose cells are already escaped, set apart by blank lines; columns in `right` hold figures."""
    figures = set(right)
    rule = ["---:" if column in figures else "---" for column in range(len(head))]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, rule, *rows)]
    return ["", *lines, ""]


def bullets(items: Iterable[str]) -> list[str]:
    """A list whose items are already escaped, set apart by blank lines."""
    lines = [f"- {item}" for item in items]
    return ["", *lines, ""] if lines else []


def with_plain_notes(markdown: str) -> str:
    """The text with footnote marks as `[1, 2]`, for readers that do not know Markdown's footnotes, as terminals do."""
    return _NOTES.sub(lambda run: f"[{', '.join(re.findall('[0-9]+', run[0]))}]", markdown)
