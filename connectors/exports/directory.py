"""Who is who while files are read: names, addresses and codes resolved to ids, never guessed silently."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from rapidfuzz import fuzz, process

from connectors.exports.outcome import RefusedError
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.products import Product
from core.domain.resources import Expert
from core.text import normalise_name

_MISSPELT = 88
_MARGIN = 6
_NEAREST = 3
_FREE_MAIL = {
    *("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "live.com", "aol.com", "proton.me"),
    *("qq.com", "163.com", "126.com", "foxmail.com", "sina.com", "139.com", "aliyun.com", "yeah.net"),
}
_LEGAL_FORM = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|公司)$"
    r"|[\s,.]+(inc|incorporated|ltd|limited|llc|corp|corporation|co|company|gmbh|ag|plc|bv|srl|spa|sa|pte ltd|co ltd)$"
)


def stable_id(kind: str, *key: object) -> str:
    """An id for a record that has none: the same natural key always gives the same id."""
    text = "\x1f".join("" if part is None else normalise_name(str(part)) for part in key)
    return f"{kind}-{sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Match:
    """An account found by a name; `note` says how when the name was not quite the account's."""

    account: Account
    note: str | None = None


@dataclass
class Directory:
    """Accounts, people and products known so far: those of the tenant, then those read from the files."""

    accounts: dict[str, Account] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    own_domains: set[str] = field(default_factory=set)
    _own_people: set[str] = field(default_factory=set)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _domains: dict[str, set[str]] = field(default_factory=dict)
    _product_names: dict[str, set[str]] = field(default_factory=dict)
    _contact_mails: dict[str, set[str]] = field(default_factory=dict)
    _contact_names: dict[tuple[str, str], str] = field(default_factory=dict)
    _misspelt: dict[str, Match | None] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[object]) -> "Directory":
        """A directory of records that are already known."""
        directory = cls()
        for record in records:
            directory.add(record)
        return directory

    def add(self, record: object) -> None:
        """Learn a record; kinds that name nobody are ignored."""
        match record:
            case Account():
                self._add_account(record)
            case Product():
                self.products[record.id] = record
                for name in filter(None, (record.id, record.name, record.name_zh)):
                    self._product_names.setdefault(_spaceless(name), set()).add(record.id)
            case Contact():
                self.contacts[record.id] = record
                self._contact_names[record.account_id, normalise_name(record.name)] = record.id
                if record.email:
                    self._contact_mails.setdefault(record.email.casefold(), set()).add(record.account_id)
            case SalesPerson() | Expert():
                self._own_people.add(normalise_name(record.name))
                if domain := mail_domain(record.email or ""):
                    self.own_domains.add(domain)

    def account(self, name: str, *, misspelt: bool = False) -> Match:
        """The account called `name`: by id, name, alias or domain, then without its legal form.

        With `misspelt`, the one account whose name is nearly the same is taken and noted.
        Raises RefusedError naming the nearest accounts.
        """
        if found := self.accounts.get(name):
            return Match(found)
        key = normalise_name(name)
        ids = self._names.get(key) or self._names.get(_core_name(key)) or self._domains.get(key)
        if ids and len(ids) == 1:
            return Match(self.accounts[next(iter(ids))])
        if ids:
            shown = ", ".join(sorted(f"{self.accounts[id_].name} ({id_})" for id_ in ids))
            raise RefusedError("account", f"“{name}” may be any of {shown}: name its id")
        if misspelt and (near := self._nearly(name, key)):
            return near
        raise RefusedError("account", self._unknown(name))

    def account_of_domain(self, domain: str) -> set[str]:
        """Ids of accounts that own a mail domain or a parent domain of it."""
        parts = domain.casefold().split(".")
        for start in range(max(1, len(parts) - 1)):
            if found := self._domains.get(".".join(parts[start:])):
                return found
        return set()

    def account_of_mail(self, address: str) -> set[str]:
        """Ids of accounts an e-mail address belongs to: by its domain, else by a contact."""
        domain = mail_domain(address)
        by_domain = self.account_of_domain(domain) if domain else set()
        return by_domain or self._contact_mails.get(address.casefold(), set())

    def contact(self, account_id: str, name: str) -> str | None:
        """Id of the account's contact with that id or name."""
        known = self.contacts.get(name)
        if known is not None and known.account_id == account_id:
            return name
        return self._contact_names.get((account_id, normalise_name(name)))

    def product(self, name: str) -> tuple[str, str | None]:
        """Product id by code or name, and a note when it was written differently. Raises RefusedError."""
        if name in self.products:
            return name, None
        ids = self._product_names.get(_spaceless(name), set())
        if len(ids) == 1:
            found = self.products[next(iter(ids))]
            exact = name in (found.name, found.name_zh)
            return found.id, None if exact else f"product “{name}” read as “{found.name}”"
        near = _nearest(name, [product.name for product in self.products.values()])
        raise RefusedError("product", f"no product “{name}”{near}")

    def is_own(self, person: str) -> bool:
        """Whether an address or name is one of our people."""
        domain = mail_domain(person)
        return domain in self.own_domains if domain else normalise_name(person) in self._own_people

    def accounts_named_in(self, text: str) -> set[str]:
        """Ids of accounts whose full name or an alias of at least four letters (two Han) occurs in `text`."""
        key = f" {normalise_name(text)} "
        return {id_ for name, ids in self._names.items() if len(name.encode()) >= 4 and name in key for id_ in ids}

    def _add_account(self, account: Account) -> None:
        self.accounts[account.id] = account
        for name in (account.name, *account.aliases):
            key = normalise_name(name)
            self._names.setdefault(key, set()).add(account.id)
            self._names.setdefault(_core_name(key), set()).add(account.id)
        if account.domain and account.domain not in _FREE_MAIL:
            self._domains.setdefault(account.domain.casefold(), set()).add(account.id)
        self._misspelt.clear()

    def _nearly(self, name: str, key: str) -> Match | None:
        if key not in self._misspelt:
            self._misspelt[key] = self._find_nearly(name, _core_name(key))
        return self._misspelt[key]

    def _find_nearly(self, name: str, core: str) -> Match | None:
        """The one account within a typing mistake; none when a second is nearly as close."""
        best: dict[str, float] = {}
        for _, score, known in process.extract(
            core, {key: key for key in self._names}, scorer=fuzz.ratio, score_cutoff=_MISSPELT - _MARGIN, limit=20
        ):
            for id_ in self._names[known]:
                best[id_] = max(best.get(id_, 0), score)
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < _MISSPELT or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - _MARGIN):
            return None
        account = self.accounts[ranked[0][0]]
        return Match(account, f"“{name}” read as “{account.name}”")

    def _unknown(self, name: str) -> str:
        return f"no account “{name}”{_nearest(name, [account.name for account in self.accounts.values()])}"


def mail_domain(address: str) -> str | None:
    """The domain of an e-mail address, None for anything else and for public mail providers."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return domain if local and "." in domain and domain not in _FREE_MAIL else None


def _nearest(name: str, known: Sequence[str]) -> str:
    near = process.extract(normalise_name(name), known, processor=normalise_name, limit=_NEAREST, score_cutoff=50)
    return f"; nearest: {', '.join(match[0] for match in near)}" if near else ""


def _core_name(key: str) -> str:
    """A normalised company name without its legal form."""
    return _LEGAL_FORM.sub("", key).strip(" ,.") or key


def _spaceless(name: str) -> str:
    return "".join(char for char in normalise_name(name) if char.isalnum())
