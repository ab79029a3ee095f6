from decimal import Decimal

import pytest

from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.domain.money import Money
from tests.unit.exports.conftest import Reader


def test_headings_hint_at_currency_and_scale(read: Reader) -> None:
    text = "客户名称,年营业额（万元）\n海岳重工,350\n"
    [found] = read({"客户.csv": text}).records
    assert isinstance(found, Account)
    assert found.annual_revenue == Money(amount=Decimal(3_500_000), currency="CNY")


def test_a_data_dictionary_beside_the_tables_gives_units(read: Reader) -> None:
    result = read(
        {
            "accounts.csv": "account,revenue\nHorizon,1100.04\n",
            "data_dictionary.csv": "Table,Field,Description\naccounts,revenue,Annual revenue (in millions of USD)\n",
        }
    )
    [found] = result.records
    assert isinstance(found, Account)
    assert found.annual_revenue == Money(amount=Decimal("1100040000.00"), currency="USD")
    assert any("1,000,000" in note for note in result.notes)


@pytest.mark.parametrize(
    ("heading", "cell", "amount"),
    [
        ("Amount ($K)", "250", 250_000),
        ("Amount ($K)", "$250", 250_000),
        ("Amount (USD mn)", "1.5", 1_500_000),
        ("Amount (k)", "250", 250_000),
        ("Amount (M) (net)", "250", 250_000_000),
        ("Amount (bn)", "2", 2_000_000_000),
        ("Amount (USDk)", "250", 250_000),
        ("Amount ($000s)", "250", 250_000),
        ("金额（千元）", "250", 250_000),
        ("金额（亿元）", "2", 200_000_000),
        ("金额（万元）", "35", 350_000),
        ("金额（万元）", "35万", 350_000),
        ("金额（万元）", "1.2亿", 120_000_000),
        ("Amount ($K)", "$1.2M", 1_200_000),
    ],
)
def test_an_amount_takes_the_scale_of_its_heading_unless_it_has_its_own(
    read: Reader, heading: str, cell: str, amount: int
) -> None:
    [deal] = read({"deals.csv": f"Opportunity ID,Account Name,Stage,{heading}\nO1,Acme,Won,{cell}\n"}).records
    assert isinstance(deal, Opportunity)
    assert deal.amount is not None
    assert deal.amount.amount == amount
