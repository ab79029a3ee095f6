"""What is written to the records while a question is answered: every changed row, whoever changed it."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import TypeAlias

Changes: TypeAlias = Counter[tuple[str, str]]

_LOG = "suite_changes"


class ChangeLog:
    """Triggers on every table of an installation's SQLite file; only for a throw-away home."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, timeout=30)
        self._file.execute(f"create table if not exists {_LOG} (id integer primary key, name text, change text)")
        tables = self._file.execute("select name from sqlite_master where type = 'table' and name <> ?", (_LOG,))
        for (table,) in tables.fetchall():
            for change in ("insert", "update", "delete"):
                self._file.execute(
                    f'create trigger if not exists "suite_{table}_{change}" after {change} on "{table}" begin '  # noqa: S608 - names of our own tables
                    f"insert into {_LOG} (name, change) values ('{table}', '{change}'); end"
                )
        self._file.commit()
        self._seen = 0

    def since_last(self) -> Changes:
        """How many rows of which table were inserted, updated or deleted since this was last asked."""
        rows = self._file.execute(f"select id, name, change from {_LOG} where id > ?", (self._seen,)).fetchall()  # noqa: S608
        self._seen = max((row[0] for row in rows), default=self._seen)
        return Counter((name, change) for _id, name, change in rows)

    def close(self) -> None:
        """Close the file; the triggers stay."""
        self._file.close()
