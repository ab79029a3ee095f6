"""What was planted, so that a test can ask whether the hub finds it."""

from collections.abc import Callable, Iterable

from demo.catalogue import SCARCE
from demo.world import Account, Message, Storyline, World

_MAIL_TOPICS: dict[str, tuple[str, ...]] = {
    "champion_left": ("farewell", "farewell_colleague", "note_champ_left"),
    "champion_quiet": ("nudge", "note_champ_quiet"),
    "competitor_undercut": ("undercut", "story_undercut", "note_undercut"),
    "stock_short": ("need_delivery", "delivery_holding", "note_stock"),
    "contract_ending": ("contract_expiry", "note_expiry"),
    "payment_dispute": ("payment_dispute", "story_payment", "note_payment"),
    "no_economic_buyer": ("note_no_eb",),
    "single_threaded": ("note_single",),
    "discount_beyond_policy": ("discount_demand", "story_discount", "note_discount"),
    "inactive_deal": (),
    "renewal": ("renewal_offer", "renewal_reply", "note_renewal"),
    "healthy": ("go_ahead", "story_healthy", "note_healthy"),
}


def _file_of(message: Message) -> str:
    if message.form == "mail":
        return f"mail/{message.account.region.lower().replace(' ', '_')}.mbox"
    return "meetings" if message.form == "meeting" else "notes/interactions.jsonl"


def _deal_file(account: Account) -> str:
    return "crm/商机.csv" if account.lang == "zh" else "crm/opportunities.csv"


def _about_person(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    champion = account.people["champ"]
    if champion.left_on:
        what = f"{champion.name}, the champion, left on {champion.left_on}; nobody has taken over."
    else:
        last = max(m.at for m in world.messages if m.sender_mail == champion.email)
        what = f"{champion.name}, the champion, has not written since {last:%Y-%m-%d}."
    return what, ["crm/contacts.xlsx"], [champion.id, champion.email]


def _about_deal(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    deal = world.focus[account.id]
    ids, files = [deal.id], [_deal_file(account)]
    stories = account.stories
    parts = [f"{deal.quantity} × {deal.product.code}, {deal.currency} {deal.amount:,}, {deal.stage}"]
    if "inactive_deal" in stories:
        last = max(m.at for m in world.messages if m.account is account)
        parts.append(f"no exchange since {last:%Y-%m-%d}")
    return "; ".join(parts) + ".", files, ids


def _about_competitor(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    what, files, ids = _about_deal(world, account)
    rival = world.focus[account.id].competitor
    return f"{rival} offers less for {what}", [*files, "market/news.csv"], [*ids, rival]


def _about_stock(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    what, files, ids = _about_deal(world, account)
    code = SCARCE[account.family]
    free = sum(line.on_hand - line.reserved for line in world.stock if line.product == code)
    return f"Only {free} of {code} are free, the deal needs {what}", [*files, "erp/库存.xlsx"], [*ids, code]


def _about_discount(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    what, files, ids = _about_deal(world, account)
    deal = world.focus[account.id]
    return f"{deal.discount} % asked, policy allows less even with approval: {what}", [*files, "policy"], ids


def _about_contract(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    contract = world.contract_of(account)
    assert contract is not None, f"{account.name} needs a contract"  # noqa: S101 - the cast guarantees it
    what = f"{contract.number} with {contract.terms_days} days of payment ends on {contract.ends}."
    return what, ["contracts"], [contract.number]


def _about_people(world: World, account: Account) -> tuple[str, list[str], list[str]]:
    if "single_threaded" in account.stories:
        person = account.people["champ"]
        return f"Everything runs through {person.name}.", ["crm/contacts.xlsx"], [person.id, person.email]
    return "Nobody who could release the money is known.", ["crm/contacts.xlsx"], []


_ABOUT: dict[str, Callable[[World, Account], tuple[str, list[str], list[str]]]] = {
    "champion_left": _about_person,
    "champion_quiet": _about_person,
    "competitor_undercut": _about_competitor,
    "stock_short": _about_stock,
    "contract_ending": _about_contract,
    "payment_dispute": _about_contract,
    "no_economic_buyer": _about_people,
    "single_threaded": _about_people,
    "discount_beyond_policy": _about_discount,
    "inactive_deal": _about_deal,
    "renewal": _about_contract,
    "healthy": _about_deal,
}


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def build_plot(world: World) -> list[Storyline]:
    """One entry per story and account."""
    plot = []
    for account in world.accounts:
        for kind in account.stories:
            what, files, ids = _ABOUT[kind](world, account)
            shown = [m for m in world.messages if m.account is account and m.topic in _MAIL_TOPICS[kind]]
            plot.append(
                Storyline(
                    kind=kind,
                    account=account.name,
                    account_id=account.id,
                    lang=account.lang,
                    what=what,
                    files=_unique([*files, *map(_file_of, shown)]),
                    ids=_unique([*ids, *(message.id for message in shown)]),
                )
            )
    return plot
