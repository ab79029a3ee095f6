"""Contracts: which account has which, and their text."""

from datetime import date, timedelta
from random import Random

from demo.accounts import FEATURED, FEATURED_ZH
from demo.world import Account, Contract, World

CONTRACTS = 40
_KINDS = ("frame", "service", "purchase")
_ENDS = {"contract_ending": (24, 44), "renewal": (62, 85), "payment_dispute": (210, 420)}


def _ends_in(account: Account, rng: Random) -> int:
    for story, (least, most) in _ENDS.items():
        if story in account.stories:
            return rng.randint(least, most)
    return rng.randint(230, 900)


def _kind(account: Account, rng: Random) -> str:
    if "renewal" in account.stories:
        return "service"
    return "frame" if {"contract_ending", "payment_dispute"} & set(account.stories) else rng.choice(_KINDS)


def build_contracts(world: World) -> list[Contract]:
    """Forty contracts: for each account whose story needs one, then for large accounts, then some run out."""
    needed = [account for account in world.accounts if {*_ENDS} & set(account.stories)]
    others = [a for a in world.accounts if a not in needed and not a.quiet]
    world.rng("contracts").shuffle(others)
    others.sort(key=lambda account: account.customer_class)
    holders = [*needed, *others][: CONTRACTS - 6]
    contracts = [_contract(world, account, index, None) for index, account in enumerate(holders)]
    for index, account in enumerate(holders[-6:], len(holders)):
        contracts.append(_contract(world, account, index, -world.rng("ended", account.id).randint(150, 500)))
    return contracts


def _contract(world: World, account: Account, index: int, ended: int | None) -> Contract:
    rng = world.rng("contract", account.id, index)
    ends = world.today + timedelta(days=_ends_in(account, rng) if ended is None else ended)
    years = rng.choice((1, 2, 3)) if ended is None else 2
    starts = ends - timedelta(days=365 * years - 1)
    while starts > world.today:
        starts -= timedelta(days=365)
    value = {"A": rng.randint(60, 240), "B": rng.randint(25, 90), "C": rng.randint(8, 30)}[account.customer_class]
    scale = 100_000 if account.currency == "CNY" else 15_000
    return Contract(
        number=f"TL-{starts.year}-{index + 1:03d}",
        account=account,
        kind=_kind(account, rng),
        starts=starts,
        ends=ends,
        value=value * scale,
        currency=account.currency,
        terms_days=30 if "payment_dispute" in account.stories else rng.choice((30, 30, 45, 60)),
        exclusive=account.domain.startswith((FEATURED, FEATURED_ZH)) or rng.random() < 0.12,
    )


def file_name(contract: Contract, index: int) -> str:
    """English contracts are PDF, Chinese ones DOCX, every tenth is plain text."""
    suffix = "txt" if index % 10 == 9 else "pdf" if contract.account.lang == "en" else "docx"
    title = {"frame": "frame-agreement", "service": "service-agreement", "purchase": "purchase-contract"}[contract.kind]
    return f"{contract.number}_{contract.account.domain.removesuffix('.example')}_{title}.{suffix}"


def say_day(day: date, contract: Contract) -> str:
    """A full date in the contract's language."""
    if contract.account.lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


def say_value(contract: Contract) -> str:
    """The total value in the contract's language."""
    if contract.account.lang == "zh":
        return f"人民币{contract.value:,.2f}元"
    return f"{contract.currency} {contract.value:,.2f}"
