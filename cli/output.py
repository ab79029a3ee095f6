"""Printing for people and for programs."""

import json
import sys
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


def print_json(value: BaseModel | dict[str, Any]) -> None:
    """One JSON object on standard output, characters of any script as they are."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    print(json.dumps(value, ensure_ascii=False, indent=2))


def to_people() -> Console:
    """A console on standard output."""
    return Console(highlight=False)


def progress_bar(*, quiet: bool) -> Progress:
    """A progress display on standard error; `quiet`, or without a terminal, it draws nothing."""
    console = Console(file=sys.stderr)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )
