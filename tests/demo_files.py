"""The demo company's files, read back the plain way."""

import csv
import hashlib
import json
import mailbox
from dataclasses import dataclass
from datetime import date, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from openpyxl import load_workbook

from demo.company import DemoCompany

TODAY = date(2026, 6, 17)
Row = dict[str, str]
_CHINESE = {
    "商机编号": "Opportunity ID",
    "客户名称": "Account Name",
    "阶段": "Stage",
    "负责人": "Owner",
    "产品编码": "Product Code",
    "数量": "Quantity",
    "折扣": "Discount %",
}


@dataclass(frozen=True)
class Mail:
    """A mail out of a mailbox."""

    id: str
    reply_to: str | None
    at: datetime
    sender: str
    addresses: frozenset[str]
    subject: str
    body: str


def read_csv(path: Path, encoding: str = "utf-8-sig") -> list[Row]:
    """Rows by heading."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def read_sheet(path: Path) -> list[Row]:
    """Rows of the first sheet by heading, every cell as text."""
    book = load_workbook(path, read_only=True)
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    heads = [str(cell) for cell in lines[0]]
    return [{head: "" if cell is None else str(cell) for head, cell in zip_longest(heads, line)} for line in lines[1:]]


def digests(folder: Path) -> dict[str, str]:
    """A digest of every file below `folder`, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class DemoFiles:
    """What is in the files below `folder`, each read once."""

    def __init__(self, folder: Path, company: DemoCompany) -> None:
        self.folder = folder
        self.company = company

    @cached_property
    def accounts(self) -> dict[str, Row]:
        """Accounts by name."""
        return {row["Account Name"]: row for row in read_csv(self.folder / "crm/accounts.csv")}

    @cached_property
    def contacts(self) -> list[Row]:
        """Contacts of all accounts."""
        return read_sheet(self.folder / "crm/contacts.xlsx")

    @cached_property
    def products(self) -> dict[str, Row]:
        """Products by code."""
        return {row["Product Code"]: row for row in read_csv(self.folder / "crm/products.csv")}

    @cached_property
    def sellers(self) -> list[Row]:
        """The sales team."""
        return read_csv(self.folder / "crm/sales_team.csv")

    @cached_property
    def deals(self) -> dict[str, Row]:
        """Opportunities of both files by id, under English headings where a test needs them."""
        chinese = read_csv(self.folder / "crm/商机.csv", "gbk")
        rows = read_csv(self.folder / "crm/opportunities.csv")
        rows += [{_CHINESE.get(head, head): cell for head, cell in row.items()} for row in chinese]
        return {row["Opportunity ID"]: row for row in rows}

    @cached_property
    def mails(self) -> list[Mail]:
        """All mails of all mailboxes."""
        found = []
        for path in sorted((self.folder / "mail").glob("*.mbox")):
            box = mailbox.mbox(path)
            found += [_mail(message) for message in box]
            box.close()
        return found

    @cached_property
    def notes(self) -> list[dict[str, object]]:
        """The lines of the interchange file."""
        lines = (self.folder / "notes/interactions.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @cached_property
    def meetings(self) -> list[Path]:
        """The transcripts."""
        return sorted((self.folder / "meetings").iterdir())

    @cached_property
    def free_stock(self) -> dict[str, int]:
        """Pieces on hand and not reserved, by product."""
        free: dict[str, int] = {}
        for row in read_sheet(self.folder / "erp/库存.xlsx"):
            code = row["产品编码"]
            free[code] = free.get(code, 0) + int(row["现有数量"]) - int(row["已预留"])
        return free

    def told(self, kind: str) -> dict[str, tuple[str, ...]]:
        """The ids that show the stories of `kind`, by account name."""
        return {line.account: line.ids for line in self.company.plot if line.kind == kind}


def _mail(message: mailbox.mboxMessage) -> Mail:
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    parties = getaddresses([str(message[header]) for header in ("from", "to", "cc") if message[header]])
    return Mail(
        id=str(message["message-id"]).strip("<>"),
        reply_to=str(message["in-reply-to"]).strip("<>") if message["in-reply-to"] else None,
        at=parsedate_to_datetime(str(message["date"])),
        sender=parties[0][1],
        addresses=frozenset(address for _, address in parties),
        subject=str(make_header(decode_header(str(message["subject"])))),
        body=body.decode(),
    )
