import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from connectors.exports.headings import FileMapping, guess_columns, table_kinds
from connectors.exports.outcome import RefusedError
from connectors.exports.vocabulary import meaning, need_meaning
from core.domain.accounts import Account, Contact
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.money import Money
from core.domain.products import Product, StockLine
from tests.unit.exports.conftest import Reader

DEALS = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Currency,Close Date\n"


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_salesforce_export_is_understood_without_help(read: Reader) -> None:
    result = read({"opps.csv": DEALS + 'O1,Line 3,Acme Drives Ltd,Negotiation/Review,"1,234.50",USD,2026-09-30\n'})
    assert result.refusals == []
    assert result.tables[0].kind == "opportunity"
    assert result.tables[0].columns["Close Date"] == "close_on"
    [deal] = result.records
    assert isinstance(deal, Opportunity)
    assert deal.stage is PipelineStage.NEGOTIATION
    assert deal.amount == Money(amount=Decimal("1234.50"), currency="USD")
    assert (deal.account_id, deal.region, deal.close_on) == ("A1", "North", date(2026, 9, 30))


def test_a_hubspot_workbook_of_contacts_is_understood(read: Reader) -> None:
    headings: list[object] = [
        *("Record ID", "First Name", "Last Name", "Email", "Job Title", "Associated Company"),
        *("Phone Number", "Contact Status", "Left Date", "Reports To"),
    ]
    ada: list[object] = [
        11,
        "Ada",
        "Frost",
        "ada@acme-drives.example",
        "CTO",
        "Acme",
        "+86 21 5555",
        "Active",
        None,
        None,
    ]
    li: list[object] = [12, "伟", "李", None, "工程师", "艾克美传动", None, "Left", datetime(2026, 2, 1), "Ada Frost"]  # noqa: DTZ001
    result = read({"contacts.xlsx": workbook(headings, ada, li)})
    assert result.refusals == []
    first, second = result.records
    assert isinstance(first, Contact)
    assert isinstance(second, Contact)
    assert (first.id, first.name, first.phone, first.active) == ("11", "Ada Frost", "+86 21 5555", True)
    assert (second.name, second.active, second.left_on, second.reports_to) == ("李伟", False, date(2026, 2, 1), "11")


def test_a_gbk_export_with_chinese_headings_is_understood(read: Reader) -> None:
    text = (
        "商机编号,商机名称,客户名称,阶段,金额,币种,预计成交日期,创建日期,负责人,下一步,竞争对手,输单原因,产品编码,数量,折扣\n"
        "S1,三号线改造,艾克美传动,商务谈判,￥12.5万,人民币,2026年9月30日,2026/3/1,王芳,报价,京岳自动化,,P1,10,8折\n"
    )
    result = read({"商机.csv": text.encode("gbk")}, known=[*known_products(), account()])
    assert result.refusals == []
    [deal] = result.records
    assert isinstance(deal, Opportunity)
    assert deal.amount == Money(amount=Decimal(125_000), currency="CNY")
    assert (deal.discount, deal.quantity, deal.product_id, deal.competitor) == (Decimal("0.2"), 10, "P1", "京岳自动化")


def account(**changes: object) -> Account:
    fields: dict[str, object] = {"id": "A1", "name": "Acme Drives Ltd", "aliases": ("艾克美传动",), "region": "North"}
    return Account.model_validate(fields | changes)


