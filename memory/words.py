"""Words of a text, for finding passages by the words they share with a query."""

import re
import unicodedata
from datetime import datetime

# Months share one word in both languages, so that “三月”, “3月”, “March” and 2026-03-05 meet; so do days of a month.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH = rf"{_LONG}|sept|{'|'.join(_MONTHS)}"
_HAN_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_VERBS = ("may", "march")
_HAN = r"\u3400-\u9fff"
_LETTER = rf"[^\W{_HAN}]"

_TOKEN = re.compile(
    rf"""
    (?P<iso>\b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b)
  | (?P<zh_date>(?:\d{{4}}\s?年\s?)?(?<!\d)(?:1[0-2]|0?[1-9])\s?月(?:\s?\d{{1,2}}\s?[日号])?|\d{{4}}\s?年)
  | (?P<zh_month>(?:十[一二]?|[一二三四五六七八九])月)
  | (?P<day_first>\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH})\b)
  | (?P<month_first>\b(?:{_MONTH})\b(?:\.?\s\d{{1,2}}\b(?!\d))?)
  | (?P<han>[{_HAN}]+)
  | (?P<number>\d+(?:[.,]\d+)*(?!{_LETTER}|-))
  | (?P<word>{_LETTER}+(?:[-/.']{_LETTER}+)*)
    """,
    re.VERBOSE,
)
_CODE_PARTS = re.compile(r"\d+|[^\W\d_]+")
_EMPTY_EN = """
a an and are as at be been but by can did do does for from had has have he her his how i if in into is it its me my of
on or our she so that the their them then there they this to us was we were what when where which who why will with
would you your
"""
_EMPTY_ZH = """
的 了 是 在 我 我们 你 你们 他 她 它 他们 这 那 和 与 就 也 都 吗 呢 吧 啊 把 被 对 很 会 要 有 什么 怎么 哪些 哪 个
请 请问
"""
_EMPTY = frozenset([*_EMPTY_EN.split(), *_EMPTY_ZH.split()])


def words(text: str) -> list[str]:
    """The words of a text in order, in a form that is the same for all spellings of the word.

    Latin words in lower case without plural and verb endings, Chinese segmented as for a search engine, numbers
    without thousands separators, product codes whole and in parts (`HX-200`: hx200, hx, 200), dates as year, month and
    day. Words that carry no meaning are left out.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text).lower().replace("’", "'")):
        token = match.group()
        match match.lastgroup:
            case "han":
                found += _segmented(token)
            case "number":
                found.append(token.replace(",", ""))
            case "word":
                found += _latin(token)
            case _:
                found += _dated(token)
    return [word for word in found if word not in _EMPTY]


def date_words(at: datetime) -> list[str]:
    """The words by which a query names the day `at`."""
    return [str(at.year), f"month{at.month}", f"day{at.month}/{at.day}"]


def _latin(token: str) -> list[str]:
    if token in _EMPTY:
        return []
    token = token.partition("'")[0]
    if token.isalpha() and not any(map("-/._".__contains__, token)):
        return [_stem(token)]
    parts = _CODE_PARTS.findall(token)
    if not any(map(str.isdigit, parts)):
        return [_stem(part) for part in parts]
    return [re.sub(r"\W|_", "", token), *parts] if len(parts) > 1 else parts


def _stem(word: str) -> str:
    """The word without its most frequent English endings: Harman's S stemmer, then -ing and -ed.

    Harman (1991), How effective is suffixing?, JASIS 42(1).
    """
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("es") and len(word) > 4 and word[-3] in "sxz":
        word = word[:-2]
    elif word.endswith("s") and len(word) > 3 and word[-2] not in "us":
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            return word[:-1] if word[-1] == word[-2] and word[-1] not in "lsz" else word
    return word.removesuffix("e") if len(word) > 4 else word


def _dated(token: str) -> list[str]:
    """Year, month and day of a date as it is written."""
    numbers = [int(number) for number in re.findall(r"\d+", token)]
    if not numbers and token in _VERBS:
        return []
    if month := re.search(_MONTH, token):
        numbers.insert(0, _MONTHS.index(month.group()[:3]) + 1)
    elif not numbers:
        numbers = [_HAN_MONTHS.index(token.removesuffix("月")) + 1]
    found = [str(numbers.pop(0))] if numbers[0] > 12 else []
    if numbers:
        found.append(f"month{numbers[0]}")
    if len(numbers) > 1:
        found.append(f"day{numbers[0]}/{numbers[1]}")
    return found


def _segmented(text: str) -> list[str]:
    """Chinese words, long ones also in parts."""
    import rjieba  # noqa: PLC0415 - loading its dictionary takes a tenth of a second, which English need not pay

    return rjieba.cut_for_search(text)
