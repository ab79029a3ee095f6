"""Typed access to the cells of a table, column by column consistent."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from connectors.exports import dates, numbers
from connectors.exports.batch import Batch
from connectors.exports.headings import Columns
from connectors.exports.outcome import Notes, RefusedError
from connectors.exports.shares import ShareColumn, share_column
from connectors.exports.tables import Table, TableRow
from connectors.exports.vocabulary import need_meaning
from core.domain.accounts import Account
from core.domain.money import Money
from core.text import normalise_name

T = TypeVar("T")
_LIST_MARK = re.compile(r"[;；|、\n]")
_ABSENT = {"", "-", "--", "—", "n/a", "na", "null", "none", "#n/a", "无", "nan"}


@dataclass
class Sheet:
    """A table with its columns understood; decides once per column how dates and numbers are written."""

    file: str
    table: Table
    columns: Columns
    batch: Batch
    notes: Notes
    _day_first: dict[str, bool] = field(default_factory=dict)
    _decimal_comma: dict[str, bool] = field(default_factory=dict)
    _shares: dict[str, ShareColumn] = field(default_factory=dict)
    _occurrences: dict[str, Counter[str]] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each field's column."""
        return {name: self.table.headings.index(heading) for name, heading in self.columns.headings.items()}

    @cached_property
    def currency(self) -> str:
        """Currency of amounts that name none: as told, as most rows say, else by the language of the headings."""
        if self.columns.currency:
            return self.columns.currency
        if "currency" in self.index:
            named = Counter(filter(None, map(numbers.named_currency, self.values("currency"))))
            if named:
                return named.most_common(1)[0][0]
        chinese = any("\u4e00" <= char <= "\u9fff" for heading in self.table.headings for char in heading)
        return "CNY" if chinese else "USD"

    def values(self, name: str) -> list[str]:
        """All filled cells of a field."""
        return self.table.column(self.columns.headings[name])

    def occurrences(self, name: str) -> Counter[str]:
        """How often each value of a field occurs."""
        if name not in self._occurrences:
            self._occurrences[name] = Counter(self.values(name))
        return self._occurrences[name]

    def hint(self, name: str) -> tuple[str | None, int]:
        """Currency and scale named in the heading's brackets or in a data dictionary."""
        described = re.search(r"\(([^)]*)\)", self._described(name))
        currency, scale = numbers.money_hint(self.columns.units.get(name, ""))
        told_currency, told_scale = numbers.money_hint(described[1] if described else "")
        return currency or told_currency, scale if scale != 1 else told_scale

    def _described(self, name: str) -> str:
        """What a data dictionary says of a field's column."""
        heading = self.columns.headings[name]
        stem = PurePosixPath(self.file.split(" [")[0]).stem
        return self.batch.descriptions.get((normalise_name(stem), normalise_name(heading)), "")

    def day_first(self, name: str) -> bool:
        """Whether a column writes the day before the month."""
        if name not in self._day_first:
            values = self.values(name)
            order = dates.day_order_of(values, month_first_country=self.currency == "USD")
            self._day_first[name] = order.day_first
            if not order.certain and any(map(dates.is_ambiguous, values)):
                read = "day/month/year" if order.day_first else "month/day/year"
                self.notes.say(f"“{self.columns.headings[name]}” read as {read}: no value shows which it is")
        return self._day_first[name]

    def decimal_comma(self, name: str) -> bool:
        """Whether a column writes decimals with a comma."""
        if name not in self._decimal_comma:
            self._decimal_comma[name] = numbers.decimal_comma_in(self.values(name))
        return self._decimal_comma[name]

    def shares(self, name: str, *, limit: bool) -> ShareColumn:
        """How a column writes shares."""
        if name not in self._shares:
            self._shares[name] = share_column(
                self.columns.headings[name],
                self.values(name),
                self.notes.say,
                described=self._described(name),
                limit=limit,
                decimal_comma=self.decimal_comma(name),
            )
        return self._shares[name]


