"""Opportunities of three years, and the orders that came of those won."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.catalogue import CNY_PER, FAMILIES, PLANS, SCARCE, unit_price
from demo.world import COMPETITORS, Account, Deal, Product, World

OPEN_STAGES = ("Prospecting", "Qualification", "Needs Analysis", "Proposal", "Negotiation")
STAGES_ZH = {
    "Prospecting": "初步接触",
    "Qualification": "商机确认",
    "Needs Analysis": "需求分析",
    "Proposal": "方案报价",
    "Negotiation": "商务谈判",
    "Closed Won": "赢单",
    "Closed Lost": "输单",
}
_LOSS = {
    "en": ("Price", "Delivery time", "Project cancelled", "Lost to competitor", "No budget", "Missing reference"),
    "zh": ("价格", "交期", "项目取消", "输给竞争对手", "无预算", "缺少业绩"),
}
_NEXT = {
    "en": {
        "Prospecting": ("Send overview", "Arrange first call"),
        "Qualification": ("Clarify requirements", "Find the budget owner"),
        "Needs Analysis": ("Answer technical questions", "Arrange site visit", "Plan trial"),
        "Proposal": ("Present quotation", "Reference call", "Follow up on quotation"),
        "Negotiation": ("Agree on terms", "Finish contract draft", "Confirm delivery date"),
    },
    "zh": {
        "Prospecting": ("发送资料", "约首次电话"),
        "Qualification": ("澄清需求", "确认预算负责人"),
        "Needs Analysis": ("技术答疑", "安排现场考察", "安排试用"),
        "Proposal": ("讲解报价", "安排业绩电话", "跟进报价"),
        "Negotiation": ("商定条款", "合同定稿", "确认交期"),
    },
}
_PROJECTS = {
    "en": ("replacement", "new line", "expansion", "spares", "energy project", "overhaul", "phase 2", "retrofit"),
    "zh": ("设备更新", "新产线", "扩产", "备件采购", "节能改造", "大修", "二期", "技改"),
}
# Buying stage of the running thread → possible pipeline stages of its deal.
PIPELINE = {
    "awareness": ("Prospecting",),
    "consideration": ("Qualification",),
    "evaluation": ("Needs Analysis", "Proposal"),
    "decision": ("Proposal", "Negotiation"),
}
_HISTORY_DAYS = 1090


@dataclass(frozen=True, slots=True)
class Order:
    """An order line in the ERP."""

    id: str
    account: Account
    product: str
    quantity: int
    amount: int
    currency: str
    ordered: date
    delivery: date
    status: str


def deal_amount(product: Product, quantity: int, discount: int, currency: str) -> int:
    """Amount in whole units of `currency` after `discount` per cent."""
    return round(unit_price(product, currency, quantity) * quantity * (100 - discount) / 100)


def quantity_for(product: Product, rng: Random) -> int:
    """A usual quantity: many of what is cheap, few of what is dear."""
    if product.code in PLANS:
        return rng.randint(1, 4)
    if product.price < 20_000:
        return rng.choice((4, 6, 8, 10, 12, 20, 24))
    return rng.choice((2, 2, 3, 4, 4, 5, 6, 8)) if product.price < 100_000 else rng.choice((1, 1, 2, 2, 3, 4))


def name_deal(account: Account, product: Product, quantity: int, rng: Random) -> str:
    """A name as a seller would type it."""
    project = rng.choice(_PROJECTS[account.lang])
    if account.lang == "zh":
        unit = "套" if product.family == "service" else "台"
        return f"{account.short}-{product.name_zh}-{quantity}{unit}-{project}"
    return f"{account.short} - {quantity} x {product.name} - {project}"


def ordinary_products(world: World, family: str | None = None) -> list[Product]:
    """Products that are not scarce, of one family or of all."""
    scarce = set(SCARCE.values())
    return [p for p in world.products.values() if p.code not in scarce and family in (None, p.family)]


def _past_deal(world: World, account: Account, rng: Random) -> Deal:
    family = account.family if rng.random() < 0.6 else rng.choice((*FAMILIES, "service", "service"))
    product = rng.choice([p for p in world.products.values() if p.family == family])
    quantity = quantity_for(product, rng)
    close = world.day(-rng.randint(20, _HISTORY_DAYS))
    won = rng.random() < {"A": 0.62, "B": 0.55, "C": 0.46}[account.customer_class]
    discount = rng.choice((0, 0, 0, 2, 3, 5, 5, 6, 8))
    reason = "" if won else rng.choice(_LOSS[account.lang])
    rival = reason in ("Lost to competitor", "输给竞争对手", "Price", "价格") or rng.random() < 0.15
    return Deal(
        id="",
        account=account,
        name=name_deal(account, product, quantity, rng),
        stage="Closed Won" if won else "Closed Lost",
        amount=deal_amount(product, quantity, discount, account.currency),
        currency=account.currency,
        created=close - timedelta(days=rng.randint(14, 150)),
        close=close,
        owner=account.owner.person.name,
        product=product,
        quantity=quantity,
        discount=discount,
        competitor=rng.choice(rivals(account)) if rival else "",
        loss_reason=reason,
    )


def rivals(account: Account) -> tuple[str, ...]:
    """Competitors that sell where the account is."""
    return COMPETITORS[:4] if account.lang == "en" else (*COMPETITORS[:2], *COMPETITORS[4:])


def open_deal(world: World, account: Account, stage: str, product: Product, rng: Random) -> Deal:
    """An open opportunity over `product`, with a discount a rep may give alone."""
    quantity = quantity_for(product, rng)
    discount = rng.choice((0, 2, 3, 4)) if OPEN_STAGES.index(stage) > 2 else 0
    return Deal(
        id="",
        account=account,
        name=name_deal(account, product, quantity, rng),
        stage=stage,
        amount=deal_amount(product, quantity, discount, account.currency),
        currency=account.currency,
        created=world.day(-rng.randint(60, 150)),
        close=world.day(rng.randint(14, 60) + 25 * (4 - OPEN_STAGES.index(stage))),
        owner=account.owner.person.name,
        product=product,
        quantity=quantity,
        discount=discount,
        next_step=rng.choice(_NEXT[account.lang][stage]),
    )


def _side_deals(world: World, account: Account, rng: Random) -> list[Deal]:
    """Small open deals beside the account's main one, in early stages."""
    small = [p for p in ordinary_products(world) if p.family in ("service", "drives") and p.price < 80_000]
    return [
        open_deal(world, account, rng.choice(OPEN_STAGES[:3]), rng.choice(small), rng)
        for _ in range(rng.choice((0, 1, 1, 2, 3)))
    ]


