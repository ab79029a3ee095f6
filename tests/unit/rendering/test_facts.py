"""Quotes of records as people read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.domain import accounts, contracts, deals, interactions, market, products, resources
from core.domain.base import Evidence, Record, System
from core.domain.claims import evidence_from
from core.domain.money import Money
from core.language import Lang
from hub.rendering.facts import facts_of, spoken
from hub.rendering.labels import load_labels

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MODULES = (accounts, contracts, deals, interactions, market, products, resources)


def records() -> Iterator[type[Record]]:
    for module in MODULES:
        yield from (
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
        )


@pytest.mark.parametrize("lang", Lang)
def test_every_field_of_every_record_has_a_label(lang: Lang) -> None:
    labels = load_labels(lang)
    hidden = {"id", "region", "audience", "account_id", "customer_id", "lang", "reply_to"}
    for kind in records():
        for name in set(kind.model_fields) - hidden:
            assert labels(f"fact_{name.removesuffix('_zh')}")


def test_amounts_shares_and_dates_are_written_for_people() -> None:
    rule = products.PricingRule(
        id="r", family="Pumps", max_discount_rep=Decimal("0.1"), max_discount_approved=Decimal("0.2"),
        play="Trade; volume: more", play_zh="量价",
    )  # fmt: skip
    price = products.Price(
        id="p", product_id="CP", unit_price=Money(amount=Decimal(1250), currency="EUR"), valid_to=date(2026, 12, 7)
    )
    english, chinese = load_labels(Lang.EN), load_labels(Lang.ZH)
    facts = dict(facts_of(english, evidence_from(rule, NOW)))
    assert facts["Discount, rep alone"] == "10%"
    assert facts["Pricing play"] == "Trade; volume: more"
    assert "价格策略：量价" in spoken(chinese, evidence_from(rule, NOW))
    assert "Valid to: 7 December 2026" in spoken(english, evidence_from(price, NOW))
    assert "1,250 欧元" in spoken(chinese, evidence_from(price, NOW))


@pytest.mark.parametrize("id_", ["memory:interaction:m#s1", "memory:passage:p", "crm:account:a"])
def test_somebodys_own_words_stay_as_they_are(id_: str) -> None:
    quote = "We need it by May; price: 30 each" if "crm" in id_ else "name: that is what counts"
    if id_ == "memory:passage:p":
        quote = "Our words: name it"
    evidence = Evidence(id=id_, source=System.CRM, record="r", as_of=NOW, quote=quote)
    assert spoken(load_labels(Lang.EN), evidence) == quote
