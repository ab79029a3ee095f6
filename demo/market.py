"""What is heard of competitors: news with a source, and longer notes of the vendor's own people."""

from dataclasses import dataclass
from datetime import date
from random import Random

from demo.catalogue import FAMILIES
from demo.deals import rivals
from demo.grammar import fill, load_lines, write_line
from demo.world import COMPETITORS, Account, Lang, World

_KINDS = ("price", "launch", "win", "loss", "partnership", "service", "supply")
_REGION_ZH = {"East China": "华东", "North China": "华北", "South China": "华南", "Southwest China": "西南"}
_NEWS, _NOTES = 84, 30


@dataclass(frozen=True, slots=True)
class News:
    """One thing heard of a competitor; `account` is the full name of the customer it is about, or empty."""

    day: date
    competitor: str
    title: str
    text: str
    region: str
    industry: str
    account: str
    kind: str
    source: str


def _item(day: date, rival: str, kind: str, account: Account, rng: Random, *, names_account: bool = False) -> News:
    lang: Lang = account.lang
    topic = "account_price" if names_account else kind
    title, _, text = rng.choice(load_lines("market", lang, topic)).partition("|")
    slots = {
        "rival": rival,
        "short": account.short,
        "site": account.site,
        "region": _REGION_ZH.get(account.region, account.region),
        "industry": account.industry if lang == "zh" else account.industry.lower(),
        "family": FAMILIES[account.family][1] if lang == "zh" else FAMILIES[account.family][0].lower(),
        "pct": str(rng.randint(6, 15)),
        "days": rng.choice(("90", "120")),
        "months": str(rng.randint(2, 7)),
        "weeks": str(rng.randint(16, 30)),
    }
    return News(
        day=day,
        competitor=rival,
        title=fill(title, slots, rng) or "",
        text=fill(text, slots, rng) or "",
        region=account.region,
        industry=account.industry,
        account=account.name if names_account else "",
        kind=kind,
        source=write_line("market", lang, "sources", rng),
    )


def build_news(world: World) -> list[News]:
    """News of the last year, newest last, with one item for each account at which a competitor undercuts."""
    rng = world.rng("news")
    news = [
        _item(world.day(-rng.randint(4, 20)), world.focus[a.id].competitor, "price", a, rng, names_account=True)
        for a in world.accounts
        if "competitor_undercut" in a.stories
    ]
    news += _some(world, _NEWS, rng)
    return sorted(news, key=lambda item: (item.day, item.competitor, item.title))


def build_notes(world: World) -> dict[str, list[News]]:
    """Notes by competitor, newest first."""
    notes = _some(world, _NOTES, world.rng("notes"))
    return {
        rival: sorted((n for n in notes if n.competitor == rival), key=lambda n: (n.day, n.title), reverse=True)
        for rival in COMPETITORS
    }


def _some(world: World, count: int, rng: Random) -> list[News]:
    items = []
    for _ in range(count):
        account = rng.choice(world.accounts)
        items.append(
            _item(world.day(-rng.randint(3, 360)), rng.choice(rivals(account)), rng.choice(_KINDS), account, rng)
        )
    return items
