"""Options that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from core.errors import InvalidInputError, SetupError
from core.language import Lang
from core.settings import Settings

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of all local state [default: SALESHUB_HOME or the user-data folder]"),
]
TenantOption = Annotated[
    str | None, typer.Option("--tenant", help="Company; may be left out while the home has only one")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text")]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Language of the answer: zh or en")]
AccountOption = Annotated[str, typer.Option("--account", help="Name, alias or id of the account")]
AtOption = Annotated[str | None, typer.Option("--at", help="Day, YYYY-MM-DD")]


def load_settings(home: Path | None, **changes: Any) -> Settings:
    """Settings from the environment with the given changes; None changes nothing.

    Raises SetupError naming the variable when the environment holds nonsense.
    """
    given = {name: value for name, value in {"home": home, **changes}.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SetupError(
            first["msg"], field=name, remedy="Correct the option, or the variable in the environment."
        ) from error
    except SettingsError as error:
        raise SetupError(
            f"cannot be read: {str(error).splitlines()[0]}",
            field="settings",
            remedy="Correct the variable in the environment; it takes JSON.",
        ) from error


def parse_day(text: str | None, field: str = "--at") -> date | None:
    """The day written as YYYY-MM-DD (an ISO time is cut to its day)."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise InvalidInputError(
            f"“{text}” is not a date", field=field, remedy="Write it as YYYY-MM-DD, such as 2026-03-01."
        ) from error
