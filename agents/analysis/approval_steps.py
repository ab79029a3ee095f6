"""The compliance approval path of the leading deal."""

from dataclasses import dataclass
from decimal import Decimal

from agents.analysis.price_quotes import asked_discount, offered_price
from core.domain.accounts import Account
from core.domain.contracts import ApprovalRule, ClauseKind
from core.domain.deals import Opportunity
from core.domain.money import plausible_money
from core.domain.views.operations import Quote
from core.policy.approvals import ApprovalFacts, approval_path


@dataclass(frozen=True, slots=True)
class DealPath:
    """The rules that apply to `deal`, in order.

    `discount` is the one the path was worked out for. When the asked one is beyond what anybody may approve, it is
    `forbidden` and the path is that of the most that may be approved, `limit`.
    """

    deal: Opportunity
    amount_cny: Decimal | None
    asked: Decimal | None
    discount: Decimal
    limit: Decimal | None
    rep_limit: Decimal | None
    rules: tuple[ApprovalRule, ...]

    @property
    def forbidden(self) -> bool:
        """Whether nobody may approve the discount asked for."""
        return self.asked is not None and self.limit is not None and self.asked > self.limit

    @property
    def unapproved(self) -> bool:
        """Whether the discount needs approval and no rule on discounts names who gives it."""
        beyond_rep = self.discount > (self.rep_limit or Decimal(0))
        return beyond_rep and not any(rule.min_discount is not None for rule in self.rules)


def rules_for_offer(
    rules: tuple[ApprovalRule, ...],
    account: Account,
    deal: Opportunity,
    quote: Quote,
    clauses: frozenset[ClauseKind] | None,
) -> tuple[ApprovalRule, ...]:
    """The rules that apply to `deal` at the price that is offered, which may differ from the one asked for.

    Raises PolicyError when a rule cannot be applied.
    """
    priced = offered_price(quote)
    offered = (priced.unit_price or quote.unit_price).times(quote.quantity)
    amounts = [money.in_cny() for money in (offered, plausible_money(deal.amount)) if money]
    amount = max((each for each in amounts if each is not None), default=None)
    return approval_path(rules, _facts(account, deal, amount, priced.discount, clauses))


def find_path(
    rules: tuple[ApprovalRule, ...],
    account: Account,
    deal: Opportunity,
    quote: Quote | None,
    clauses: frozenset[ClauseKind] | None,
) -> DealPath:
    """The approval path of `deal`; `quote` is the one of its product, None when there is none.

    Raises PolicyError when a rule cannot be applied.
    """
    money = plausible_money(deal.amount)
    if money is None and quote is not None:
        money = quote.unit_price.times(quote.quantity)
    amount = money.in_cny() if money else None
    asked = asked_discount(deal)
    known = quote is not None and quote.limits_known
    limit = quote.max_discount_approved if quote and known else None
    discount = min(asked or Decimal(0), Decimal(1) if limit is None else limit)
    if quote is not None and amount is not None and (asked or 0) > discount:
        # The CRM's amount supposes a discount that will not be given, so the deal will be worth more.
        allowed = quote.unit_price.times(quote.quantity).times(1 - discount).in_cny()
        amount = max(amount, allowed or amount)
    facts = _facts(account, deal, amount, discount, clauses)
    rep_limit = quote.max_discount_rep if quote and known else None
    return DealPath(deal, amount, asked, discount, limit, rep_limit, approval_path(rules, facts))


def _facts(
    account: Account,
    deal: Opportunity,
    amount: Decimal | None,
    discount: Decimal,
    clauses: frozenset[ClauseKind] | None,
) -> ApprovalFacts:
    return ApprovalFacts(
        amount_cny=amount,
        discount=discount,
        region=account.region or deal.region,
        customer_class=account.customer_class,
        clauses=clauses,
        country=account.country,
    )
