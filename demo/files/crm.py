"""The CRM's exports: accounts, contacts, opportunities in two dialects, products, sales team."""

from datetime import date
from pathlib import Path

from demo.catalogue import FAMILIES
from demo.deals import STAGES_ZH
from demo.files.tables import write_csv, write_xlsx
from demo.world import Deal, World

ACCOUNTS = (
    "Account ID", "Account Name", "Industry", "Billing Country", "Region", "Account Owner", "Type", "Customer Class",
    "Annual Revenue", "Employees", "Parent Account", "Website", "Aliases",
)  # fmt: skip
CONTACTS = (
    "Record ID", "First Name", "Last Name", "Email", "Job Title", "Associated Company", "Department", "Phone Number",
    "Contact Status", "Left Date", "Reports To",
)  # fmt: skip
OPPORTUNITIES = (
    "Opportunity ID", "Opportunity Name", "Account Name", "Stage", "Amount", "Currency", "Close Date", "Created Date",
    "Owner", "Next Step", "Competitor", "Loss Reason", "Product Code", "Quantity", "Discount %",
)  # fmt: skip
OPPORTUNITIES_ZH = (
    "商机编号", "商机名称", "客户名称", "阶段", "金额", "币种", "预计成交日期", "创建日期", "负责人", "下一步",
    "竞争对手", "输单原因", "产品编码", "数量", "折扣",
)  # fmt: skip
PRODUCTS = (
    "Product Code", "Product Name", "Product Name (Chinese)", "Product Family", "List Price", "Currency", "Description",
)  # fmt: skip
SALES_TEAM = ("Sales Agent", "Email", "Manager", "Team", "Region")


def write_crm(folder: Path, world: World) -> None:
    """Write all CRM exports below `folder`."""
    _write_accounts(folder / "accounts.csv", world)
    _write_contacts(folder / "contacts.xlsx", world)
    english = [deal for deal in world.deals if deal.account.lang == "en"]
    chinese = [deal for deal in world.deals if deal.account.lang == "zh"]
    write_csv(folder / "opportunities.csv", OPPORTUNITIES, map(_english_row, english))
    write_csv(folder / "商机.csv", OPPORTUNITIES_ZH, map(_chinese_row, chinese), "gbk")
    write_csv(
        folder / "products.csv",
        PRODUCTS,
        (
            (p.code, p.name, p.name_zh, FAMILIES[p.family][0], p.price, "CNY", p.description)
            for p in world.products.values()
        ),
    )
    write_csv(
        folder / "sales_team.csv",
        SALES_TEAM,
        ((s.person.name, s.person.email, s.manager, s.team, s.region) for s in world.sellers),
    )


def _write_accounts(path: Path, world: World) -> None:
    won = {deal.account.id for deal in world.deals if deal.stage == "Closed Won"}
    rows = (
        (
            a.id,
            a.name,
            a.industry,
            a.country,
            a.region,
            a.owner.person.name,
            "Customer" if a.id in won else "Prospect",
            a.customer_class,
            f"{a.currency} {a.revenue}",
            a.employees,
            a.parent,
            f"https://www.{a.domain}",
            a.alias,
        )
        for a in world.accounts
    )
    write_csv(path, ACCOUNTS, rows)


def _write_contacts(path: Path, world: World) -> None:
    people = [(a, p) for a in world.accounts for p in (*a.people.values(), *a.others)]
    rows = (
        (
            int(p.id),
            p.given,
            p.family,
            p.email,
            p.title,
            a.name,
            p.department,
            p.phone,
            "Left" if p.left_on else "Active",
            p.left_on,
            int(p.reports_to) if p.reports_to else None,
        )
        for a, p in people
    )
    write_xlsx(path, "contacts", CONTACTS, rows)


def _day(day: date, separator: str) -> str:
    return day.strftime(f"%Y{separator}%m{separator}%d")


def _english_row(deal: Deal) -> tuple[str | int, ...]:
    return (
        deal.id,
        deal.name,
        deal.account.name,
        deal.stage,
        deal.amount,
        deal.currency,
        _day(deal.close, "-"),
        _day(deal.created, "-"),
        deal.owner,
        deal.next_step,
        deal.competitor,
        deal.loss_reason,
        deal.product.code,
        deal.quantity,
        deal.discount,
    )


def _chinese_row(deal: Deal) -> tuple[str | int, ...]:
    return (
        deal.id,
        deal.name,
        deal.account.name,
        STAGES_ZH[deal.stage],
        f"{deal.amount:,.2f}",
        "人民币",
        _day(deal.close, "/"),
        _day(deal.created, "/"),
        deal.owner,
        deal.next_step,
        deal.competitor,
        deal.loss_reason,
        deal.product.code,
        deal.quantity,
        f"{deal.discount}%",
    )
