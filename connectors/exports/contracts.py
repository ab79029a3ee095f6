"""Contracts from PDF, DOCX and TXT: whose, worth what, from when to when, and their clauses."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePosixPath

from connectors.exports.batch import Batch
from connectors.exports.clauses import find_clauses
from connectors.exports.dates import DateError, parse_date
from connectors.exports.directory import Directory, stable_id
from connectors.exports.documents import read_document
from connectors.exports.numbers import NumberError, money_hint, parse_money
from connectors.exports.outcome import RefusedError
from core.domain.accounts import Account
from core.domain.contracts import Contract
from core.domain.money import Money

_HEAD = 4000
_NUMBER = re.compile(
    r"(?:(?:contract|agreement|reference|document)\s*(?:no|number|ref|id)\b\.?|合同编号|协议编号|合同号)\s*[:：#]?\s*([A-Za-z0-9][\w\-/.]{2,40})",
    re.IGNORECASE,
)
_PARTY = re.compile(
    r"^\s*(?:party\s+[a-d]|[甲乙丙]方|buyer|seller|customer|supplier|vendor|purchaser|client|provider|licensee|licensor|"
    r"买方|卖方|供方|需方|采购方|销售方)\s*(?:[(（][^)）]{0,30}[)）])?\s*[:：]\s*(.{2,120}?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_BETWEEN = re.compile(r"\bbetween\s+(.{3,120}?)\s+and\s+(.{3,120}?)(?:[,.;(\n]|$)", re.IGNORECASE)
_BESIDE_NAME = re.compile(
    r"\s*[(（][^)）]*[)）]\s*|\s*[;；。].*$|\s*[,，](?!\s*(?:Ltd|Inc|LLC|Limited|Corp|S\.?A|GmbH|Co\b|Pte)).*$",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"(?:(?:total |contract |aggregate |overall )+(?:value|price|amount|sum)"
    r"|合同总?(?:金额|价款?|额|值)|总金额|总价款?)[^\d\n]{0,60}?(?P<amount>(?:CNY|RMB|USD|EUR|GBP|JPY|HKD|SGD|人民币|美元|欧元|[¥￥$€£])?\s*\d[\d,.]*\s*(?:万|亿|million|thousand)?\s*"
    r"(?:CNY|RMB|USD|EUR|GBP|JPY|HKD|SGD|美元|欧元|元)?)",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    rf"|\d{{1,2}}\s+{_MONTH}\.?\s+\d{{4}}|{_MONTH}\.?\s+\d{{1,2}},?\s+\d{{4}}"
)
_BEFORE, _AFTER = 60, 6
_SIGNED = re.compile(r"sign|dated|executed|entered into|签订|签署|签字|签约", re.IGNORECASE)
_STARTS = re.compile(r"effective|commenc|start|from|生效|自|起始|开始", re.IGNORECASE)
_ENDS = re.compile(r"expir|until|\bend|through|\bto\b|届满|到期|终止|截止|失效|至", re.IGNORECASE)


def read_contract(path: Path, file: str, batch: Batch) -> Contract:
    """The contract in a document. Raises RefusedError, among others when no party is a known account."""
    text = read_document(path)
    parties = tuple(find_parties(text))
    account = _account(text, file, parties, batch.directory)
    found = _NUMBER.search(text[:_HEAD])
    number = found[1].rstrip(".") if found else None
    title = next((line.strip() for line in text.splitlines() if line.strip()), PurePosixPath(file).stem)[:200]
    dates = find_dates(text, batch)
    return Contract(
        id=number or stable_id("contract", account.id, title, dates.get("starts_on"), PurePosixPath(file).stem),
        region=account.region,
        account_id=account.id,
        title=title,
        number=number,
        parties=parties,
        value=find_value(text),
        clauses=find_clauses(text),
        **dates,
    )


def looks_contractual(text: str) -> bool:
    """Whether a text is a contract: it says so at its beginning and has parties or several clauses."""
    names_itself = re.search(r"agreement|contract|合同|协议", text[:300], re.IGNORECASE)
    return names_itself is not None and (len(list(find_parties(text))) > 1 or len(find_clauses(text)) > 2)


def find_parties(text: str) -> Iterator[str]:
    """Names of the parties, each once, in order."""
    seen: set[str] = set()
    head = text[:_HEAD]
    named = [found[1] for found in _PARTY.finditer(head)]
    if not named and (found := _BETWEEN.search(" ".join(head.split()))):
        named = [found[1], found[2]]
    for name in named:
        party = _BESIDE_NAME.sub("", name).strip(' ，,"“”')
        if party and party not in seen:
            seen.add(party)
            yield party


def find_value(text: str) -> Money | None:
    """The contract's total, in CNY where a Chinese text names no currency and USD elsewhere."""
    for found in _VALUE.finditer(text):
        amount = " ".join(found["amount"].split()).rstrip(".,")
        currency = money_hint(found[0])[0] or ("CNY" if re.search(r"[\u4e00-\u9fff]", found[0]) else "USD")
        try:
            return parse_money(amount, currency)
        except NumberError:
            continue
    return None


def find_dates(text: str, batch: Batch) -> dict[str, date]:
    """When it was signed, starts and ends: the first date each of these words stands before (or right after)."""
    dates: dict[str, date] = {}
    for line in _date_lines(text):
        start = 0
        for found in _DATE.finditer(line):
            before = line[max(start, found.start() - _BEFORE) : found.start()]
            after = line[found.end() : found.end() + _AFTER]
            start = found.end()
            name = _meaning(before, after)
            if name is None or name in dates:
                continue
            try:
                dates[name] = parse_date(" ".join(found[0].split()), batch.believed)
            except DateError as fault:
                raise RefusedError(name, str(fault)) from None
    if "starts_on" in dates and "ends_on" in dates and dates["ends_on"] < dates["starts_on"]:
        raise RefusedError("ends_on", f"{dates['ends_on']} is before {dates['starts_on']}")
    return dates


def _date_lines(text: str) -> Iterator[str]:
    """Lines that hold a date; a wrapped line goes on in the next."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if _DATE.search(line):
            above = lines[index - 1] if index and not _DATE.search(lines[index - 1]) else ""
            yield f"{above[-_BEFORE:]} {line}" if not _meaning(line, "") else line


def _meaning(before: str, after: str) -> str | None:
    """Which date the words nearest before it announce."""
    if after.startswith(("起", "生效")):
        return "starts_on"
    if after.startswith(("止", "到期", "届满")):
        return "ends_on"
    last = {
        name: max((found.end() for found in words.finditer(before)), default=-1)
        for name, words in (("signed_on", _SIGNED), ("starts_on", _STARTS), ("ends_on", _ENDS))
    }
    name = max(last, key=lambda key: last[key])
    return name if last[name] >= 0 else None


def _account(text: str, file: str, parties: tuple[str, ...], directory: Directory) -> Account:
    unknown: RefusedError | None = None
    for party in parties:
        try:
            return directory.account(party).account
        except RefusedError as refused:
            unknown = unknown or refused
    for place in (text[:_HEAD], PurePosixPath(file).stem.replace("_", " ")):
        ids = directory.accounts_named_in(place)
        if len(ids) == 1:
            return directory.accounts[next(iter(ids))]
    raise RefusedError("parties", unknown.reason if unknown else "no party is named that is a known account")