class Row:
    """One row by field name. Every method raises RefusedError naming the user's heading."""

    def __init__(self, sheet: Sheet, row: TableRow) -> None:
        self._sheet = sheet
        self._cells = row.cells
        self.line = row.number
        self.batch = sheet.batch
        self.notes = sheet.notes

    def text(self, name: str) -> str | None:
        """The cell's text, None when the column is absent or the cell says nothing."""
        index = self._sheet.index.get(name)
        if index is None:
            return None
        cell = self._cells[index]
        return None if cell.casefold() in _ABSENT else cell

    def need(self, name: str) -> str:
        """The cell's text, which must be there."""
        value = self.text(name)
        if value is None:
            raise RefusedError(self._heading(name), "empty" if name in self._sheet.index else "missing column")
        return value

    def listing(self, name: str) -> tuple[str, ...]:
        """The parts of a cell separated by semicolons, vertical bars or 、."""
        parts = (part.strip() for part in _LIST_MARK.split(self.text(name) or ""))
        return tuple(part for part in parts if part)

    def day(self, name: str) -> date | None:
        """A date."""
        return self._parsed(
            name,
            lambda text: dates.parse_date(text, self.batch.believed, day_first=self._sheet.day_first(name)),
        )

    def instant(self, name: str) -> datetime | None:
        """A date and time, UTC unless it says otherwise."""
        return self._parsed(name, lambda text: dates.parse_instant(text, self.batch.believed, need_zone=False))

    def number(self, name: str) -> Decimal | None:
        """A number."""
        return self._parsed(
            name, lambda text: numbers.parse_number(text, decimal_comma=self._sheet.decimal_comma(name))
        )

    def integer(self, name: str) -> int | None:
        """A whole number."""
        number = self.number(name)
        if number is not None and number != number.to_integral_value():
            raise RefusedError(self._heading(name), f"{number} is not a whole number")
        return None if number is None else int(number)

    def scaled(self, name: str) -> Decimal | None:
        """A number in the units its heading names."""
        if name not in self._sheet.index:
            return None
        scale = self._sheet.hint(name)[1]
        return self._parsed(
            name, lambda text: numbers.parse_scaled(text, scale, decimal_comma=self._sheet.decimal_comma(name))
        )

    def share(self, name: str, *, limit: bool = False) -> Decimal | None:
        """What is taken off, as a fraction; a `limit` is not guessed at."""
        return self._parsed(name, lambda text: self._sheet.shares(name, limit=limit).parse(text))

    def money(self, name: str) -> Money | None:
        """An amount in the currency of the cell, the row, the heading, or else of the table."""
        if self.text(name) is None:
            return None
        hinted, scale = self._sheet.hint(name)
        own = numbers.named_currency(self.text("currency") or "")
        if own is None and hinted is None and "currency" not in self._sheet.index:
            self.notes.say(f"amounts that name no currency read as {self._sheet.currency}")
        found = self._parsed(
            name,
            lambda text: numbers.parse_money(
                text,
                own or hinted or self._sheet.currency,
                scale=scale,
                decimal_comma=self._sheet.decimal_comma(name),
            ),
        )
        if found is not None and scale != 1:
            self.notes.say(f"“{self._heading(name)}” read in units of {scale:,} {found.currency}")
        return found

    def choice(self, name: str, topic: str, default: str | None = None) -> str | None:
        """The value of an enumeration that the cell's words stand for."""
        return self._parsed(name, lambda text: need_meaning(topic, text)) or default

    def account(self) -> Account:
        """The account the row names, by its id or its name; misspellings of CRM exports are tolerated and noted."""
        ref, name = self.text("account_ref"), self.text("account")
        if ref and ref in self.batch.directory.accounts:
            return self.batch.directory.accounts[ref]
        given = name or ref or self.need("account")
        try:
            return self.batch.account(given, self.notes, misspelt=True, region=self.text("region"))
        except RefusedError as unknown:
            raise RefusedError(self._heading("account" if name else "account_ref"), unknown.reason) from None

    def product(self) -> str | None:
        """Id of the product the row names, None (with a note) when the catalogue does not hold it."""
        name = self.text("product")
        return self.batch.product(name, self.notes) if name else None

    def has(self, name: str) -> bool:
        """Whether the table has a column for the field."""
        return name in self._sheet.index

    def repeats(self, name: str) -> bool:
        """Whether another row has the same value in the field."""
        return self._sheet.occurrences(name)[self.need(name)] > 1

    def _heading(self, name: str) -> str:
        return self._sheet.columns.headings.get(name, name)

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return parse(text)
        except (numbers.NumberError, dates.DateError) as fault:
            raise RefusedError(self._heading(name), str(fault)) from None
        except RefusedError as fault:
            raise RefusedError(self._heading(name), fault.reason) from None
