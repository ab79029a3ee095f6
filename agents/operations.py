"""Agent `operations`: deals, stock, prices, contracts and the approval path, as the systems of record have them."""

from dataclasses import dataclass

from agents.analysis.approval_steps import find_path, rules_for_offer
from agents.analysis.compliance_claims import (
    approver_name,
    build_steps,
    say_approvals_unusable,
    say_contracts,
    say_default_table,
    say_nothing_to_approve,
    say_path,
)
from agents.analysis.contract_terms import build_terms, clauses_in_force
from agents.analysis.deals import Need, likely_needs, open_deals, plausible_quantity
from agents.analysis.operations_claims import (
    say_asked,
    say_deals,
    say_orders,
    say_prices,
    say_pricing_unusable,
    say_stock,
    say_unpriced,
)
from agents.analysis.price_quotes import asked_discount, build_quotes
from agents.analysis.stock_cover import build_covers, name_of
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account
from core.domain.contracts import ApprovalRule, ClauseKind, Contract
from core.domain.deals import Opportunity, Order, PipelineStage
from core.domain.money import plausible_money
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.views.operations import ApprovalStep, DealView, OperationsView, Quote
from core.language import Lang
from core.policy.decision import PolicyError
from core.policy.defaults import load_default_tables
from core.policy.list_price import last_expiry


