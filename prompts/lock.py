"""The lock of prompt files: text may change only together with its version.

`python -m prompts.lock` lists what is wrong; with `--update` it records new and bumped files, and refuses while
any text changed under an unchanged version.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from core.language import Lang
from prompts.errors import PromptError
from prompts.files import (
    PHRASES_FILE,
    PROMPTS_FOLDER,
    SENTENCES_FILE,
    parse_phrases,
    parse_prompt,
    parse_sentences,
    read_text,
    text_digest,
)

LOCK_FILE = "lock.json"
_UPDATE = "run `python -m prompts.lock --update`"


class Entry(BaseModel):
    """One locked file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    sha256: str


def scan(root: Path) -> dict[str, Entry]:
    """Version and digest of each prompt file below `root`, by its path relative to `root`.

    Raises PromptError for a file that is neither phrases nor sentences nor a model prompt, or is not valid.
    """
    entries: dict[str, Entry] = {}
    for path in sorted(root.glob("*/*")):
        if path.parent.name == "__pycache__" or path.suffix in {".py", ".pyc"}:
            continue
        text = read_text(path)
        if path.name == PHRASES_FILE:
            version = parse_phrases(text, path).version
        elif path.name == SENTENCES_FILE:
            version = parse_sentences(text, path).version
        elif path.name.endswith(tuple(f".{lang}.md" for lang in Lang)):
            version = parse_prompt(text, path)[0].version
        else:
            raise PromptError(f"expected {PHRASES_FILE}, {SENTENCES_FILE} or NAME.en.md and NAME.zh.md", file=str(path))
        entries[path.relative_to(root).as_posix()] = Entry(version=version, sha256=text_digest(text))
    return entries


def load_lock(root: Path) -> dict[str, Entry]:
    """The recorded entries; empty when there is no lock yet."""
    path = root / LOCK_FILE
    if not path.exists():
        return {}
    return {name: Entry.model_validate(entry) for name, entry in json.loads(read_text(path)).items()}


def unbumped(root: Path) -> list[str]:
    """Files whose text changed without a higher version, one line each."""
    locked = load_lock(root)
    return [
        f"{name}: the text changed, so its version must be above {locked[name].version}"
        for name, entry in scan(root).items()
        if name in locked and entry != locked[name] and entry.version <= locked[name].version
    ]


def unrecorded(root: Path) -> list[str]:
    """Files that are new, bumped or gone since the lock was written, one line each."""
    locked, found = load_lock(root), scan(root)
    missing = [f"{name}: not recorded at this version; {_UPDATE}" for name in found if found[name] != locked.get(name)]
    return missing + [f"{name}: recorded but gone; {_UPDATE}" for name in locked if name not in found]


def update(root: Path) -> None:
    """Write the lock; the caller has made sure that nothing is `unbumped`."""
    entries = {name: entry.model_dump() for name, entry in scan(root).items()}
    (root / LOCK_FILE).write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None, root: Path = PROMPTS_FOLDER) -> int:
    """Check or update the lock; the exit status is 0 when nothing is left to do."""
    parser = argparse.ArgumentParser(prog="python -m prompts.lock", description=__doc__)
    parser.add_argument("--update", action="store_true", help="record new and bumped files")
    options = parser.parse_args(arguments)
    try:
        problems = unbumped(root)
        if options.update and not problems:
            update(root)
        problems = problems or unrecorded(root)
    except PromptError as error:
        problems = [str(error)]
    for problem in problems:
        sys.stderr.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
