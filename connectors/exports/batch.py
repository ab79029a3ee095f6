"""What the files of one import share while they are read."""

from dataclasses import dataclass, field

from connectors.exports.dates import DateRange
from connectors.exports.directory import Directory, stable_id
from connectors.exports.headings import Mapping
from connectors.exports.outcome import Notes, RefusedError
from core.domain.accounts import Account
from core.domain.base import Record


@dataclass
class Batch:
    """Who is who, which dates are believed, what the user said of the headings, and what data dictionaries say.

    `descriptions` is keyed by table name and heading, both normalised.
    """

    directory: Directory
    believed: DateRange
    mapping: Mapping | None = None
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    pending: list[Record] = field(default_factory=list)
    _creates_accounts: bool | None = None

    def account(self, name: str, notes: Notes, *, misspelt: bool = False, region: str | None = None) -> Account:
        """The account called `name`.

        Where no account at all was known or given, accounts are made from the names that occur; otherwise an unknown
        name is refused (RefusedError). An account made here waits in `pending`.
        """
        if self._creates_accounts is None:
            self._creates_accounts = not self.directory.accounts
        try:
            match = self.directory.account(name, misspelt=misspelt and not self._creates_accounts)
        except RefusedError:
            if not self._creates_accounts:
                raise
            account = Account(id=stable_id("account", name), name=name, region=region)
            self.directory.add(account)
            self.pending.append(account)
            notes.say("no accounts were known or given: accounts were made from the names in this file")
            return account
        if match.note:
            notes.say(match.note)
        return match.account

    def product(self, name: str, notes: Notes) -> str | None:
        """Id of the product with that code or name; None, with a note, when the catalogue does not hold it."""
        try:
            id_, note = self.directory.product(name)
        except RefusedError as unknown:
            notes.say(unknown.reason)
            return None
        if note:
            notes.say(note)
        return id_
