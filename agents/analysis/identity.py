"""Who is who: one person behind the names and addresses of mail, meetings and the CRM."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.domain.accounts import Account, Contact, SalesPerson
from core.language import is_cjk
from core.text import normalise_name

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_HONORIFIC = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|ing)\.?\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[【<].*?[)）\]】>]")
_HAN_RANK = re.compile(
    r"(?:董事长|总经理|副总|总监|经理|主任|部长|厂长|科长|处长|主管|工程师|老师|先生|女士|博士|总|工|董)$"
)
_RANKED_MENTION = re.compile(r"[\u4e00-\u9fff](?:总监|经理|主任|部长|厂长|科长|主管|总|工|董)")
_SHARED = frozenset(
    {
        "info",
        "sales",
        "office",
        "contact",
        "support",
        "service",
        "noreply",
        "no-reply",
        "donotreply",
        "mailer-daemon",
        "postmaster",
        "admin",
        "hr",
        "marketing",
        "purchasing",
        "procurement",
        "einkauf",
        "accounting",
        "finance",
        "newsletter",
        "team",
        "reception",
        "hello",
    }
)
_MACHINES = frozenset(
    {
        *("news", "newsletter", "newsletters", "notification", "notifications", "noreply", "no-reply", "no_reply"),
        *("donotreply", "do-not-reply", "postmaster", "mailer-daemon", "webmaster", "info", "marketing", "alerts"),
        *("updates", "digest", "bounce", "bounces", "subscriptions", "events"),
    }
)
_MACHINE_ZH = re.compile(r"新闻|资讯|快讯|简报|通知|订阅|营销|市场推广|系统邮件|自动回复|公众号|客服|勿回复")
_FREEMAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "qq.com", "163.com", "126.com"})


@dataclass(slots=True)
class Person:
    """Someone at the account. `names` and `addresses` are every form seen."""

    id: str
    name: str
    contact: Contact | None = None
    names: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)


def split_address(text: str) -> tuple[str, str]:
    """Name and lower-case address of `Name <address>`; either may be empty."""
    match = _ADDRESS.search(text)
    address = match[0].casefold() if match else ""
    name = _BRACKETS.sub("", text.replace(match[0], "") if match else text)
    return name.strip(" <>\"',;:\t\n"), address


def name_key(name: str) -> str:
    """A name for comparison whatever its order: "Last, First", "First Last" and "LAST First" are alike."""
    plain = _HONORIFIC.sub("", normalise_name(_BRACKETS.sub("", name)).replace(",", " ").replace(".", " "))
    if any(map(is_cjk, plain)):
        return "".join(plain.split())
    return " ".join(sorted(word for word in plain.split() if word))


class Directory:
    """Finds or adds the person behind a name or address; our own people and shared mailboxes are nobody here."""

    def __init__(self, account: Account, contacts: Iterable[Contact], ours: Iterable[SalesPerson]) -> None:
        self.people: dict[str, Person] = {}
        self._account = account
        self._by_key: dict[str, Person] = {}
        self._by_local: dict[str, set[str]] = {}
        self._ours: set[str] = set()
        self._our_domains: set[str] = set()
        for colleague in ours:
            self.exclude(colleague.name)
            self.exclude(colleague.email)
        self._domains = {(account.domain or "").casefold()} - {""}
        for contact in sorted(contacts, key=lambda each: each.id):
            self._add_contact(contact)
        self._domains -= _FREEMAIL | self._our_domains

    def exclude(self, text: str | None) -> None:
        """Take a name or address for one of ours."""
        name, address = split_address(text or "")
        domain = address.rpartition("@")[2]
        self._ours |= {key for key in (name_key(name), address) if key}
        if domain and domain not in _FREEMAIL and domain != (self._account.domain or "").casefold():
            self._our_domains.add(domain)

    def find(self, text: str | None) -> Person | None:
        """The person `text` stands for, without adding anyone."""
        name, address = split_address(text or "")
        return self._known(name, address) if name or address else None

    def resolve(self, text: str | None) -> Person | None:
        """The person `text` stands for, added when new; None for our people, shared mailboxes and third parties."""
        name, address = split_address(text or "")
        if not (name or address) or self._is_ours(name, address):
            return None
        known = self._known(name, address)
        if known:
            return self._learn(known, name, address)
        if not address and self._is_company(name):
            return None
        local, _, domain = address.partition("@")
        if _is_mailbox(name, local) or (domain and self._domains and domain not in self._domains):
            return None
        if not address and _HAN_RANK.search(name):
            return None
        shown = name or local.replace(".", " ").replace("_", " ").title()
        person = Person(id=f"person:{address or name_key(name)}", name=shown)
        self.people[person.id] = person
        return self._learn(person, shown, address)

    def _add_contact(self, contact: Contact) -> None:
        person = Person(id=contact.id, name=contact.name, contact=contact)
        self.people[contact.id] = person
        self._learn(person, contact.name, (contact.email or "").casefold())
        domain = (contact.email or "").casefold().rpartition("@")[2]
        if domain:
            self._domains.add(domain)

    def _is_ours(self, name: str, address: str) -> bool:
        domain = address.rpartition("@")[2]
        named = name_key(name) in self._ours and domain not in self._domains
        return address in self._ours or domain in self._our_domains or named

    def _is_company(self, name: str) -> bool:
        """Whether a name is the customer company itself, in full or by its first words."""
        plain = normalise_name(name)
        names = [normalise_name(each) for each in (self._account.name, *self._account.aliases)]
        return any(each == plain or each.startswith(plain) for each in names)

    def _learn(self, person: Person, name: str, address: str) -> Person:
        for key in {name_key(name), address} - {""}:
            self._by_key.setdefault(key, person)
        for key in _mail_keys(name):
            self._by_local.setdefault(key, set()).add(person.id)
        person.names |= {name} - {""}
        person.addresses |= {address} - {""}
        return person

    def _known(self, name: str, address: str) -> Person | None:
        if address and address in self._by_key:
            return self._by_key[address]
        if name and (found := self._by_key.get(name_key(name))) and not _clash(found, address):
            return found
        local, _, domain = address.partition("@")
        if local and (domain in self._domains or not self._domains):
            fits = self._by_local.get(re.sub(r"[^a-z]", "", local), set())
            found = self.people[min(fits)] if len(fits) == 1 else None
            if found and not _clash(found, address):
                return found
        return self._by_rank(name)

    def named_in(self, words: str) -> list[Person]:
        """Everyone named in `words`: whole, by a first name nobody shares, or by a Chinese surname with rank."""
        plain = words.casefold()
        found = {
            person.id: person
            for person in self.people.values()
            if any(len(name) > 1 and "@" not in name and name.casefold() in plain for name in person.names)
        }
        for match in _RANKED_MENTION.finditer(words):
            person = self._by_rank(match[0])
            if person:
                found.setdefault(person.id, person)
        firsts: dict[str, list[Person]] = {}
        for person in self.people.values():
            firsts.setdefault(person.name.split(" ")[0], []).append(person)
        for first, people in firsts.items():
            if len(people) == 1 and len(first) > 2 and re.search(rf"\b{re.escape(first)}\b", words):
                found.setdefault(people[0].id, people[0])
        return list(found.values())

    def _by_rank(self, name: str) -> Person | None:
        """The only person whose Chinese surname is used with a rank (王总, 李工)."""
        surname = _HAN_RANK.sub("", name)
        if not surname or surname == name or len(surname) > 2:
            return None
        fits = [person for person in self.people.values() if person.name.startswith(surname)]
        return fits[0] if len(fits) == 1 else None


def _is_mailbox(name: str, local: str) -> bool:
    """Whether a name or local part belongs to a department's or a machine's mailbox."""
    words = set(re.split(r"[\s.+]+", name.casefold())) | set(re.split(r"[.+]", local))
    return local in _SHARED or not words.isdisjoint(_MACHINES) or bool(_MACHINE_ZH.search(name))


def _clash(person: Person, address: str) -> bool:
    """Whether the person is already known under another address of the same domain: a namesake."""
    domain = address.rpartition("@")[2]
    return bool(address) and any(known != address and known.endswith("@" + domain) for known in person.addresses)


def _mail_keys(name: str) -> list[str]:
    """Local parts that usually stand for a Latin name: both orders, and with an initial."""
    words = [re.sub(r"[^a-z]", "", word) for word in normalise_name(_BRACKETS.sub("", name)).replace(",", " ").split()]
    words = [word for word in words if word]
    if len(words) < 2:
        return []
    first, last = words[0], words[-1]
    return [first + last, last + first, first[0] + last, last + first[0], first + last[0], last[0] + first]
