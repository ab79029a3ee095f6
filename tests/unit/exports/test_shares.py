from decimal import Decimal

import pytest
from openpyxl import Workbook

from connectors.exports.numbers import NumberError
from connectors.exports.shares import share_column
from core.domain.contracts import ApprovalRule
from core.domain.deals import Opportunity
from core.domain.products import PricingRule
from tests.unit.exports.conftest import Reader, Result
from tests.unit.exports.test_tables import saved


def column(heading: str, *cells: str, limit: bool = False) -> list[str]:
    """Every cell of a column as a fraction, or `refused`."""
    notes: list[str] = []
    shares = share_column(heading, cells, notes.append, limit=limit)

    def read(cell: str) -> str:
        try:
            return str(shares.parse(cell).normalize() + 0)
        except NumberError:
            return "refused"

    return [*map(read, cells), *(["noted"] if notes else [])]


@pytest.mark.parametrize("heading", ["Discount", "折扣", "Max Discount (%)"])
@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("12%", "0.12"),
        ("12％", "0.12"),
        ("8折", "0.2"),
        ("85折", "0.15"),
        ("8.5折", "0.15"),
        ("九五折", "0.05"),
        ("10折", "0"),
        ("95折", "0.05"),
        ("9.5 折", "0.05"),
        ("八折", "0.2"),
        ("5%", "0.05"),
        ("0", "0"),
    ],
)
def test_discounts_are_fractions_off(heading: str, text: str, share: str) -> None:
    assert share_column(heading, [text], lambda note: None).parse(text) == Decimal(share)


@pytest.mark.parametrize("heading", ["Discount (%)", "Discount Percent", "折让（百分比）", "Discount pct"])
def test_a_percent_sign_in_the_heading_means_of_hundred_whatever_the_values(heading: str) -> None:
    assert column(heading, "0.5", "1", "1.5%") == ["0.005", "0.01", "0.015"]


def test_bare_numbers_up_to_one_are_fractions_and_noted() -> None:
    assert column("Discount", "0.05", "0", "1") == ["0.05", "0", "1", "noted"]
    assert column("Discount", "0.5", "12") == ["0.005", "0.12"]


def test_bare_numbers_up_to_one_beside_percentages_are_refused() -> None:
    assert column("Discount", "8%", "0.5", "0") == ["0.08", "refused", "0"]


def test_a_limit_is_not_guessed() -> None:
    assert column("Max Discount Rep", "0", "1", "0.5", limit=True) == ["0", "refused", "refused"]
    assert column("Max Discount Rep", "0.5", "8", limit=True) == ["0.005", "0.08"]
    assert column("销售折扣上限", "8.5", "95", "95%", "9折", limit=True) == ["0.085", "refused", "refused", "0.1"]


@pytest.mark.parametrize("text", ["120%", "-5%", "120", "101", "0折", "-3"])
@pytest.mark.parametrize("heading", ["Discount", "Discount %", "折扣"])
def test_a_share_outside_0_to_100_percent_is_refused(heading: str, text: str) -> None:
    with pytest.raises(NumberError):
        share_column(heading, [text, "5"], lambda note: None).parse(text)


@pytest.mark.parametrize(
    ("cell", "share"),
    [("0.95", "0.05"), ("8.5", "0.15"), ("9.5", "0.05"), ("1", "0"), ("12", "0.12"), ("0.05", "0.05")],
)
def test_a_bare_number_under_the_chinese_word_is_mostly_what_is_paid_and_noted(cell: str, share: str) -> None:
    assert column("折扣", cell) == [share, "noted"]
    assert column("折扣率", cell) == [share, "noted"]


@pytest.mark.parametrize("cell", ["95", "50", "95%", "50%", "3", "10"])
def test_what_may_be_paid_or_taken_off_is_refused(cell: str) -> None:
    assert column("折扣", cell) == ["refused"]


def test_a_column_that_mixes_notations_refuses_what_its_other_values_put_in_doubt() -> None:
    assert column("折扣", "12", "8.5") == ["refused", "refused"]
    assert column("折扣", "0.95", "0.2") == ["0.05", "refused", "noted"]


def test_what_says_taken_off_is_taken_off() -> None:
    assert column("优惠", "8.5", "5") == ["0.085", "0.05"]
    assert column("折扣优惠", "8.5") == ["0.085"]
    assert column("折扣（%）", "8.5", "95") == ["0.085", "refused"]


def deals(read: Reader, heading: str, *cells: str) -> Result:
    rows = "".join(f'O{index},Acme,Proposal,"{cell}"\n' for index, cell in enumerate(cells))
    return read({"deals.csv": f"Opportunity ID,Account Name,Stage,{heading}\n{rows}"})


def discounts(result: Result) -> list[Decimal | None]:
    return [deal.discount for deal in result.records if isinstance(deal, Opportunity)]


def test_a_number_with_two_marks_does_not_stop_the_import(read: Reader) -> None:
    result = deals(read, "Discount", "1,000.5", "5")
    assert discounts(result) == [Decimal("0.05")]
    assert [(row, field) for row, field, _ in result.refused] == [(2, "Discount")]


def test_an_ambiguous_discount_is_refused_with_the_remedy(read: Reader) -> None:
    [(_, field, reason)] = deals(read, "折扣", "95%").refused
    assert field == "折扣"
    assert "write what is taken off" in reason


def test_pricing_rules_take_the_percent_sign_of_their_heading_and_refuse_a_guess(read: Reader) -> None:
    rules = "Rule,Max Discount Rep{0},Max Discount Approved{0}\nR1,0.5,1\n"
    [rule] = read({"pricing_rules.csv": rules.format(" (%)")}).records
    assert isinstance(rule, PricingRule)
    assert (rule.max_discount_rep, rule.max_discount_approved) == (Decimal("0.005"), Decimal("0.01"))
    result = read({"pricing_rules.csv": rules.format("")})
    assert result.records == []
    assert "percent sign" in result.refused[0][2]


def test_the_amounts_of_approval_rules_follow_their_heading(read: Reader) -> None:
    text = "规则,部门,审批角色,顺序,最低金额（万元）,最高金额（万元）\nR1,sales,总监,1,50,200万\n"
    [rule] = read({"审批.csv": text}).records
    assert isinstance(rule, ApprovalRule)
    assert (rule.min_amount, rule.max_amount) == (Decimal(500_000), Decimal(2_000_000))


def test_a_workbooks_percentages_are_read_as_shown(read: Reader) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Opportunity ID", "Account Name", "Stage", "Discount %"])
    sheet.append(["O1", "Acme", "Proposal", 0.07])
    sheet.append(["O2", "Acme", "Proposal", 7])
    sheet["D2"].number_format = "0.0%"
    assert discounts(read({"deals.xlsx": saved(book)})) == [Decimal("0.07"), Decimal("0.07")]
