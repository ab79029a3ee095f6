"""What the texts of one purchase speak of: its people, goods, dates and money, worded for a language."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.accounts import left_on
from demo.catalogue import FAMILIES
from demo.deals import deal_amount, rivals
from demo.grammar import fill, load_lines
from demo.world import VENDOR_SHORT, Account, Deal, Lang, Person, Product, World

_DISCOUNT_ASKED = 5
_BIG_DISCOUNT = 30


@dataclass(slots=True)
class Purchase:
    """A purchase that is talked about. `deal` is None when it lies in the past and needs no single record."""

    account: Account
    product: Product
    quantity: int
    decided: date
    needed: date
    expert: Person
    competitor: str
    deal: Deal | None = None
    champion_until: date | None = None


def say_date(day: date, lang: Lang) -> str:
    """A day without its year, as people write it."""
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B}"


def say_money(amount: float, currency: str, lang: Lang) -> str:
    """An amount as people write it in mails."""
    if lang == "en":
        return f"{currency} {round(amount, -2):,.0f}"
    return f"{amount / 10_000:.1f}万元" if amount < 1_000_000 else f"{amount / 10_000:.0f}万元"


def say_goods(product: Product, quantity: int, lang: Lang) -> str:
    """Quantity and product."""
    if lang == "zh":
        return f"{quantity}{say_unit(product)}{product.name_zh}"
    return f"{quantity} × {product.name}{'s' if quantity > 1 else ''}"


def say_unit(product: Product) -> str:
    """The Chinese measure word."""
    return "套" if product.family == "service" else "台"


def add_people(slots: dict[str, str], purchase: Purchase) -> None:
    """Names the people that the account's story allows to be spoken of."""
    account = purchase.account
    people = account.people
    if "single_threaded" in account.stories:
        people = {"champ": people["champ"]}
    for role, person in people.items():
        formal = account.lang == "en" and role in ("eb", "proc")
        slots[role] = person.name if formal else person.address
    slots["rep"] = account.owner.person.address
    expert = purchase.expert
    slots["expert"] = expert.address if expert.lang == account.lang else expert.name


def add_family(slots: dict[str, str], purchase: Purchase, rng: Random) -> None:
    """What this family of products is about: the trouble, two questions with answers, the trial, the benefit."""
    lang, family = purchase.account.lang, purchase.product.family
    site = {"site": slots["site"]}

    def line(topic: str, index: int | None = None) -> str:
        lines = load_lines("families", lang, f"{family}.{topic}")
        return fill(rng.choice(lines) if index is None else lines[index], site, rng) or ""

    first, second = rng.sample(range(len(load_lines("families", lang, f"{family}.question"))), 2)
    for name in ("issue", "trial", "result", "need", "benefit"):
        text = line(name)
        slots[name] = text
        slots[name[0].upper() + name[1:]] = _upper(text)
        slots[f"{name}_lower"] = _lower(text)
    slots |= {"question": line("question", first), "answer": line("answer", first)}
    slots |= {"question2": _upper(line("question", second)), "answer2": line("answer", second)}
    slots["Question"] = _upper(slots["question"])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    keep = text.startswith(("THD", "I "))
    return text if keep else text[:1].lower() + text[1:]


def add_terms(slots: dict[str, str], purchase: Purchase, world: World, rng: Random) -> None:
    """Money, percentages and the contract."""
    account, lang = purchase.account, purchase.account.lang
    deal = purchase.deal
    currency = account.currency
    amount = deal_amount(purchase.product, purchase.quantity, 0, currency)
    contract = world.contract_of(account)
    terms = contract.terms_days if contract else 30
    slots |= {
        "amount": say_money(amount, currency, lang),
        "budget": say_money(amount * 1.04, currency, lang),
        "delay_cost": say_money(max(amount * 0.06, 8_000), currency, lang),
        "pct": str(rng.randint(8, 14)),
        "pct_small": str(rng.randint(4, 6)),
        "rep_pct": str(rng.randint(2, 4)),
        "big_pct": str(deal.discount if deal and deal.discount > 20 else _BIG_DISCOUNT),
        "terms_days": str(terms),
        "ask_days": str(terms + 60 if "payment_dispute" in account.stories else 90),
        "visits": str(rng.randint(3, 9)),
        "lead": str(purchase.product.lead_days // 7),
        "quote": f"Q-{rng.randint(20_000, 99_999)}",
        "order": f"PO-{rng.randint(300_000, 999_999)}",
    }
    if contract:
        slots["contract"] = contract.number
        slots["expiry"] = say_date(contract.ends, lang)


def build_slots(world: World, purchase: Purchase, rng: Random) -> dict[str, str]:
    """All slots that hold for the whole purchase; `soon` and `valid` depend on the day and come with each text."""
    account, lang = purchase.account, purchase.account.lang
    product, quantity = purchase.product, purchase.quantity
    goods = say_goods(product, quantity, lang)
    slots = {
        "short": account.short,
        "site": account.site,
        "vendor": VENDOR_SHORT[lang],
        "product": product.label(lang),
        "family_label": FAMILIES[product.family][lang == "zh"] if lang == "zh" else _plural(product),
        "qty": str(quantity),
        "qty_small": str(max(2, quantity // 2)),
        "unit": say_unit(product),
        "goods": goods,
        "goods_cap": goods,
        "competitor": purchase.competitor or rng.choice(rivals(account)),
        "board": say_date(purchase.decided, lang),
        "need_by": say_date(purchase.needed, lang),
    }
    add_people(slots, purchase)
    add_family(slots, purchase, rng)
    add_terms(slots, purchase, world, rng)
    if "champion_left" in account.stories:
        slots["left_on"] = say_date(left_on(world, account), lang)
    return slots


def _plural(product: Product) -> str:
    return FAMILIES[product.family][0].lower().replace("service & spares", "service and spare parts")


def day_slots(slots: dict[str, str], day: date, lang: Lang, rng: Random) -> dict[str, str]:
    """`slots` with the dates that depend on the day of writing."""
    soon = day + timedelta(days=rng.randint(3, 8))
    while soon.weekday() > 4:
        soon += timedelta(days=1)
    return slots | {"soon": say_date(soon, lang), "valid": say_date(day + timedelta(days=45), lang)}
