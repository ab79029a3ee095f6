"""Who and what can be brought to a visit: experts with their calendars, and delivered projects."""

from dataclasses import dataclass
from datetime import date, timedelta

from demo.catalogue import FAMILIES
from demo.deals import ordinary_products
from demo.grammar import load_lines, write
from demo.world import Lang, Person, World

_CASES = 30
_SKILLS = {
    "pumps": ("seal design", "cavitation", "ATEX", "hydraulics", "机封", "汽蚀分析"),
    "compressors": ("energy audit", "oil-free air", "heat recovery", "ISO 1217", "节能诊断", "无油压缩"),
    "robots": ("cell simulation", "safety zones", "grippers", "PROFINET", "节拍仿真", "离线编程"),
    "drives": ("harmonics", "functional safety", "retrofit", "motor control", "谐波治理", "能效改造"),
    "vacuum": ("dry vacuum", "pump-down", "powder handling", "monitoring", "干泵", "真空检漏"),
    "service": ("maintenance planning", "spare parts", "condition monitoring", "计划检修", "状态监测"),
}
_RESULTS = {
    "pumps": ("Seal life from 5 to 19 months", "Unplanned stops from 9 to 1 a year", "Power draw down 11 %"),
    "compressors": ("Energy per cubic metre down 14 %", "Payback in 2.1 years", "Class 0 air in every sample"),
    "robots": ("Four operators freed per shift", "Rejects from 3.8 % to 0.6 %", "Product change in under five minutes"),
    "drives": ("Fan energy down 27 %", "Harmonics from 14 % to 4.6 %", "Payback in 1.8 years"),
    "vacuum": ("Pump-down from 11 to 5.5 minutes", "No oil found in the product", "Service interval of 24 months"),
    "service": ("Planned work from 20 % to 65 %", "Availability above 99 %", "Response within eight hours"),
}


@dataclass(frozen=True, slots=True)
class ExpertEntry:
    """An expert with what they know and the days on which they cannot come."""

    person: Person
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    region: str
    families: tuple[str, ...]
    busy: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A delivered project; `shareable` is public, nda or internal."""

    id: str
    customer: str
    industry: str
    family: str
    country: str
    summary: str
    summary_zh: str
    result: str
    shareable: str
    year: int


def main_family(index: int) -> str:
    """What the expert at position `index` knows best."""
    return tuple(FAMILIES)[(index // 2) % len(FAMILIES)]


def experts_for(world: World, family: str, lang: Lang) -> list[Person]:
    """The experts whose main family it is and who write in `lang`."""
    return [
        person for index, person in enumerate(world.experts) if main_family(index) == family and person.lang == lang
    ]


def build_experts(world: World) -> list[ExpertEntry]:
    """All experts; every family has one who speaks Chinese and one who speaks English."""
    entries = []
    for index, person in enumerate(world.experts):
        rng = world.rng("expert", index)
        main = main_family(index)
        second = rng.choice([family for family in FAMILIES if family != main])
        start = world.today + timedelta(days=rng.randint(1, 25))
        busy = [(start, start + timedelta(days=rng.randint(1, 6)))]
        if rng.random() < 0.5:
            later = start + timedelta(days=rng.randint(20, 40))
            busy.append((later, later + timedelta(days=rng.randint(2, 10))))
        chinese = person.lang == "zh"
        entries.append(
            ExpertEntry(
                person=person,
                skills=(*rng.sample(_SKILLS[main], 3), rng.choice(_SKILLS[second])),
                languages=("Chinese", "English")
                if chinese
                else ("English", rng.choice(("German", "French", "Spanish"))),
                region=rng.choice(
                    ("East China", "South China", "North China") if chinese else ("EMEA", "APAC", "Americas")
                ),
                families=(FAMILIES[main][0], FAMILIES[second][0]),
                busy=tuple(busy),
            )
        )
    return entries


def build_cases(world: World) -> list[Case]:
    """Reference cases at customers, told in both languages."""
    cases = []
    for index in range(_CASES):
        rng = world.rng("case", index)
        account = rng.choice([account for account in world.accounts if not account.stories])
        family = account.family if rng.random() < 0.8 else rng.choice(list(FAMILIES))
        product = rng.choice(ordinary_products(world, family))
        count = str(rng.randint(2, 12))
        which = rng.randrange(4)
        texts = {}
        for lang in ("en", "zh"):
            slots = {
                "count": count,
                "product": product.code,
                "benefit": load_lines("families", lang, f"{family}.benefit")[which],
            }
            texts[lang] = write("cases", lang, "summary", slots, world.rng("case text", index))
        cases.append(
            Case(
                id=f"REF-{index + 1:03d}",
                customer=account.name,
                industry=account.industry,
                family=FAMILIES[family][0],
                country=account.country,
                summary=texts["en"],
                summary_zh=texts["zh"],
                result=rng.choice(_RESULTS[family]),
                shareable=rng.choice(("public", "public", "nda", "internal")),
                year=world.today.year - rng.randint(0, 4),
            )
        )
    return cases
