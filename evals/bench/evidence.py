"""An independent check that evidence exists, may be seen, and says what it is quoted to say."""

import re

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.interactions import Interaction
from core.domain.market import MarketNote
from core.domain.packages import Package
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller, local_owner
from hub.platform import Platform

_KINDS: tuple[type[Record], ...] = (
    Account, Contact, SalesPerson, Opportunity, Order, Product, StockLine, Price, PricingRule, Contract, ApprovalRule,
    MarketNote, Expert, ReferenceCase,
)  # fmt: skip
_SENTENCE = re.compile(r"#s\d+$")


class Archive:
    """All records of the reader's tenant, read straight from the store with every right, and the reader's own view."""

    def __init__(self, platform: Platform, reader: Caller) -> None:
        self._platform = platform
        self._reader = reader
        self._all = self._read(local_owner(reader.tenant))
        self._visible = set(self._read(reader))

    def _read(self, caller: Caller) -> dict[str, Record]:
        records: dict[str, Record] = {}
        with self._platform.store.read() as unit:
            for kind in _KINDS:
                records.update((record.evidence_id, record) for record in unit.records.find(caller, kind))
            for account in unit.records.find(caller, Account):
                found = unit.interactions.for_account(caller, account.id)
                records.update((interaction.evidence_id, interaction) for interaction in found)
        return records

    def faults(self, package: Package) -> list[str]:
        """`missing`, `invisible` or `altered`, once for each claim and evidence id at fault."""
        faults = []
        for claim in package.claims:
            for cited in claim.evidence:
                fault = self._fault(package, cited)
                if fault:
                    faults.append(fault)
        return faults

    def _fault(self, package: Package, cited: str) -> str | None:
        record_id = _SENTENCE.sub("", cited)
        record = self._all.get(record_id)
        if record is None or cited not in package.evidence:
            return "missing"
        if record_id not in self._visible:
            return "invisible"
        quote = package.evidence[cited].quote
        text = record.text if isinstance(record, Interaction) and record_id != cited else record.quote()
        return None if quote in text else "altered"
