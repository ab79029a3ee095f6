"""What every write tool hands over: the resolved payload with all that policy and people need to judge it."""

from collections.abc import Iterable
from decimal import Decimal

from core.domain.accounts import Account
from core.domain.contracts import Contract
from core.domain.deals import Opportunity
from core.domain.effects import EffectFacts, Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import Payload
from core.domain.previews import preview_of
from core.domain.products import Product, StockLine


def build_proposal(
    payload: Payload,
    account: Account,
    risk: RiskClass,
    *,
    about: Iterable[Opportunity | Product | Contract | None] = (),
    amount: Money | None = None,
    discount: Decimal | None = None,
    stock: StockLine | None = None,
    clause: str | None = None,
) -> Proposal:
    """The proposal; `about` are the records that the payload cites, `amount` and `discount` what is at stake."""
    facts = EffectFacts(
        operation=payload.operation,
        amount_cny=amount.in_cny() if amount else None,
        discount=discount,
        region=account.region,
        customer_class=account.customer_class,
    )
    names = {(_field(record), record.id): _name(record) for record in about if record is not None}
    preview = preview_of(payload, names=names, stock=stock, clause=clause)
    return Proposal(payload=payload, risk=risk, facts=facts, preview=preview)


def _field(record: Opportunity | Product | Contract) -> str:
    return f"{record.kind}_id"


def _name(record: Opportunity | Product | Contract) -> str:
    return record.title if isinstance(record, Contract) else record.name