def build_deals(world: World) -> list[Deal]:
    """All opportunities: the focus deals already made, side deals, and three years of closed ones."""
    deals = list(world.focus.values())
    for account in world.accounts:
        rng = world.rng("deals", account.id)
        if not account.quiet and "inactive_deal" not in account.stories:
            deals += _side_deals(world, account, rng)
        count = {"A": rng.randint(105, 135), "B": rng.randint(68, 96), "C": rng.randint(52, 72)}[account.customer_class]
        deals += [_past_deal(world, account, rng) for _ in range(count)]
    deals.sort(key=lambda deal: (deal.created, deal.account.id, deal.name))
    for index, deal in enumerate(deals, 1):
        deal.id = f"SJ-{index:06d}" if deal.account.lang == "zh" else f"006TL{index:06d}"
    return deals


def build_orders(world: World) -> list[Order]:
    """One order line per won opportunity that is about goods or a plan."""
    orders: list[Order] = []
    for deal in world.deals:
        if deal.stage != "Closed Won":
            continue
        rng = world.rng("order", deal.id)
        ordered = deal.close + timedelta(days=rng.randint(0, 6))
        delivery = ordered + timedelta(days=deal.product.lead_days + rng.randint(-5, 15))
        if ordered > world.today:
            continue
        status = "Delivered" if delivery <= world.today else rng.choice(("Confirmed", "In production"))
        orders.append(
            Order(
                f"SO-{len(orders) + 100001}",
                deal.account,
                deal.product.code,
                deal.quantity,
                deal.amount,
                deal.currency,
                ordered,
                delivery,
                status,
            )
        )
    return orders


def amount_in_cny(deal: Deal) -> float:
    """The deal's amount in CNY at the company's planning rate."""
    return deal.amount * CNY_PER[deal.currency]
