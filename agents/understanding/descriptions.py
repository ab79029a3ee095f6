"""Customers that are described and not named: by their trade, or by a part of their name."""

import re
from collections.abc import Iterable, Iterator, Sequence

from agents.understanding.names import Names
from core.language import is_cjk

_EN = re.compile(
    r"\b(?:the|a|an|our|that|this|one of the|some|my) (?P<trade>(?:[a-z&-]+ ){0,2}?[a-z&-]{3,}) "
    r"(?:company|customers?|account|clients?|firm|group|people|guys|plant|mill|maker|producer|manufacturer|one"
    r"|works|factory)\b"
    r"|\b(?:at|for|with|of|from) (?:the |our )(?P<bare>[a-z&-]{4,20})(?=\s*(?:[?.,!]|$))"
)
_HAN = re.compile(
    r"(?P<trade>[\u3400-\u9fff]{2,5}?)(?:行业|那类|类)?(?:的|)(?:[那这哪](?:家|个|边)(?:客户|公司|厂)?|客户|公司|企业|厂家|厂商|厂(?![长区房]))"
)
_GENERAL = frozenset(
    [
        "the",
        "an",
        "our",
        "their",
        "this",
        "that",
        "company",
        "customer",
        "account",
        "client",
        "people",
        "site",
        "plant",
        "firm",
        "group",
        "deal",
        "contract",
        "one",
        "pump",
        "pumps",
        "process",
        "product",
        "products",
        "other",
        "same",
        "big",
        "small",
        "new",
        "old",
        "key",
        "important",
        "whole",
        "next",
        "last",
        "first",
        "right",
        "best",
    ]
)
_GENERAL_HAN = frozenset(
    [
        "公司",
        "客户",
        "那家",
        "这家",
        "那个",
        "这个",
        "产品",
        "设备",
        "厂",
        "行业",
        "材料",
        "服务",
        "技术",
        "科技",
        "工程",
        "有限",
        "哪些",
        "所有",
        "全部",
        "我的",
        "重点",
        "他们",
        "我们",
        "这个",
        "哪个",
    ]
)


def find_descriptions(low: str) -> Iterator[tuple[int, int, list[str]]]:
    """Where a folded text describes a customer, and the words for its trade, the longest first."""
    for match in _EN.finditer(low):
        group = "trade" if match["trade"] else "bare"
        words = match[group].split()
        tails = [" ".join(words[place:]) for place in range(len(words))]
        yield match.start(group), match.end(), [tail for tail in tails if tail not in _GENERAL]
    for match in _HAN.finditer(low):
        said = match["trade"]
        sizes = [said[-size:] for size in range(len(said), 1, -1)]
        kept = [size for size in sizes if size not in _GENERAL_HAN]
        if kept:
            yield match.start(), match.end(), kept


def fitting_accounts(names: Names, words: Iterable[str]) -> list[str]:
    """The accounts whose name or trade has one of the words: those of the first word that fits any."""
    for word in words:
        found = [
            each.id for each in names.accounts.values() if _fits(word, (each.name, *each.aliases, each.industry or ""))
        ]
        if found:
            return found
    return []


def _fits(word: str, texts: Sequence[str]) -> bool:
    folded = [text.lower() for text in texts]
    if is_cjk(word[0]):
        return any(word in text for text in folded)
    spoken = {part for text in folded for part in re.findall(r"[a-z]+", text)}
    parts = [part for part in word.split() if part not in _GENERAL]
    return bool(parts) and all({part, part.removesuffix("s"), part + "s"} & spoken for part in parts)
