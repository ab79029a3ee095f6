"""What is wrong with a policy table, with a case that shows it."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.domain.base import Frozen


class FindingKind(StrEnum):
    """The ways in which a table can fail its company."""

    UNREADABLE = "unreadable"
    SILENT = "silent"
    GAP = "gap"
    OVERLAP = "overlap"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"
    NO_EXAMPLE = "no_example"
    WRONG_EXAMPLE = "wrong_example"
    TOO_LARGE = "too_large"


class Finding(Frozen):
    """One fault of the `rows` named. `case` is a concrete case in words, `facts` the same for programs."""

    kind: FindingKind
    rows: tuple[str, ...] = ()
    text: str
    text_zh: str
    case: str | None = None
    case_zh: str | None = None
    facts: dict[str, Any] | None = None


class Case(Frozen):
    """A case in words."""

    facts: dict[str, Any]
    en: str
    zh: str


_NAMES = {
    "operation": ("operation", "操作"),
    "amount_cny": ("amount", "金额"),
    "discount": ("discount", "折扣"),
    "region": ("region", "区域"),
    "customer_class": ("customer class", "客户等级"),
    "clauses": ("clauses", "条款"),
    "country": ("country", "国家"),
    "family": ("product family", "产品系列"),
    "quantity": ("quantity", "数量"),
}


def case_of(facts: Frozen, unknown: frozenset[str] = frozenset()) -> Case:
    """The facts that are known in words, and those of the `unknown` ones that are not."""
    named = {name: value for name, value in facts if value is not None or name in unknown}
    words = [(_NAMES[name], *_words(name, value)) for name, value in named.items()]
    return Case(
        facts=facts.model_dump(mode="json"),
        en=", ".join(f"{name[0]} {en}" for name, en, _ in words),
        zh="，".join(f"{name[1]} {zh}" for name, _, zh in words),
    )


def finding(kind: FindingKind, rows: tuple[str, ...], text: str, text_zh: str, case: Case | None = None) -> Finding:
    """A finding with the case that shows it."""
    if case is None:
        return Finding(kind=kind, rows=rows, text=text, text_zh=text_zh)
    return Finding(kind=kind, rows=rows, text=text, text_zh=text_zh, case=case.en, case_zh=case.zh, facts=case.facts)


def _words(name: str, value: Any) -> tuple[str, str]:
    if value is None:
        return "unknown", "未知"
    if name == "amount_cny":
        return f"CNY {value}", f"{value} 元"
    if name == "discount":
        percent = f"{(Decimal(value) * 100).normalize():f}%"
        return percent, percent
    if isinstance(value, frozenset):
        listed = ", ".join(sorted(value)) or "-"
        return listed, listed
    return str(value), str(value)
