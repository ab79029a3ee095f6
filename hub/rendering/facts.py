"""The quote of a record, which is written for programs, as labelled facts for people."""

import re
from datetime import date, datetime
from decimal import Decimal

from core.domain.base import Evidence
from core.domain.money import Money
from core.language import Lang
from hub.rendering.labels import Labels

_FIELD = re.compile(r"(?:^|; )([a-z][a-z_]*): ")
_CLAUSE = re.compile(r"kind \w+, (?:heading ([^,;]*), )?text ")
_PERIOD = re.compile(r"first (\S+), last ([^\s;]+)")
_MONEY = re.compile(r"([A-Z]{3}) (-?\d+(?:\.\d+)?)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HIDDEN = {"account_id", "customer_id", "lang", "reply_to"}
_CHINESE = "_zh"
_YES_NO = {"True": "yes", "False": "no"}


def facts_of(labels: Labels, evidence: Evidence) -> list[tuple[str, str]]:
    """Label and value of each fact; empty when the quote is somebody's own words, shown as they stand."""
    found = _fields(labels, evidence)
    if not found:
        return []
    zh = labels.lang is Lang.ZH
    said = {name.removesuffix(_CHINESE) for name in found if name.endswith(_CHINESE)} if zh else set()
    shown = {
        name: value
        for name, value in found.items()
        if name not in _HIDDEN and name not in said and (zh or not name.endswith(_CHINESE))
    }
    return [
        (_label(labels, evidence, name.removesuffix(_CHINESE)), _value(labels, name, value))
        for name, value in shown.items()
    ]


def spoken(labels: Labels, evidence: Evidence) -> str:
    """The quote as one text for people."""
    facts = facts_of(labels, evidence)
    return labels.chain(labels.pair(name, value) for name, value in facts) if facts else evidence.quote


def _fields(labels: Labels, evidence: Evidence) -> dict[str, str]:
    marks = [found for found in _FIELD.finditer(evidence.quote) if _is_known(labels, found[1])]
    if "#" in evidence.id or not marks or marks[0].start() != 0:
        return {}
    ends = [*(mark.start() for mark in marks[1:]), len(evidence.quote)]
    fields: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        value = evidence.quote[mark.end() : end]
        # A text may itself contain what looks like a field that was already there.
        fields.setdefault(mark[1], value)
    return fields


def _is_known(labels: Labels, name: str) -> bool:
    return name in _HIDDEN or (f"fact_{name.removesuffix(_CHINESE)}", labels.lang) in labels.book.phrases


def _label(labels: Labels, evidence: Evidence, name: str) -> str:
    """What a field is called: by this kind of record, or by all."""
    kind = evidence.id.split(":")[1] if evidence.id.count(":") > 1 else ""
    special, usual = f"fact_{kind}_{name}", f"fact_{name}"
    return labels(special if (special, labels.lang) in labels.book.phrases else usual)


def _value(labels: Labels, name: str, value: str) -> str:
    try:
        return _written(labels, name, value)
    except (TypeError, ValueError, ArithmeticError):
        # It only looked like an amount or a date.
        return value


def _written(labels: Labels, name: str, value: str) -> str:
    filters = labels.filters
    if "discount" in name:
        return filters["percent"](Decimal(value))
    if amount := _MONEY.fullmatch(value):
        return filters["money"](Money(amount=Decimal(amount[2]), currency=amount[1]))
    if _DAY.match(value):
        return (
            filters["moment"](datetime.fromisoformat(value))
            if "T" in value
            else filters["date"](date.fromisoformat(value))
        )
    if name == "clauses":
        return _CLAUSE.sub(lambda found: labels.pair(found[1], "") if found[1] else "", value)
    return labels(_YES_NO[value]) if value in _YES_NO else _PERIOD.sub(r"\1 – \2", value)
