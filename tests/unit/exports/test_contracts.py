import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from connectors.exports.clauses import classify_clause, find_clauses
from core.domain.contracts import ClauseKind, Contract
from core.domain.market import MarketNote, MoveKind
from core.domain.money import Money
from tests.unit.exports.conftest import Reader, Result

ENGLISH = """FRAMEWORK SUPPLY AGREEMENT
Contract No.: FA-2024-017
Party A (Buyer): Acme Drives Ltd
Party B (Seller): Vendor Works Ltd
Signed on 15 January 2024
Total contract value: USD 1,200,000.00
This agreement is effective from 2024-02-01 until 2027-01-31.

1. Payment Terms
30 % in advance, the rest within 60 days of the invoice.
2. Delivery and Acceptance
Ex works, within 8 weeks.
3. Limitation of Liability
Liability is limited to the contract value.
4. Governing Law
The law of Singapore applies.
"""
CHINESE = """设备采购合同
合同编号：HT-2025-008
甲方（买方）：艾克美传动
乙方（卖方）：某某装备有限公司
签订日期：2025年3月1日
合同总金额：人民币 1,250,000 元
合同有效期：自2025年3月1日起至2027年2月28日止

第一条 付款方式
合同签订后支付30%预付款。
第二条 交货与验收：乙方应在八周内交货。
第三条 质保
质保期为十二个月。
第四条 保密
双方应对技术资料保密。
第五条 独家供应
"""


def only(result: Result) -> Contract:
    assert result.refusals == []
    [record] = result.records
    assert isinstance(record, Contract)
    return record


def as_docx(text: str) -> bytes:
    document = docx.Document()
    head, _, rest = text.partition("\n\n")
    title, *facts = head.splitlines()
    document.add_heading(title)
    table = document.add_table(rows=0, cols=2)
    for fact in facts:
        name, _, value = fact.partition(": ")
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
    for paragraph in rest.splitlines():
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_pdf(text: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    block = canvas.beginText(50, 800)
    for row in text.splitlines():
        block.textLine(row)
    canvas.drawText(block)
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["fa.txt", "fa.docx", "fa.pdf"])
def test_an_english_contract_is_taken_apart(read: Reader, name: str) -> None:
    writers: dict[str, Callable[[str], bytes]] = {"txt": str.encode, "docx": as_docx, "pdf": as_pdf}
    found = only(read({f"contracts/{name}": writers[name[3:]](ENGLISH)}))
    assert (found.id, found.title, found.account_id, found.region) == (
        "FA-2024-017", "FRAMEWORK SUPPLY AGREEMENT", "A1", "North",
    )  # fmt: skip
    assert found.parties == ("Acme Drives Ltd", "Vendor Works Ltd")
    assert found.value == Money(amount=Decimal("1200000.00"), currency="USD")
    assert (found.signed_on, found.starts_on, found.ends_on) == (
        date(2024, 1, 15), date(2024, 2, 1), date(2027, 1, 31),
    )  # fmt: skip
    kinds = [clause.kind for clause in found.clauses]
    assert kinds == [ClauseKind.PAYMENT, ClauseKind.DELIVERY, ClauseKind.LIABILITY, ClauseKind.GOVERNING_LAW]
    assert found.clauses[0].text == "30 % in advance, the rest within 60 days of the invoice."


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_chinese_contract_is_taken_apart(read: Reader, encoding: str) -> None:
    found = only(read({"合同/采购.txt": CHINESE.encode(encoding)}))
    assert (found.number, found.title, found.account_id) == ("HT-2025-008", "设备采购合同", "A1")
    assert found.value == Money(amount=Decimal(1_250_000), currency="CNY")
    assert (found.signed_on, found.starts_on, found.ends_on) == (date(2025, 3, 1), date(2025, 3, 1), date(2027, 2, 28))
    kinds = [clause.kind for clause in found.clauses]
    assert kinds == [
        *(ClauseKind.PAYMENT, ClauseKind.DELIVERY, ClauseKind.WARRANTY),
        *(ClauseKind.CONFIDENTIALITY, ClauseKind.EXCLUSIVITY),
    ]
    assert found.clauses[1].heading == "交货与验收"


