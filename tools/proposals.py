"""What every write tool hands over: the resolved payload with all that policy and people need to judge it."""

from collections.abc import Iterable
from decimal import Decimal

from core.domain.accounts import Account, Contact
from core.domain.contracts import Contract
from core.domain.deals import Opportunity
from core.domain.effects import EffectFacts, Proposal, RiskClass
from core.domain.money import Money
from core.domain.payloads import CreateContact, Payload, UpdateContact
from core.domain.previews import preview_of
from core.domain.products import Product, StockLine
from core.policy.field_rights import Rights, combined, readers_of, rights_told

Cited = Opportunity | Product | Contract | Contact


def build_proposal(
    payload: Payload,
    account: Account,
    risk: RiskClass,
    *,
    about: Iterable[Cited | None] = (),
    amount: Money | None = None,
    discount: Decimal | None = None,
    stock: StockLine | None = None,
    clause: str | None = None,
) -> Proposal:
    """The proposal; `about` are the records that the payload cites, `amount` and `discount` what is at stake.

    It is for those who may see each of these records.
    """
    cited = [record for record in about if record is not None]
    facts = EffectFacts(
        operation=payload.operation,
        amount_cny=amount.in_cny() if amount else None,
        discount=discount,
        region=account.region,
        customer_class=account.customer_class,
    )
    names = {(_field(record), record.id): _name(record) for record in cited}
    told = [rights_told(record) for record in (*cited, stock) if record is not None]
    region, audience = combined([*told, *_personal(payload)])
    preview = preview_of(payload, names=names, stock=stock, clause=clause)
    return Proposal(payload=payload, risk=risk, facts=facts, preview=preview, region=region, audience=audience)


def _personal(payload: Payload) -> list[Rights]:
    """For whom the ways to reach a person are, where the payload holds any."""
    match payload:
        case UpdateContact(changes=fields) | (CreateContact() as fields):
            return [(None, readers_of(Contact.kind))] if fields.email or fields.phone else []
        case _:
            return []


def _field(record: Cited) -> str:
    return f"{record.kind}_id"


def _name(record: Cited) -> str:
    return record.title if isinstance(record, Contract) else record.name
