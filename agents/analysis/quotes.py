"""How a sentence is quoted to a reader."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from agents.analysis.quoting import quoted
from agents.analysis.voices import Line
from agents.spec import Notebook
from core.domain.accounts import Contact
from core.domain.interactions import Author, InteractionKind

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


def names_by_address(contacts: Iterable[Contact]) -> dict[str, str]:
    """The names of contacts by their folded mail addresses."""
    return {contact.email.strip().casefold(): contact.name for contact in contacts if contact.email}


def said_by(line: Line, notebook: Notebook, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Who said it, for the reader: the speaker, else the sender, else phrase `our_mail`, `our_note` or `unnamed`.

    `names` are those of known addresses (`names_by_address`).
    """
    if line.speaker:
        return names.get(line.speaker.casefold(), line.speaker)
    if line.interaction.author is Author.INTERNAL:
        return notebook.phrase("our_mail" if line.interaction.form is InteractionKind.MAIL else "our_note")
    shown = display_name(line.interaction.sender or "")
    return names.get(shown.casefold(), shown) or notebook.phrase("unnamed")