def test_a_contract_of_strangers_is_refused(read: Reader) -> None:
    text = ENGLISH.replace("Acme Drives Ltd", "Somebody Else Inc")
    [(row, field, reason)] = read({"contracts/x.txt": text}).refused
    assert (row, field) == (None, "parties")
    assert "Somebody Else Inc" in reason


@pytest.mark.parametrize(
    ("old", "new", "field"), [("2027-01-31", "9027-01-31", "ends_on"), ("2027-01-31", "2023-01-31", "ends_on")]
)
def test_a_contract_with_impossible_dates_is_refused(read: Reader, old: str, new: str, field: str) -> None:
    assert read({"contracts/x.txt": ENGLISH.replace(old, new)}).refused[0][1] == field


def test_a_pdf_of_pictures_is_refused_with_the_remedy(read: Reader) -> None:
    assert "text recognition" in read({"contracts/scan.pdf": as_pdf("")}).refused[0][2]


def test_numbered_sentences_inside_a_clause_are_no_headings() -> None:
    clauses = find_clauses("1. Payment\nPay within\n30 Days after the invoice.\n2. Price: Fixed for a year.\n")
    assert [(clause.heading, clause.text) for clause in clauses] == [
        ("Payment", "Pay within\n30 Days after the invoice."), ("Price", "Fixed for a year."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Term and Termination", ClauseKind.TERMINATION),
        ("Automatic Renewal", ClauseKind.RENEWAL),
        ("Data Protection", ClauseKind.DATA),
        ("违约责任", ClauseKind.LIABILITY),
        ("争议解决", ClauseKind.GOVERNING_LAW),
        ("Notices", ClauseKind.OTHER),
    ],
)
def test_clauses_are_told_apart_by_their_heading(heading: str, kind: ClauseKind) -> None:
    assert classify_clause(heading, "") is kind


NOTES = """# Competitor notes

## Corvex

### Price cut on servo drives
Date: 2026-04-02
Type: price
Account: Acme

Corvex offered 12 % less for orders above 50 pieces.

### 2026-03-01 新品发布会
海外媒体报道其新一代驱动器。

## 京岳自动化
2026年1月5日：在华东中标。

### 2026-02-27 · supply · Short of drives

Deliveries slip by six weeks.

- Industry: Glass
- Source: Customer conversation
"""


def test_competitor_notes_in_markdown_become_market_notes(read: Reader) -> None:
    result = read({"market/competitor_notes.md": NOTES})
    assert result.refusals == []
    notes = [record for record in result.records if isinstance(record, MarketNote)]
    assert [(note.competitor, note.at) for note in notes] == [
        ("Corvex", date(2026, 4, 2)),
        ("Corvex", date(2026, 3, 1)),
        ("京岳自动化", date(2026, 1, 5)),
        ("京岳自动化", date(2026, 2, 27)),
    ]
    assert (notes[3].title, notes[3].move, notes[3].industry) == ("Short of drives", MoveKind.SUPPLY, "Glass")
    assert notes[3].text == "Deliveries slip by six weeks."
    assert (notes[0].title, notes[0].move, notes[0].account_id) == ("Price cut on servo drives", MoveKind.PRICE, "A1")
    assert notes[1].title == "新品发布会"


def test_market_news_in_a_table_become_market_notes(read: Reader) -> None:
    text = (
        "Date,Competitor,Title,Text,Region,Industry,Account,Kind,Source\n"
        "2026-04-02,Corvex,Price cut,12 % less,North,Machinery,Acme,price,Trade press\n"
    )
    [note] = read({"market/news.csv": text}).records
    assert isinstance(note, MarketNote)
    assert (note.move, note.account_id, note.region, note.source) == (MoveKind.PRICE, "A1", "North", "Trade press")


def test_markdown_that_is_no_competitor_note_is_refused(read: Reader) -> None:
    assert "competitor notes" in read({"README.md": "# Read me\ntext\n"}).refused[0][2]
