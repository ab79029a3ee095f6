"""The vendor's own rules: who approves what, and how far a price may go down."""

from demo.catalogue import FAMILIES
from demo.grammar import TEXTS

APPROVAL_RULES = TEXTS / "approval_rules.csv"

PRICING_HEADINGS = (
    "Rule", "Product Family", "Customer Class", "Min Quantity", "Max Discount % (rep)",
    "Max Discount % (with approval)", "Play", "Play (Chinese)",
)  # fmt: skip

# Per class: what a rep may give alone, and with approval; large quantities add to the latter. The approval rules begin
# where the rep ends (`approval_rules.csv`).
_LIMITS = {"A": (8, 18), "B": (6, 15), "C": (4, 10)}
_LARGE = {"pumps": 10, "compressors": 5, "robots": 5, "drives": 20, "vacuum": 5, "service": 20}
_PLAYS = {
    "pumps": ("Sell seal life: bundle a seal kit instead of a lower price", "卖密封寿命：送机封备件包，不降价"),
    "compressors": ("Sell energy: guarantee the specific power", "卖能效：比功率写进合同"),
    "robots": ("Sell the trial in the test hall", "卖试验：拿客户工件到试验车间实测"),
    "drives": ("Bundle commissioning and spares", "捆绑调试和备件"),
    "vacuum": ("Guarantee the pump-down time", "保证抽气时间"),
    "service": ("Offer three years at a fixed price", "三年锁价"),
}
_VOLUME_PLAY = ("Volume step: second lot at the same price within twelve months", "量价阶梯：十二个月内二期同价")


def pricing_rules() -> list[tuple[str | int, ...]]:
    """Rows of the pricing rules: per family and class, for usual and for large quantities."""
    rows: list[tuple[str | int, ...]] = []
    for family, (label, _) in FAMILIES.items():
        for grade, (rep, approved) in _LIMITS.items():
            rows.append((f"PR-{len(rows) + 1:02d}", label, grade, 1, rep, approved, *_PLAYS[family]))
            if grade != "C":
                rows.append((f"PR-{len(rows) + 1:02d}", label, grade, _LARGE[family], rep, approved + 2, *_VOLUME_PLAY))
    return rows
