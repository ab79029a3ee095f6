"""Names, titles and the people who carry them. All of them are invented."""

from demo.grammar import write_line
from demo.world import VENDOR_DOMAIN, Account, Lang, Person, Seller, World

_TITLES: dict[Lang, dict[str, tuple[tuple[str, str], ...]]] = {
    "en": {
        "eb": (
            ("Chief Operating Officer", "Management"),
            ("VP Operations", "Management"),
            ("Chief Financial Officer", "Finance"),
            ("Managing Director", "Management"),
            ("Plant Director", "Management"),
        ),
        "champ": (
            ("Project Manager", "Engineering"),
            ("Head of Engineering", "Engineering"),
            ("Energy Manager", "Engineering"),
            ("Head of Maintenance", "Maintenance"),
        ),
        "tech": (
            ("Senior Process Engineer", "Engineering"),
            ("Automation Engineer", "Engineering"),
            ("Technical Specialist Rotating Equipment", "Engineering"),
        ),
        "user": (
            ("Production Supervisor", "Production"),
            ("Shift Manager", "Production"),
            ("Maintenance Foreman", "Maintenance"),
        ),
        "proc": (
            ("Procurement Manager", "Procurement"),
            ("Senior Buyer", "Procurement"),
            ("Strategic Purchasing Lead", "Procurement"),
        ),
        "other": (
            ("Accountant", "Finance"),
            ("Legal Counsel", "Legal"),
            ("HSE Officer", "HSE"),
            ("Quality Engineer", "Quality"),
            ("Warehouse Planner", "Logistics"),
        ),
    },
    "zh": {
        "eb": (
            ("总经理", "总经办"),
            ("副总经理", "总经办"),
            ("财务总监", "财务部"),
            ("生产副总", "总经办"),
            ("厂长", "总经办"),
        ),
        "champ": (("设备部经理", "设备部"), ("项目经理", "工程部"), ("能源主管", "设备部"), ("技改负责人", "工程部")),
        "tech": (("高级工艺工程师", "工程部"), ("自动化工程师", "工程部"), ("动设备工程师", "设备部")),
        "user": (("生产车间主任", "生产部"), ("车间班长", "生产部"), ("维修车间主任", "设备部")),
        "proc": (("采购经理", "采购部"), ("高级采购", "采购部"), ("采购主管", "采购部")),
        "other": (
            ("会计", "财务部"),
            ("法务专员", "法务部"),
            ("安环专员", "安环部"),
            ("质量工程师", "质量部"),
            ("仓储主管", "物流部"),
        ),
    },
}
ROLES = ("eb", "champ", "tech", "user", "proc")

# region, language, team, the vendor's desk there
REGIONS: tuple[tuple[str, Lang, str], ...] = (
    ("East China", "zh", "华东大客户部"),
    ("North China", "zh", "华北销售部"),
    ("South China", "zh", "华南销售部"),
    ("Southwest China", "zh", "西南销售部"),
    ("EMEA", "en", "EMEA Sales"),
    ("APAC", "en", "APAC Sales"),
    ("Americas", "en", "Americas Sales"),
)


class Registry:
    """Hands out names so that no two people share one (or an e-mail address)."""

    def __init__(self, world: World) -> None:
        self.rng = world.rng("people")
        self.taken: set[str] = set()

    def name(self, lang: Lang, *, unlike: frozenset[str] = frozenset()) -> tuple[str, str, str]:
        """Given name, family name and the local part of an e-mail address; no name out of `unlike`."""
        while True:
            family, given = (write_line("names", lang, part, self.rng) for part in ("family", "given"))
            local = ".".join(part.split()[-1].lower() for part in (given, family))
            names = (given.split()[0], family.split()[0])
            if local not in self.taken and not unlike & set(names):
                self.taken.add(local)
                return *names, local

    def phone(self, country: str) -> str:
        """A telephone number from ranges kept for fiction, or plainly invented."""
        number = self.rng.randint(1000, 9999)
        return f"+86 400 555 {number}" if country == "China" else f"+00 555 01 {number}"


def staff(account: Account, registry: Registry, next_id: int) -> int:
    """Give the account its people, 4 to 9 of them; returns the next free record id."""
    rng, lang = registry.rng, account.lang
    roles = [role for role in ROLES if role != "eb" or "no_economic_buyer" not in account.stories]
    used = {account.owner.person.given, account.owner.person.family}
    extra = rng.randint(0, 1) if account.quiet else rng.randint(1, 4)
    for role in (*roles, *["other"] * extra):
        given, family, local = registry.name(lang, unlike=frozenset(used))
        used |= {given, family}
        title, department = rng.choice(_TITLES[lang][role])
        person = Person(
            id=str(next_id),
            given=given,
            family=family,
            lang=lang,
            role="tech" if role == "other" else role,
            title=title,
            department=department,
            email=f"{local}@{account.domain}",
            phone=registry.phone(account.country),
        )
        next_id += 1
        if role == "other":
            account.others.append(person)
        else:
            account.people[role] = person
    boss = account.people.get("eb") or account.people["champ"]
    for role, person in account.people.items():
        lead = account.people["champ"] if role in ("tech", "user") else boss
        person.reports_to = lead.id if lead is not person else None
    return next_id


def hire_sellers(registry: Registry) -> list[Seller]:
    """A manager and three reps per region."""
    sellers = []
    for region, lang, team in REGIONS:
        manager = ""
        for position in range(4):
            given, family, local = registry.name(lang)
            title = ("区域经理", "客户经理") if lang == "zh" else ("Regional Manager", "Account Manager")
            person = Person("", given, family, lang, "rep", title[position > 0], f"{local}@{VENDOR_DOMAIN}")
            manager = manager or person.name
            sellers.append(Seller(person, "" if position == 0 else manager, team, region))
    return sellers


def hire_experts(registry: Registry, count: int) -> list[Person]:
    """Technical experts of the vendor, by turns with Chinese and English names."""
    experts = []
    for index in range(count):
        lang: Lang = "zh" if index % 2 == 0 else "en"
        given, family, local = registry.name(lang)
        experts.append(Person("", given, family, lang, "expert", "Application Engineer", f"{local}@{VENDOR_DOMAIN}"))
    return experts
