"""The demo company: a fictional maker of industrial equipment, written as the export files a real one would have."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demo.accounts import FEATURED, FEATURED_ZH, account_at, found_accounts, left_on
from demo.catalogue import build_products, build_stock
from demo.contracts import build_contracts
from demo.deals import build_deals, build_orders
from demo.files.crm import write_crm
from demo.files.documents import write_contracts
from demo.files.erp import write_erp, write_market, write_policy, write_resources
from demo.files.talks import name_meeting, write_interchange, write_mailboxes, write_transcripts
from demo.people import Registry, hire_experts, hire_sellers
from demo.plot import build_plot
from demo.threads import focus_deal, tell_account
from demo.world import COMPETITORS, VENDOR, VENDOR_DOMAIN, VENDOR_ZH, Storyline, World

_EXPERTS = 14
_VISIT_IN_DAYS = 9


@dataclass(frozen=True, slots=True)
class Featured:
    """A visit worth showing: the account's full name, why one goes there, when, and whom one meets there."""

    account: str
    purpose_en: str
    purpose_zh: str
    attendees: tuple[str, ...]
    visit_on: date


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """What was written. `counts` is by kind of record; `plot` lists the stories planted in the files."""

    vendor: str
    vendor_zh: str
    domain: str
    today: date
    seed: int
    competitors: tuple[str, ...]
    featured: Featured
    featured_zh: Featured
    counts: dict[str, int]
    plot: tuple[Storyline, ...]


def build_world(today: date, seed: int) -> World:
    """The whole company in memory. The order matters: texts speak of deals, contracts and people made before."""
    world = World(today=today, seed=seed)
    registry = Registry(world)
    world.products = build_products()
    world.sellers = hire_sellers(registry)
    world.experts = hire_experts(registry, _EXPERTS)
    world.accounts = found_accounts(world, registry)
    for account in world.accounts:
        if "champion_left" in account.stories:
            account.people["champ"].left_on = left_on(world, account)
    world.stock = build_stock(world)
    world.focus = {account.id: focus_deal(world, account) for account in world.accounts if not account.quiet}
    world.deals = build_deals(world)
    world.contracts = build_contracts(world)
    world.messages = [message for account in world.accounts for message in tell_account(world, account)]
    world.messages.sort(key=lambda message: (message.at, message.account.id, message.topic))
    _number(world)
    world.plot = build_plot(world)
    return world


def _number(world: World) -> None:
    """Ids for what is no mail: a meeting's file name, a running number for the rest."""
    taken: set[str] = set()
    for index, message in enumerate(world.messages, 1):
        if message.form == "meeting":
            message.id = name_meeting(message, taken)
        elif message.form != "mail":
            message.id = f"INT-{index:06d}"


def _featured(world: World, domain: str, purpose_en: str, purpose_zh: str) -> Featured:
    account = account_at(world, domain)
    names = tuple(account.people[role].name for role in ("eb", "tech", "proc", "user"))
    return Featured(account.name, purpose_en, purpose_zh, names, world.day(_VISIT_IN_DAYS))


def write_demo_company(folder: Path, *, today: date, seed: int = 7) -> DemoCompany:
    """Write the company's export files below `folder` (made if missing) and say what is in them.

    All dates follow from `today`; the same `today` and `seed` give the same files, byte for byte.
    """
    world = build_world(today, seed)
    orders = build_orders(world)
    write_crm(folder / "crm", world)
    write_erp(folder / "erp", world, orders)
    write_contracts(folder / "contracts", world)
    write_mailboxes(folder / "mail", world)
    write_transcripts(folder / "meetings", world)
    write_interchange(folder / "notes" / "interactions.jsonl", world)
    market = write_market(folder / "market", world)
    experts, cases = write_resources(folder / "resources", world)
    approvals, pricing = write_policy(folder / "policy")
    forms = Counter(message.form for message in world.messages)
    return DemoCompany(
        vendor=VENDOR,
        vendor_zh=VENDOR_ZH,
        domain=VENDOR_DOMAIN,
        today=today,
        seed=seed,
        competitors=COMPETITORS,
        featured=_featured(
            world,
            FEATURED,
            "Win the pump replacement at the Leuna works: settle delivery, price and the frame agreement",
            "拿下 Leuna 工厂换泵项目，谈定交期、价格和框架协议续签",
        ),
        featured_zh=_featured(
            world,
            FEATURED_ZH,
            "Win the compressor order for the second Changshu plant although the champion has left",
            "支持者离职后重新建立关系，拿下常熟二厂空压机订单",
        ),
        counts={
            "accounts": len(world.accounts),
            "contacts": sum(len(account.people) + len(account.others) for account in world.accounts),
            "opportunities": len(world.deals),
            "orders": len(orders),
            "products": len(world.products),
            "stock_lines": len(world.stock),
            "contracts": len(world.contracts),
            "sales_people": len(world.sellers),
            "market_notes": market,
            "experts": experts,
            "reference_cases": cases,
            "approval_rules": approvals,
            "pricing_rules": pricing,
            "interactions": len(world.messages),
            **{f"interactions_{form}": count for form, count in sorted(forms.items())},
        },
        plot=tuple(world.plot),
    )
