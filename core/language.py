"""The two working languages and how to tell them apart."""

import re
from enum import StrEnum


class Lang(StrEnum):
    """A language the hub reads and writes."""

    EN = "en"
    ZH = "zh"


_CJK_SHARE = 0.2
_WEIGHT = re.compile(r"q=(0(\.\d{0,3})?|1(\.0{0,3})?)")


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


def wished_language(accepted: str) -> Lang | None:
    """The language of ours that an `Accept-Language` wants most (RFC 9110, 12.5.4); None when it names neither.

    `zh-CN` and `zh-Hant` are Chinese; what weighs the same counts in the order given.
    """
    wishes: dict[Lang, float] = {}
    for wish in accepted.lower().split(","):
        tag, _, weight = (part.strip() for part in wish.partition(";"))
        said = _WEIGHT.fullmatch(weight)
        language = tag.partition("-")[0]
        if language in set(Lang) and (said is not None or not weight):
            wishes.setdefault(Lang(language), float(said[1]) if said else 1.0)
    wanted = max(wishes, key=lambda lang: wishes[lang], default=None)
    return wanted if wanted is not None and wishes[wanted] > 0 else None
