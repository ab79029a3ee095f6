"""What a conversation is about after a message."""

from collections.abc import Sequence

from agents.understanding.dialogue import Focus
from agents.understanding.frame import Draft, Frame
from agents.understanding.names import Kind


def next_focus(before: Focus, drafts: Sequence[Draft], whole: Frame) -> Focus:
    """What the next message is about: what this one named, else what the last ones did."""
    names = whole.names
    named = [
        sign.mention for sign in whole.of(Kind.ACCOUNT) if sign.mention and len(sign.mention.ids(Kind.ACCOUNT)) == 1
    ]
    account = named[-1].ids(Kind.ACCOUNT)[0] if named else None
    deal = contact = None
    products: tuple[str, ...] = ()
    for draft in drafts:
        args = draft.args
        account = args.get("account_id") or args.get("account") or account
        deal = args.get("opportunity_id") or args.get("deal") or deal
        contact = args.get("contact_id") or args.get("person_id") or args.get("contact") or contact
        said = args.get("product_ids") or [args.get("product_id") or args.get("product")]
        products = tuple(each for each in said if each in names.products) or products
    deal = deal if deal in names.opportunities else None
    contact = contact if contact in names.contacts else None
    if account is None and deal is not None:
        account = names.opportunities[deal].account_id
    if account is None and contact is not None:
        account = names.contacts[contact].account_id
    account = account if account in names.accounts else None
    moved = account is not None and account != before.account_id
    return Focus(
        account_id=account or before.account_id,
        opportunity_id=deal or (None if moved else before.opportunity_id),
        contact_id=contact or (None if moved else before.contact_id),
        product_ids=products or before.product_ids,
        quantity=next((draft.args["quantity"] for draft in drafts if "quantity" in draft.args), None)
        or (None if products and products != before.product_ids else before.quantity),
    )
