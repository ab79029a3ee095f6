"""Names that nobody we know has: capitals, codes and runs of Chinese characters that requests are not made of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import rjieba

from agents.understanding.lexicon import (
    DATA,
    corrected,
    known_words,
    load_cues,
    own_cues,
    own_examples,
    own_words,
    read_examples,
)
from core.language import is_cjk

CODE = re.compile(
    r"(?<![A-Za-z0-9_@.-])(?=[A-Za-z0-9-]*\d)(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![A-Za-z0-9_@-])"
)
CONTRACT = re.compile(r"[A-Z]{1,6}-?(?:19|20)\d\d-\d{1,5}", re.IGNORECASE)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|k|m|mn|bn|d|h|pm|am|x|pcs|pc)|q[1-4]|h[12]|[a-z]?\d[a-z]?", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ][\wÀ-ɏ'&.-]*(?:\s(?:of|de|the|&|and)?\s?[A-ZÀ-Þ][\wÀ-ɏ'&.-]*)*")
_AFTER = re.compile(
    r"\b(?:at|with|for|of|about|from|to|on|in|is|does|has|account|customer|client|contact|visit|meet)\s$", re.IGNORECASE
)
_DOES = re.compile(r"(?<=\bto )[a-z]{4,} (?:the|a|an|our|my|their|them|it|this|that|these|those|us|him|her|your)\b")
_LOWER = re.compile(r"\b[a-zà-ɏ]{4,}(?:\s[a-zà-ɏ]{4,})?\b")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{4,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_LEADS = "给和跟与对去为帮向找在把将查看下那是问"
_FOLLOWS = "的谁有现目最那这在是归怎哪离处会要到买采合订联风电邮个总什为几和还，, ?？"
_TRADES = frozenset(
    [
        "科技",
        "新能源",
        "能源",
        "化工",
        "化学",
        "食品",
        "饮料",
        "包装",
        "汽车",
        "制药",
        "医药",
        "水务",
        "电气",
        "电子",
        "材料",
        "新材料",
        "重工",
        "机械",
        "机床",
        "钢铁",
        "特钢",
        "冶金",
        "光伏",
        "电池",
        "航空",
        "船舶",
        "玻璃",
        "陶瓷",
        "纺织",
        "造纸",
        "纸业",
        "酒业",
        "乳业",
        "糖业",
        "农化",
        "化肥",
        "日化",
        "照明",
        "家电",
        "电器",
        "半导体",
        "显示",
        "光电",
        "阀门",
        "五金",
        "装备",
        "精密",
        "公司",
        "集团",
        "股份",
        "有限公司",
        "工业",
        "制造",
        "重卡",
        "建材",
        "水泥",
        "石化",
        "香料",
    ]
)
_START = re.compile(r"(?:^|[.!?:;,，。？！\n]\s*)$")
_SMALL = frozenset(
    "我你您他她它们的了吗呢吧啊是有在和跟与给把对去来到看查问说讲想要能会可以请帮这那哪谁什么怎多少几个一二两三四五六七八九十百千万上下前后里外中大小新老好不没都也还就再先很最更只"
)
_LONGEST = 12


def find_unknown(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where the free parts of a text seem to name something unknown, as start and end."""

    def free(start: int, end: int) -> bool:
        return not any(start < stop and begin < end for begin, stop in taken)

    spans = [span for span in (*_latin(text), *_han(text)) if free(*span)]
    yield from spans


def find_codes(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has a code of letters and digits."""
    for match in CODE.finditer(text):
        if not _ORDINAL.fullmatch(match.group()):
            yield match.span()


def _latin(text: str) -> Iterator[tuple[int, int]]:
    for match in _CAPITALS.finditer(text):
        words = [word for word in re.split(r"[\s&]+", match.group()) if word]
        start = match.start()
        opens = bool(_START.search(text[:start]))
        while words and opens and _is_known(words[0]):
            start += len(words[0])
            start += len(text[start : match.end()]) - len(text[start : match.end()].lstrip(" &"))
            words, opens = words[1:], False
        if not words:
            continue
        named = text[start : match.end()].rstrip(" .'&-")
        named = re.sub(r"'s$", "", named)
        # Within a sentence a capital makes a name; "Northmere" is no misspelt "northern" there.
        strange = any(not _is_known(word, misspelt=not start) for word in words)
        if strange and len(named) > 2:
            yield start, start + len(named)
    for match in _LOWER.finditer(text):
        first = match.group().split()[0]
        if _DOES.match(text, match.start()):
            # "to defend the deal" names nobody.
            continue
        if _AFTER.search(text[: match.start()]) and not _is_known(first):
            both = match.group().split()
            end = match.end() if len(both) == 1 or not _is_known(both[1]) else match.start() + len(first)
            yield match.start(), end


def _is_known(word: str, *, misspelt: bool = True) -> bool:
    low = re.sub(r"'s$", "", word.lower()).strip(".'-&")
    if not low or low in known_words() or (low.endswith("s") and low[:-1] in known_words()):
        return True
    parts = [part for part in low.split("-") if part]
    if len(parts) > 1:
        return all(part in known_words() for part in parts)
    return misspelt and len(low) > 3 and corrected(low) != low


@cache
def known_han() -> frozenset[str]:
    """Chinese words that requests are made of."""
    return _words_of(read_examples("zh"), load_cues()[0])


@cache
def _own_han() -> frozenset[str]:
    """Chinese words of requests that can be done."""
    return _words_of(own_examples("zh"), own_cues())


def _words_of(examples: str, cues: Iterable[str]) -> frozenset[str]:
    texts = [examples, *((DATA / name).read_text("utf-8") for name in ("subjects.zh.txt", "words.zh.txt"))]
    pieces = [piece for text in texts for piece in _HAN_RUN.findall(text)] + [cue for cue in cues if is_cjk(cue[0])]
    words = {word for piece in pieces for word in rjieba.cut(piece)} | set(pieces)
    return frozenset(word for word in words if len(word) <= _LONGEST)


def _han(text: str) -> Iterator[tuple[int, int]]:
    for run in _HAN_RUN.finditer(text):
        place = run.start()
        begin: int | None = None
        for word in (*rjieba.cut(run.group()), ""):
            strange = bool(word) and word not in known_han() and not _SMALL.issuperset(word)
            if strange and begin is None:
                begin = place
            elif not strange and begin is not None and word not in _TRADES:
                if place - begin > 1 and _names(text, begin, place):
                    yield begin, place
                begin = None
            place += len(word)


def _names(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip(), text[end : end + 1]
    led = not before or before[-1] in _LEADS or not is_cjk(before[-1])
    return led and (not after or after in _FOLLOWS or not is_cjk(after))


def has_strange_words(text: str) -> bool:
    """Whether a text has words that requests which can be done are not made of, wherever they stand."""
    # Only words of the dictionary: guessed ones are mostly two words of ours.
    parts = (word for run in _HAN_RUN.findall(text) for word in rjieba.cut(run, False))
    if any(len(word) > 1 and word not in _own_han() and not _SMALL.issuperset(word) for word in parts):
        return True
    return any(not _is_own(word) for word in _LATIN_WORD.findall(text))


def _is_own(word: str) -> bool:
    low = word.lower()
    if low in own_words() or low.removesuffix("s") in own_words():
        return True
    return word.islower() and corrected(low) != low
