"""The ERP's exports (stock, price list, orders), the market, resource and policy files."""

from datetime import datetime, time, timedelta
from pathlib import Path

from demo.catalogue import CNY_PER, unit_price
from demo.deals import Order
from demo.files.tables import Cell, write_csv, write_xlsx
from demo.market import build_news, build_notes
from demo.policy import APPROVAL_RULES, PRICING_HEADINGS, pricing_rules
from demo.resources import build_cases, build_experts
from demo.world import COMPETITORS, World

STOCK = ("产品编码", "仓库", "现有数量", "已预留", "在途数量", "预计到货日期", "采购提前期(天)", "更新时间")
PRICES = ("Product Code", "Currency", "Unit Price", "Min Quantity", "Valid From", "Valid To")
ORDERS = (
    "Order ID", "Account Name", "Product Code", "Quantity", "Amount", "Currency", "Order Date", "Delivery Date",
    "Status",
)  # fmt: skip
NEWS = ("Date", "Competitor", "Title", "Text", "Region", "Industry", "Account", "Kind", "Source")
EXPERTS = ("Name", "Email", "Skills", "Languages", "Region", "Product Families", "Busy")
CASES = (
    "Case ID", "Customer", "Industry", "Product Family", "Country", "Summary", "Summary (Chinese)", "Result",
    "Shareable", "Year",
)  # fmt: skip
_STEPS = (1, 5, 20)


def write_erp(folder: Path, world: World, orders: list[Order]) -> None:
    """Write stock, price list and orders below `folder`."""
    # The evening before: a time of today may be yet to come.
    updated = datetime.combine(world.today - timedelta(days=1), time(18, 30))
    write_xlsx(
        folder / "库存.xlsx",
        "库存",
        STOCK,
        (
            (s.product, s.warehouse, s.on_hand, s.reserved, s.incoming, s.incoming_on, s.lead_days, updated)
            for s in world.stock
        ),
    )
    write_csv(folder / "price_list.csv", PRICES, _prices(world))
    write_csv(
        folder / "orders.csv",
        ORDERS,
        (
            (o.id, o.account.name, o.product, o.quantity, o.amount, o.currency, o.ordered, o.delivery, o.status)
            for o in orders
        ),
    )


def _prices(world: World) -> list[tuple[Cell, ...]]:
    """The running list in every currency with its quantity steps, and last year's prices for single pieces."""
    start, end = world.today - timedelta(days=120), world.today + timedelta(days=245)
    before = start - timedelta(days=365)
    rows: list[tuple[Cell, ...]] = []
    for product in world.products.values():
        for currency in CNY_PER:
            old = round(unit_price(product, currency) * 0.96 / 10) * 10
            rows.append((product.code, currency, old, 1, before, start - timedelta(days=1)))
            rows += [(product.code, currency, unit_price(product, currency, step), step, start, end) for step in _STEPS]
    return rows


def write_market(folder: Path, world: World) -> int:
    """Write competitor news and notes below `folder`; returns how many items there are."""
    news, notes = build_news(world), build_notes(world)
    write_csv(
        folder / "news.csv",
        NEWS,
        ((n.day, n.competitor, n.title, n.text, n.region, n.industry, n.account, n.kind, n.source) for n in news),
    )
    lines = ["# Competitor notes", ""]
    for rival in COMPETITORS:
        lines += [f"## {rival}", ""]
        for note in notes[rival]:
            lines += [f"### {note.day:%Y-%m-%d} · {note.title}", "", note.text, ""]
            lines += [
                f"- Kind: {note.kind}",
                f"- Region: {note.region}",
                f"- Industry: {note.industry}",
                f"- Source: {note.source}",
                "",
            ]
    (folder / "competitor_notes.md").write_text("\n".join(lines), encoding="utf-8")
    return len(news) + sum(map(len, notes.values()))


def write_resources(folder: Path, world: World) -> tuple[int, int]:
    """Write experts and reference cases below `folder`; returns how many there are of each."""
    experts, cases = build_experts(world), build_cases(world)
    write_csv(
        folder / "experts.csv",
        EXPERTS,
        (
            (
                e.person.name,
                e.person.email,
                ";".join(e.skills),
                ";".join(e.languages),
                e.region,
                ";".join(e.families),
                ";".join(f"{first:%Y-%m-%d}..{last:%Y-%m-%d}" for first, last in e.busy),
            )
            for e in experts
        ),
    )
    write_csv(
        folder / "reference_cases.csv",
        CASES,
        (
            (c.id, c.customer, c.industry, c.family, c.country, c.summary, c.summary_zh, c.result, c.shareable, c.year)
            for c in cases
        ),
    )
    return len(experts), len(cases)


def write_policy(folder: Path) -> tuple[int, int]:
    """Write the approval and pricing rules below `folder`; returns how many there are of each."""
    folder.mkdir(parents=True, exist_ok=True)
    approvals = APPROVAL_RULES.read_bytes()
    (folder / "approval_rules.csv").write_bytes(approvals)
    rules = pricing_rules()
    write_csv(folder / "pricing_rules.csv", PRICING_HEADINGS, rules)
    return len(approvals.splitlines()) - 1, len(rules)
