"""The customers, and which of them carry which story."""

from datetime import date, timedelta

from demo.catalogue import SCARCE
from demo.grammar import load_lines
from demo.people import Registry, staff
from demo.world import Account, Lang, World

_INDUSTRIES = {
    "pumps": "Chemicals|Water & Utilities|Mining|Pulp & Paper|化工|水务|矿山|造纸",
    "compressors": "Food & Beverage|Textiles|Glass|食品饮料|纺织|玻璃",
    "robots": "Packaging|Automotive|Logistics|汽车|包装|机械制造",
    "drives": "Metals|Building Materials|Power & Energy|冶金|建材",
    "vacuum": "Electronics|Pharmaceuticals|New Energy|电子|医药|新能源",
}
_FAMILY_OF = {industry: family for family, names in _INDUSTRIES.items() for industry in names.split("|")}
_OFFSETS = {"EMEA": 1, "APAC": 8, "Americas": -5}
_CURRENCY = {"EMEA": "EUR", "APAC": "USD", "Americas": "USD"}

FEATURED = "helios-process"
FEATURED_ZH = "kunlan-energy"
STORIES = (
    "champion_left",
    "champion_quiet",
    "competitor_undercut",
    "stock_short",
    "contract_ending",
    "payment_dispute",
    "no_economic_buyer",
    "single_threaded",
    "discount_beyond_policy",
    "inactive_deal",
    "renewal",
    "healthy",
)
_FEATURED_STORIES = {
    FEATURED: ("champion_quiet", "competitor_undercut", "stock_short", "contract_ending", "discount_beyond_policy"),
    FEATURED_ZH: ("champion_left", "competitor_undercut", "stock_short", "payment_dispute"),
}
_FEATURED_FAMILY = {FEATURED: "pumps", FEATURED_ZH: "compressors"}
_QUIET_PER_LANGUAGE = 10


def _account(line: str, lang: Lang, index: int, world: World) -> Account:
    rng = world.rng("account", line)
    if lang == "en":
        short, form, domain, country, region, industry, site, alias = line.split("|")
        name = f"{short} {form}"
    else:
        name, short, domain, region, industry, site = line.split("|")
        alias, country = short, "China"
    sellers = [seller for seller in world.sellers if seller.region == region and seller.manager]
    grade = "A" if domain in _FEATURED_STORIES else rng.choices("ABC", (25, 45, 30))[0]
    revenue = {"A": rng.randint(900, 4200), "B": rng.randint(240, 900), "C": rng.randint(40, 240)}[grade] * 1_000_000
    return Account(
        id=f"001TL{index:06d}",
        name=name,
        short=alias,
        domain=f"{domain}.example",
        lang=lang,
        industry=industry,
        country=country,
        region=region,
        currency=_CURRENCY.get(region, "CNY"),
        site=site,
        family=_FAMILY_OF.get(industry, "drives"),
        customer_class=grade,
        owner=sellers[index % len(sellers)],
        offset=_OFFSETS.get(region, 8),
        revenue=revenue,
        employees=revenue // (1_400_000 if lang == "zh" else 320_000),
        alias=";".join(dict.fromkeys((short, alias))),
        parent=(f"{alias} Group" if lang == "en" else f"{short}集团") if index % 18 in (5, 6) else "",
    )


def _cast(accounts: list[Account], world: World) -> None:
    """Give each story to two accounts of either language, and let the last ones be quiet."""
    for account in accounts:
        domain = account.domain.removesuffix(".example")
        if domain in _FEATURED_STORIES:
            account.stories = _FEATURED_STORIES[domain]
            account.family = _FEATURED_FAMILY[domain]
    for lang in ("en", "zh"):
        free = [account for account in accounts if account.lang == lang and not account.stories]
        world.rng("cast", lang).shuffle(free)
        for index, story in enumerate(STORIES * 2):
            account = free[index]
            account.stories = (story,)
            if account.customer_class == "C":
                account.customer_class = "B"
            if story == "stock_short":
                account.family = tuple(SCARCE)[index % len(SCARCE)]
        for account in free[-_QUIET_PER_LANGUAGE:]:
            account.quiet = True
            account.customer_class = "C"


def found_accounts(world: World, registry: Registry) -> list[Account]:
    """All customers with their people and stories; those of the two languages alternate."""
    lines: list[tuple[str, Lang]] = []
    for pair in zip(
        load_lines("companies", "en", "companies"), load_lines("companies", "zh", "companies"), strict=True
    ):
        lines += [(pair[0], "en"), (pair[1], "zh")]
    accounts = [_account(line, lang, index, world) for index, (line, lang) in enumerate(lines, 1)]
    _cast(accounts, world)
    next_id = 5_100_001
    for account in accounts:
        next_id = staff(account, registry, next_id)
    return accounts


def left_on(world: World, account: Account) -> date:
    """The last working day of a champion who leaves."""
    return world.today - timedelta(days=world.rng("left", account.id).randint(18, 40))


def account_at(world: World, domain: str) -> Account:
    """The account with that domain (without its suffix)."""
    return next(account for account in world.accounts if account.domain == f"{domain}.example")
