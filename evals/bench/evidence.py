"""An independent check that evidence exists, may be seen, and says what it is quoted to say.

It reads all records of the tenant with every right and decides by a rule of its own what a reader may see, so that a
mistake in the queries under test cannot hide itself.
"""

import re
from datetime import UTC, datetime, time

from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.base import Record
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.interactions import Interaction
from core.domain.market import MarketNote
from core.domain.packages import Package
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.identity import Caller, Role, local_owner
from hub.installation import Platform

FAULTS = ("missing", "invisible", "altered", "later")

_KINDS: tuple[type[Record], ...] = (
    Account, Contact, SalesPerson, Opportunity, Order, Product, StockLine, Price, PricingRule, Contract, ApprovalRule,
    MarketNote, Expert, ReferenceCase,
)  # fmt: skip
_SENTENCE = re.compile(r"#s\d+$")


class Archive:
    """All records of a tenant by evidence id."""

    def __init__(self, platform: Platform, tenant: str) -> None:
        everything = local_owner(tenant)
        self._records: dict[str, Record] = {}
        with platform.store.read() as unit:
            for kind in _KINDS:
                self._keep(unit.records.find(everything, kind))
            for account in unit.records.find(everything, Account):
                self._keep(unit.interactions.for_account(everything, account.id))

    def _keep(self, found: list[Record] | list[Interaction]) -> None:
        self._records.update((record.evidence_id, record) for record in found)

    def faults(self, package: Package, reader: Caller) -> list[str]:
        """One of FAULTS for each evidence id at fault, whether a claim or a section's data cites it."""
        cited = {evidence_id: None for claim in package.claims for evidence_id in claim.evidence}
        found = (self._fault(package, reader, evidence_id) for evidence_id in {**cited, **package.evidence})
        return [fault for fault in found if fault is not None]

    def _fault(self, package: Package, reader: Caller, cited: str) -> str | None:
        record_id = _SENTENCE.sub("", cited)
        record = self._records.get(record_id)
        if record is None or cited not in package.evidence:
            return "missing"
        if not self.visible(record, reader):
            return "invisible"
        until = datetime.combine(package.visit_on, time.max, UTC) if package.visit_on else None
        if isinstance(record, Interaction) and until is not None and record.at > until:
            return "later"
        quote = package.evidence[cited].quote
        text = record.text if isinstance(record, Interaction) and record_id != cited else record.quote()
        return None if quote and quote in text else "altered"

    def visible(self, record: Record, reader: Caller) -> bool:
        """Whether the reader may see the record and the account it belongs to."""
        account = self._records.get(f"crm:account:{record.account}")
        return _open_to(record, reader) and (account is None or _open_to(account, reader))


def _open_to(record: Record, reader: Caller) -> bool:
    if record.region is not None and reader.regions is not None and record.region not in reader.regions:
        return False
    return not record.audience or Role.ADMIN in reader.roles or any(role in reader.roles for role in record.audience)
