"""Comparing short business texts by their content words, in Chinese and English."""

import re
from functools import lru_cache

import rjieba

from core.language import is_cjk
from core.text import normalise_name

_TOKEN = re.compile(r"[a-z][a-z0-9-]{2,}|[a-z]{2,}\d[a-z0-9-]*")

# Words that stand in almost every deal, note or visit purpose and so tell nothing apart.
_EMPTY_TEXT = """
and for the with from into over our your their its this that will has have are was new project deal order offer quote
visit meeting customer client account company group phase plant site line upgrade discuss talk review present show
annual year quarter supply contract renewal expansion replacement frame price prices pricing market sales team product
products solution solutions system systems
项目 采购 合同 客户 公司 集团 订单 报价 拜访 讨论 沟通 年度 季度 新建 改造 升级 扩建 更换 框架 续签 产品 方案 系统
价格 市场 销售 团队 一期 二期 三期 工厂 需求 我们 他们 有限公司 进行 以及 关于 目前 已经
"""
_EMPTY = frozenset(_EMPTY_TEXT.split())


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """The words of `text` that say what it is about: English singular and folded, Chinese of two characters or more."""
    return frozenset(_stem(word) for word in _words(text) - _EMPTY)


@lru_cache(maxsize=4096)
def spoken_words(text: str) -> frozenset[str]:
    """The same with the words that stand in almost every text: somebody may ask for the price, or for a contract."""
    return frozenset(map(_stem, _words(text)))


def _words(text: str) -> frozenset[str]:
    folded = normalise_name(text)
    words = set(_TOKEN.findall(folded))
    if any(is_cjk(char) for char in folded):
        words |= {word for word in rjieba.cut(folded) if len(word) > 1 and all(map(is_cjk, word))}
    return frozenset(words)


def likeness(one: str, other: str) -> float:
    """Jaccard similarity of the character pairs of two texts, 0–1; 1 for equal texts, also empty ones."""
    pairs, others = _pairs(one), _pairs(other)
    union = len(pairs | others)
    return len(pairs & others) / union if union else 1.0


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(char for char in normalise_name(text) if char.isalnum())[:2000]
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1)) or frozenset(letters)
