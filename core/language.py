"""The two working languages and how to tell them apart."""

from enum import StrEnum


class Lang(StrEnum):
    """A language the hub reads and writes."""

    EN = "en"
    ZH = "zh"


_CJK_SHARE = 0.2


def is_cjk(char: str) -> bool:
    """Whether `char` is a Han ideograph of the Unicode basic or extension A block."""
    return "\u3400" <= char <= "\u9fff"


def detect_language(text: str) -> Lang:
    """Chinese when at least a fifth of the letters are Han, else English (also for empty text).

    One Han character carries about as much as a short English word, hence the low share.
    """
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return Lang.EN
    han = sum(is_cjk(char) for char in letters)
    return Lang.ZH if han / len(letters) >= _CJK_SHARE else Lang.EN
