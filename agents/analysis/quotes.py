"""How a sentence is quoted to a reader."""

import re

from agents.analysis.quoting import quoted
from agents.analysis.voices import Line
from agents.spec import Notebook
from core.domain.interactions import Author

_LONGEST = 160
_ADDRESS = re.compile(r"<[^<>]*>\s*$")


def shortened(text: str) -> str:
    """The text fit to stand between quotation marks: on one line, cut at a word after about 160 characters."""
    line = quoted(text, len(text) + 1)
    if len(line) <= _LONGEST:
        return line
    head = line[:_LONGEST]
    space = head.rfind(" ")
    return (head[:space] if space > _LONGEST // 2 else head).rstrip(" ,，、;；") + "…"


def display_name(address: str) -> str:
    """The name of `Name <address>`, else the text as it is."""
    return _ADDRESS.sub("", address).strip().strip('"') or address.strip()


def said_by(line: Line, notebook: Notebook) -> str:
    """Who said it, for the reader: the speaker, else the sender, else phrase `our_note` or `unnamed`."""
    if line.speaker:
        return line.speaker
    if line.interaction.author is Author.INTERNAL:
        return notebook.phrase("our_note")
    return display_name(line.interaction.sender or "") or notebook.phrase("unnamed")
