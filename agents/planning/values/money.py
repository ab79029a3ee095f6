"""Amounts with their currency: €1.2m · 40k USD · 20万元 · 一百二十万人民币."""

import re

from agents.planning.values.found import Found, apart
from agents.planning.values.numbers import read_numbers
from core.domain.money import Money

# The longer names first: 美元 would otherwise end as 元.
_CURRENCIES = (
    ("SGD", r"SGD|(?<!U)S\$|新加坡元|新币"),
    ("HKD", r"HKD|HK\$|港元|港币"),
    ("JPY", r"JPY|yen|日元"),
    ("USD", r"USD|US\$|\$|(?:US )?dollars?|bucks|美元|美金"),
    ("EUR", r"EUR|€|euros?|欧元"),
    ("GBP", r"GBP|£|pounds?(?: sterling)?|英镑"),
    ("CHF", r"CHF|Swiss francs?|瑞士法郎"),
    ("INR", r"INR|₹|rupees?|卢比"),
    ("CNY", r"CNY|RMB|¥|￥|yuan|人民币|块钱|元|块"),
)
_BEFORE = tuple((code, re.compile(rf"(?:{names})\s?$", re.IGNORECASE)) for code, names in _CURRENCIES)
_AFTER = tuple((code, re.compile(rf"\s?(?:{names})(?![a-z])", re.IGNORECASE)) for code, names in _CURRENCIES)
_GLUED = re.compile(r"([$€£¥￥₹]|USD|EUR|GBP|CNY|RMB)(?=\d)", re.IGNORECASE)


def read_money(text: str, currency: str | None = None) -> tuple[Found[Money], ...]:
    """The amounts of a text that name a currency; with `currency`, scaled numbers such as 20万 and 40k count in it."""
    found = []
    # A sign glued to its number would make the number part of a word.
    parted = _GLUED.sub(lambda match: match[0][:-1] + "\x00" if len(match[0]) > 1 else "\x00", text)
    for number in read_numbers(parted):
        start, end = number.start, number.end
        code = None
        for name, pattern in _BEFORE:
            if match := pattern.search(text[:start]):
                code, start = name, match.start()
                break
        if code is None:
            for name, pattern in _AFTER:
                if match := pattern.match(text, end):
                    code, end = name, match.end()
                    break
        scaled = not number.text[-1].isdigit() and number.value >= 1000
        if code is None and currency is not None and scaled:
            code = currency
        if code is not None:
            found.append(Found(Money(amount=number.value, currency=code), start, end, text[start:end]))
    return apart(found)
