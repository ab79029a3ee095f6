"""What was said without what only fills speech: hesitation, false starts, marks of the transcriber."""

import re

from core.language import Lang

_MARKS = re.compile(
    r"\{[^{}]{0,40}\}|\[[^\[\]]{0,40}\]|<[^<>]{0,40}>|\((?:laughs?|laughter|inaudible|crosstalk|笑|听不清)\)",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"(?:(?<=^)|(?<=[\s,.]))(?:u[hm]+|e[rh]+m?|h+m+|mm+|mm ?- ?h+m+|uh ?- ?huh|ah|oh|you know|i mean|sort of"
    r"|kind of|i guess)(?=[\s,.?!]|$)[ ,]*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:so|well|okay|ok|yeah|yes|right|and|but|now|alright|all right|anyway|basically|actually)\b[\s,.]*)+",
    re.IGNORECASE,
)
_SPACED = re.compile(r"\s+(?=[.,;:?!])")
_APOSTROPHE = re.compile(r"\s+(['’])(?=(?:s|re|ve|ll|d|m|t)\b)")
_HAN_FILLERS = re.compile(
    r"(?:嗯|呃|啊|哎|唉|诶|噢|哦|哈)+[，,、 ]*"
    r"|(?:对吧|是吧|对不对|是不是|你知道|怎么说呢)[，,？?、 ]*|就是说|的话(?=[，,])"
    r"|(?:^|(?<=[，,。]))(?:然后|那么|所以说|其实|那个|这个|就是)+[，,、 ]*|然后呢?[，,]?"
)
_HAN_REPEATED = re.compile(r"([\u4e00-\u9fff]{1,6}?)\1+(?=[\u4e00-\u9fff，,])")
_DOUBLED = frozenset("人天年家个常刚渐慢好多大小每看谢试说想谈聊明星")


def without_fillers(text: str, lang: Lang) -> str:
    """The sentence as minutes would quote it; never empty unless it holds nothing but fillers."""
    plain = " ".join(_MARKS.sub(" ", text).split())
    if lang is Lang.ZH:
        plain = _HAN_FILLERS.sub("", plain)
        return _HAN_REPEATED.sub(lambda found: found[0] if found[1] in _DOUBLED else found[1], plain).lstrip("，,、 ")
    plain = _FILLERS.sub("", plain)
    plain = _OPENING.sub("", plain)
    plain = " ".join(_once(plain.split()))
    plain = _APOSTROPHE.sub(r"\1", _SPACED.sub("", " ".join(plain.split()))).lstrip(",.;:-– ")
    return plain[:1].upper() + plain[1:]


def _once(words: list[str]) -> list[str]:
    """The words without what is said twice in a row, up to three words at a time: “I think I think it”."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for span in (1, 2, 3):
            if len(kept) >= 2 * span and _folded(kept[-span:]) == _folded(kept[-2 * span : -span]):
                del kept[-span:]
                break
    return kept


def _folded(words: list[str]) -> list[str]:
    return [word.casefold().strip(",.") for word in words]