def known_products() -> list[Product]:
    return [Product(id="P1", name="GTX Pro")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_recognised(read: Reader, encoding: str, delimiter: str) -> None:
    text = (
        delimiter.join(["客户名称", "行业", "员工人数"])
        + "\n"
        + delimiter.join(["海岳重工有限公司", "机械", "1200"])
        + "\n"
    )
    result = read({"客户.csv": text.encode(encoding)})
    [found] = result.records
    assert isinstance(found, Account)
    assert (found.name, found.industry, found.employees) == ("海岳重工有限公司", "机械", 1200)


def test_western_legacy_text_is_not_read_as_chinese(read: Reader) -> None:
    text = "Account Name,Industry,Country\nMüller Größe Möbel GmbH,Möbelbau für Küchen,Österreich\n"
    [found] = read({"accounts.csv": text.encode("cp1252")}).records
    assert isinstance(found, Account)
    assert found.name == "Müller Größe Möbel GmbH"


def test_a_column_of_percentages_is_read_as_one(read: Reader) -> None:
    text = (
        "Opportunity ID,Account Name,Stage,Discount %\nO1,Acme,Proposal,0.5\nO2,Acme,Proposal,12\nO3,Acme,Proposal,8%\n"
    )
    discounts = [deal.discount for deal in read({"deals.csv": text}).records if isinstance(deal, Opportunity)]
    assert discounts == [Decimal("0.005"), Decimal("0.12"), Decimal("0.08")]


def test_ambiguous_dates_follow_the_country_and_are_noted(read: Reader) -> None:
    result = read({"deals.csv": "Deal ID,Account,Stage,Close Date,Currency\nO1,Acme,Won,03/04/2026,USD\n"})
    [deal] = result.records
    assert isinstance(deal, Opportunity)
    assert deal.close_on == date(2026, 3, 4)
    assert any("month/day/year" in note for note in result.notes)


def test_the_user_overrides_kind_and_columns(read: Reader) -> None:
    mapping = {"weird*.csv": FileMapping(kind="account", columns={"Wer": "name", "Wo": "country", "Name": "-"})}
    result = read({"weird_export.csv": "Wer,Wo,Name\nHorizon,DE,x\n"}, mapping=mapping)
    [found] = result.records
    assert isinstance(found, Account)
    assert (found.name, found.country) == ("Horizon", "DE")
    assert result.tables[0].unmapped == ("Name",)


def test_a_misspelt_heading_is_taken_and_shown(read: Reader) -> None:
    result = read({"deals.csv": "Opportunity ID,Acount Name,Stage,Close Dat\nO1,Acme,Won,2026-01-02\n"})
    assert result.tables[0].columns["Acount Name"] == "account"
    assert len(result.records) == 1


def test_an_unrecognised_table_names_the_nearest_kind(read: Reader) -> None:
    result = read({"things.csv": "Colour,Weight\nred,5\n"})
    [(row, name, reason)] = result.refused
    assert (row, name) == (None, "headings")
    assert "nearest is" in reason


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("O1,Line,Acmee Unknown Industries,Won,5,USD,2026-01-01", "Account Name", "nearest: Acme Drives Ltd"),
        ("O1,Line,Acme,Won,5,USD,9999-12-31", "Close Date", "not between"),
        ("O1,Line,Acme,Won,5,USD,2026-02-30", "Close Date", "not a date of the calendar"),
        ("O1,Line,Acme,Sleeping,5,USD,2026-01-01", "Stage", "no known stage"),
        ("O1,Line,Acme,Won,=SUM(A1:A9),USD,2026-01-01", "Amount", "formula"),
        ('O1,"=HYPERLINK(""x"")",Acme,Won,5,USD,2026-01-01', "Opportunity Name", "formula"),
        ("O1,Line,Acme,Won,five,USD,2026-01-01", "Amount", "not a number"),
        ("O1,Line,,Won,5,USD,2026-01-01", "Account Name", "empty"),
        ("O1,Line,Acme,Won,5,USD,2026-01-01,extra", "row", "more cells than headings"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_goes_in(
    read: Reader, line: str, field: str, reason: str
) -> None:
    result = read({"deals.csv": DEALS + "O0,Good,Acme,Won,1,USD,2026-01-01\n" + line + "\n"})
    assert [record.id for record in result.records] == ["O0"]
    [(row, name, why)] = result.refused
    assert (row, name) == (3, field)
    assert reason in why


def test_a_formula_cell_of_a_workbook_refuses_its_row(read: Reader) -> None:
    book = workbook(["Account Name", "Employees"], ["Horizon", "=1+1"], ["Meridian", 12])
    result = read({"accounts.xlsx": book})
    assert [record.name for record in result.records if isinstance(record, Account)] == ["Meridian"]
    assert result.refused == [(2, "Employees", "formula: paste it as a value")]


def test_an_account_named_nearly_right_is_found_and_noted(read: Reader) -> None:
    result = read({"deals.csv": DEALS + "O1,Line,Acme Drivs Ltd,Won,5,USD,2026-01-01\n"})
    assert [record.account for record in result.records] == ["A1"]
    assert "“Acme Drivs Ltd” read as “Acme Drives Ltd”" in result.notes


def test_a_misspelling_that_fits_two_accounts_is_refused(read: Reader) -> None:
    known = [account(id="1", name="Nordwerk A", aliases=()), account(id="2", name="Nordwerk B", aliases=())]
    result = read({"deals.csv": DEALS + "O1,Line,Nordwerk C,Won,5,USD,2026-01-01\n"}, known=list(known))
    assert result.records == []
    assert "Nordwerk A, Nordwerk B" in result.refused[0][2]


def test_accounts_are_made_from_names_only_when_none_is_known(read: Reader) -> None:
    result = read(
        {"deals.csv": DEALS + "O1,Line,Horizon,Won,5,USD,2026-01-01\nO2,Line,Horizon,Won,5,USD,2026-01-01\n"}, []
    )
    assert [record.kind for record in result.records] == ["account", "opportunity", "opportunity"]
    assert any("accounts were made from the names" in note for note in result.notes)


def test_files_that_others_refer_to_are_read_first(read: Reader) -> None:
    result = read(
        {
            "a_deals.csv": DEALS + "O1,Line,Horizon,Won,5,USD,2026-01-01\n",
            "z_accounts.csv": "Account ID,Account Name,Industry,Region\nH1,Horizon,Steel,South\n",
        },
        [],
    )
    assert result.refusals == []
    assert [(record.id, record.region) for record in result.records] == [("H1", "South"), ("O1", "South")]


def test_a_product_may_be_named_by_code_or_name(read: Reader) -> None:
    text = "Opportunity ID,Account Name,Stage,Product\nO1,Acme,Won,P1\nO2,Acme,Won,GTXPro\nO3,Acme,Won,Unknown\n"
    result = read({"deals.csv": text}, known=[account(aliases=("Acme",)), *known_products()])
    products = [deal.product_id for deal in result.records if isinstance(deal, Opportunity)]
    assert products == ["P1", "P1", None]
    assert "product “GTXPro” read as “GTX Pro”" in result.notes
    assert any("no product “Unknown”" in note for note in result.notes)


def test_stock_and_orders_are_read(read: Reader) -> None:
    stock: list[list[object]] = [
        ["产品编码", "仓库", "现有数量", "已预留", "在途数量", "预计到货日期", "采购提前期(天)", "更新时间"],
        ["P1", "上海", 40, 15, 20, datetime(2026, 6, 1), 45, datetime(2026, 5, 19, 8, 30)],  # noqa: DTZ001
    ]
    orders = (
        "Order ID,Account Name,Product Code,Quantity,Amount,Currency,Order Date,Status\n"
        "R1,Acme,P1,3,900,EUR,2026-01-05,Delivered\nR1,Acme,P2,1,100,EUR,2026-01-05,Delivered\n"
    )
    result = read({"erp/库存.xlsx": workbook(*stock), "erp/orders.csv": orders})
    assert result.refusals == []
    line = next(record for record in result.records if isinstance(record, StockLine))
    assert (line.available, line.incoming, line.lead_time_days) == (25, 20, 45)
    lines = [record for record in result.records if isinstance(record, Order)]
    assert [order.id for order in lines] == ["R1/P1", "R1/P2"]


def test_one_id_with_two_contents_keeps_the_first_and_refuses_the_second(read: Reader) -> None:
    good = "O1,Line,Acme,Won,5,USD,2026-01-01\n"
    result = read({"deals.csv": DEALS + good + good + "O1,Other,Acme,Lost,5,USD,2026-01-01\n"})
    assert len(result.records) == 1
    [(row, field, reason)] = result.refused
    assert (row, field) == (4, "id")
    assert "deals.csv row 2" in reason
    assert any("repeat" in note for note in result.notes)


def test_rows_without_an_id_get_the_same_one_every_time(read: Reader) -> None:
    text = "Account Name,Stage,Amount\nAcme,Won,5\n"
    first, second = (read({"deals.csv": text}).records[0].id for _ in range(2))
    assert first == second


def test_every_synonym_leads_to_its_own_kind() -> None:
    for kind, look in table_kinds().items():
        headings = [names[0] for names in look.columns.values()]
        assert guess_columns("export.csv", headings).kind == kind


def test_words_for_values_are_known_in_both_languages() -> None:
    assert meaning("stage", "Proposal/Price Quote") == meaning("stage", "方案报价") == "proposal"
    assert meaning("customer_class", "A类") == "A"
    with pytest.raises(RefusedError, match="canteen"):
        need_meaning("department", "canteen")
