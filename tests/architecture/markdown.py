"""What the documentation shows: code blocks, command lines and links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.architecture.source import ROOT, shown, tracked_files

SHELLS = {"console", "bash", "sh", "shell"}
_BREAKS = {"|", "||", "&&", "&", ";", ">", ">>", "<", "(", ")"}
_ASSIGNMENT = re.compile(r"[A-Z_][A-Z0-9_]*=.*")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it starts, its info string and its text."""

    place: str
    info: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class CommandLine:
    """One program call as shown to the reader."""

    place: str
    words: tuple[str, ...]


def documents() -> list[Path]:
    """Markdown for people: the repository's root and docs."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".md" and (path.parent == ROOT or path.is_relative_to(ROOT / "docs"))
    ]


def blocks() -> list[Block]:
    """All fenced blocks of all documents."""
    return [
        Block(f"{shown(path)}:{(token.map or [0])[0] + 1}", tuple(token.info.split()), token.content)
        for path in documents()
        for token in MarkdownIt().parse(path.read_text("utf-8"))
        if token.type == "fence"
    ]


def commands(program: str) -> list[CommandLine]:
    """Every call of `program` in shell blocks, without environment settings, pipes and redirections."""
    return [
        CommandLine(block.place, words)
        for block in blocks()
        if block.info and block.info[0] in SHELLS
        for line in _lines(block)
        for words in _calls(line)
        if Path(words[0]).name == program
    ]


def links(path: Path) -> set[str]:
    """Targets of links and images that point into the repository, without their anchors."""
    targets: set[str] = set()
    for token in MarkdownIt().parse(path.read_text("utf-8")):
        for child in token.children or ():
            target = str(child.attrGet("href") or child.attrGet("src") or "")
            if target and not re.match(r"[a-z]+:|#", target):
                targets.add(target.partition("#")[0])
    return targets


def _lines(block: Block) -> Iterator[str]:
    joined = block.text.replace("\\\n", " ").splitlines()
    if block.info[0] != "console":
        return iter(joined)
    return (line.removeprefix("$ ") for line in joined if line.startswith("$ "))


def _calls(line: str) -> Iterator[tuple[str, ...]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    call: list[str] = []
    for word in [*lexer, ";"]:
        if word not in _BREAKS:
            if call or not _ASSIGNMENT.fullmatch(word):
                call.append(word)
        elif call:
            yield tuple(call)
            call = []