class OperationsInput(AgentInput):
    """Records of one account; None means that the source could not be read, empty that it has none."""

    account: Account
    opportunities: tuple[Opportunity, ...] | None = None
    orders: tuple[Order, ...] | None = None
    products: tuple[Product, ...] | None = None
    stock: tuple[StockLine, ...] | None = None
    prices: tuple[Price, ...] | None = None
    pricing_rules: tuple[PricingRule, ...] | None = None
    contracts: tuple[Contract, ...] | None = None
    approval_rules: tuple[ApprovalRule, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Business:
    """What the records say before any rule is asked."""

    deals: tuple[Opportunity, ...]
    catalogue: dict[str, Product]
    needs: tuple[Need, ...]
    names: dict[str, str]


def run(given: OperationsInput) -> AgentOutput[OperationsView]:
    """The state of business with one account; every figure comes from a record or a rule."""
    note = Notebook("operations", given)
    business = _business(given)
    deals, needs, names = business.deals, business.needs, business.names
    covers = build_covers(needs, given.stock or (), business.catalogue, names, given.today)
    terms = build_terms(given.contracts or (), given.today)
    if given.opportunities is not None:
        say_deals(note, given.account, given.opportunities, deals)
    if given.orders is not None:
        say_orders(note, given.account, given.orders)
    if given.stock is not None and given.opportunities is not None:
        say_stock(note, given.account, needs, covers, names)
    quotes = _quotes(given, note, business)
    steps = _steps(given, note, deals, quotes)
    quotes = tuple(_with_approvers(given, note, deals, quote) for quote in quotes)
    if given.contracts is not None:
        say_contracts(note, given.account, terms)
    view = OperationsView(
        deals=tuple(_deal_view(deal) for deal in deals),
        won=_count(given.opportunities, PipelineStage.WON),
        lost=_count(given.opportunities, PipelineStage.LOST),
        last_order_on=max((order.ordered_on for order in given.orders or () if order.ordered_on), default=None),
        orders=len(given.orders or ()),
        covers=covers,
        quotes=quotes,
        contracts=terms,
        approval_path=steps,
    )
    return note.output(view)


def _business(given: OperationsInput) -> _Business:
    deals = open_deals(given.opportunities or ())
    catalogue = {product.id: product for product in given.products or ()}
    needs = likely_needs(deals, catalogue)
    chinese = given.lang is Lang.ZH
    names = {
        need.product_id: name_of(need.product_id, catalogue.get(need.product_id), chinese=chinese) for need in needs
    }
    return _Business(deals, catalogue, needs, names)


def _quotes(given: OperationsInput, note: Notebook, business: _Business) -> tuple[Quote, ...]:
    """Quotes with their claims; without rules that can be applied they stand at the list price."""

    def build(rules: tuple[PricingRule, ...] | None) -> tuple[Quote, ...]:
        return build_quotes(
            business.needs,
            account=given.account,
            prices=given.prices or (),
            rules=rules,
            own_rules=bool(given.pricing_rules),
            catalogue=business.catalogue,
            names=business.names,
            deals=business.deals,
            orders=given.orders or (),
            today=given.today,
            chinese=given.lang is Lang.ZH,
        )

    rules = load_default_tables().pricing if given.pricing_rules == () else given.pricing_rules
    try:
        quotes = build(rules)
    except PolicyError as error:
        say_pricing_unusable(note, given.account, error)
        quotes = build(None)
    say_prices(note, quotes, own=bool(given.pricing_rules))
    by_product = {quote.product_id: quote for quote in quotes}
    for need in business.needs:
        quote = by_product.get(need.product_id)
        if quote is not None:
            say_asked(note, quote, need.leading)
        elif quote is None and given.prices is not None:
            entries = [price for price in given.prices if price.product_id == need.product_id]
            say_unpriced(note, need, business.names[need.product_id], last_expiry(entries, given.today))
    return quotes


def _steps(
    given: OperationsInput, note: Notebook, deals: tuple[Opportunity, ...], quotes: tuple[Quote, ...]
) -> tuple[ApprovalStep, ...]:
    """The approval path of the leading deal with its claims; empty when it cannot be said."""
    if given.approval_rules is None or given.opportunities is None:
        return ()
    if not deals:
        say_nothing_to_approve(note, given.account)
        return ()
    own, rules, clauses = _approvals(given)
    quote = next((quote for quote in quotes if quote.opportunity_id == deals[0].id), None)
    try:
        path = find_path(rules, given.account, deals[0], quote, clauses)
    except PolicyError as error:
        say_approvals_unusable(note, deals[0], error)
        return ()
    steps = build_steps(note, path, own=own)
    say_path(note, path, steps, clauses_known=clauses is not None)
    if not own:
        say_default_table(note, deals[0])
    return steps


def _approvals(
    given: OperationsInput,
) -> tuple[bool, tuple[ApprovalRule, ...], frozenset[ClauseKind] | None]:
    """Whether the table is the company's own, the table, and the clauses in force."""
    rules = given.approval_rules or load_default_tables().approvals
    clauses = None if given.contracts is None else clauses_in_force(given.contracts, given.today)
    return bool(given.approval_rules), rules, clauses


def _with_approvers(given: OperationsInput, note: Notebook, deals: tuple[Opportunity, ...], quote: Quote) -> Quote:
    """The quote with those who must agree to its deal; without anybody when the approval table cannot be used."""
    deal = next((deal for deal in deals if deal.id == quote.opportunity_id), None)
    if given.approval_rules is None or deal is None:
        return quote
    own, rules, clauses = _approvals(given)
    try:
        needed = rules_for_offer(rules, given.account, deal, quote, clauses)
    except PolicyError:
        return quote
    names = dict.fromkeys(approver_name(note, rule, own=own) for rule in needed)
    return quote.model_copy(update={"approvers": tuple(names)})


def _deal_view(deal: Opportunity) -> DealView:
    return DealView(
        opportunity_id=deal.id,
        name=deal.name,
        stage=deal.stage,
        amount=plausible_money(deal.amount),
        close_on=deal.close_on,
        product_id=deal.product_id,
        quantity=plausible_quantity(deal.quantity),
        discount=asked_discount(deal),
        next_step=deal.next_step,
        evidence=deal.evidence_id,
    )


def _count(opportunities: tuple[Opportunity, ...] | None, stage: PipelineStage) -> int:
    return sum(deal.stage is stage for deal in opportunities or ())


SPEC = AgentSpec(
    name="operations",
    purpose="Deals, stock, prices, contracts and who must approve",
    input_model=OperationsInput,
    output_model=AgentOutput[OperationsView],
    run=run,
)
