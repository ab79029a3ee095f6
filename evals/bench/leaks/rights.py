"""Who may know what, told a second time: nothing here is imported from the code that it judges."""

from dataclasses import dataclass, field

ADMIN = "admin"
LEADERS = frozenset({"manager", ADMIN})
REVIEWERS = frozenset({"legal", "supply_chain", "finance"})
# Fields for some roles alone, as `docs/reference/rights.md` promises.
READERS = {
    "personal": frozenset({"rep", "manager", "coach", "legal"}),
    "bounds": frozenset({"rep", "manager", "coach", "finance"}),
    "terms": frozenset({"rep", "manager", "coach", "legal", "finance", "supply_chain"}),
}


@dataclass(frozen=True)
class Person:
    """Somebody of a company; `regions` None means every one."""

    tenant: str
    id: str
    roles: frozenset[str]
    regions: frozenset[str] | None = None

    def enters(self, region: str | None) -> bool:
        """Whether a region is theirs, or lies below one that is."""
        if region is None or self.regions is None:
            return True
        path = region.split("/")
        return any(path[: len(held.split("/"))] == held.split("/") for held in self.regions)

    def meant(self, audience: frozenset[str]) -> bool:
        """Whether something for these roles (none: for all) is for them."""
        return not audience or ADMIN in self.roles or bool(audience & self.roles)


@dataclass(frozen=True)
class Row:
    """The rights of a row: those of its account come on top, as a second row."""

    region: str | None = None
    audience: frozenset[str] = frozenset()

    def is_for(self, person: Person) -> bool:
        """Whether a row with these rights is the person's to see."""
        return person.enters(self.region) and person.meant(self.audience)


@dataclass(frozen=True)
class Secret:
    """Who may know a planted word.

    Everybody who sees all `rows`, of a package only who reads it as a whole or reviews one of its `departments`. `talk`
    is what was said in a review: for the department, the requester and leaders. A word with an `owner` is theirs alone;
    `nobody` is for what even they no longer see.
    """

    tenant: str
    rows: tuple[Row, ...] = ()
    departments: frozenset[str] | None = None
    requester: str | None = None
    talk: bool = False
    owner: str | None = None
    nobody: bool = False

    def is_for(self, person: Person) -> bool:
        """Whether the person may know it."""
        if self.nobody or person.tenant != self.tenant or self.owner not in (None, person.id):
            return False
        if not all(row.is_for(person) for row in self.rows):
            return False
        if self.departments is None or person.id == self.requester or self.departments & person.roles:
            return True
        return bool(person.roles & LEADERS) if self.talk else not person.roles <= REVIEWERS


@dataclass
class Secrets:
    """Every planted word and who may know it. Words are of small letters and digits, so that nothing splits them."""

    known: dict[str, Secret] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def plant(self, secret: Secret) -> str:
        """A new word for a secret."""
        word = f"zq{len(self.known):06d}qz"
        self.known[word] = secret
        self.words.append(word)
        return word

    def is_for(self, word: str, person: Person) -> bool:
        """Whether the person may know a word; what nobody planted is nobody's secret."""
        secret = self.known.get(word)
        return secret is None or secret.is_for(person)
