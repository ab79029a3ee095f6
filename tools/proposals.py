"""What every write tool hands over: the resolved payload with all that policy and people need to judge it."""

from collections.abc import Mapping
from decimal import Decimal

from core.domain.accounts import Account
from core.domain.effects import EffectFacts, Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import Payload
from core.domain.previews import preview_of
from core.domain.products import StockLine


def build_proposal(
    payload: Payload,
    account: Account,
    risk: RiskClass,
    *,
    amount: Money | None = None,
    discount: Decimal | None = None,
    names: Mapping[str, str] | None = None,
    stock: StockLine | None = None,
    clause: str | None = None,
) -> Proposal:
    """The proposal; `amount` and `discount` are what is at stake, `names` those of records cited, by id."""
    facts = EffectFacts(
        operation=payload.operation,
        amount_cny=amount.in_cny() if amount else None,
        discount=discount,
        region=account.region,
        customer_class=account.customer_class,
    )
    preview = preview_of(payload, names=names or {}, stock=stock, clause=clause)
    return Proposal(payload=payload, risk=risk, facts=facts, preview=preview)
