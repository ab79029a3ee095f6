"""The ways in which a record may be named: whole, without its legal form or its town, in part."""

import re
import unicodedata

from agents.analysis.names import name_variants
from core.domain.accounts import Account, Contact, SalesPerson
from core.domain.deals import Opportunity
from core.domain.products import Product
from core.language import is_cjk

_TOWNS = [
    "北京",
    "上海",
    "天津",
    "重庆",
    "广州",
    "深圳",
    "苏州",
    "杭州",
    "南京",
    "宁波",
    "无锡",
    "合肥",
    "温州",
    "常州",
    "嘉兴",
    "南通",
    "绍兴",
    "福州",
    "唐山",
    "石家庄",
    "济南",
    "青岛",
    "大连",
    "沈阳",
    "长春",
    "哈尔滨",
    "太原",
    "郑州",
    "武汉",
    "长沙",
    "南昌",
    "厦门",
    "泉州",
    "东莞",
    "佛山",
    "珠海",
    "中山",
    "惠州",
    "南宁",
    "海口",
    "成都",
    "贵阳",
    "昆明",
    "西安",
    "兰州",
    "西宁",
    "银川",
    "乌鲁木齐",
    "呼和浩特",
    "烟台",
    "潍坊",
    "徐州",
    "扬州",
    "镇江",
    "泰州",
    "盐城",
    "台州",
    "金华",
    "湖州",
    "芜湖",
    "洛阳",
    "宜昌",
    "株洲",
    "柳州",
    "绵阳",
    "江苏",
    "浙江",
    "广东",
    "山东",
    "四川",
    "湖北",
    "湖南",
    "河北",
    "河南",
    "福建",
    "安徽",
    "江西",
    "陕西",
    "辽宁",
]
_TOWN = re.compile("^(?:" + "|".join(_TOWNS) + ")市?(?:省)?")
_GENERAL = frozenset(
    [
        "the",
        "new",
        "great",
        "big",
        "north",
        "south",
        "east",
        "west",
        "group",
        "international",
        "global",
        "industries",
        "industrial",
        "energy",
        "water",
        "foods",
        "food",
        "chemicals",
        "steel",
        "logistics",
        "pharma",
        "automotive",
        "systems",
        "process",
        "works",
        "ceramics",
        "textiles",
        "packaging",
        "marine",
        "solutions",
        "technologies",
        "technology",
        "power",
        "first",
        "united",
        "general",
        "national",
        "royal",
        "blue",
        "red",
        "green",
        "black",
        "white",
        "golden",
        "silver",
        "point",
    ]
)


def plain(text: str) -> str:
    """Letters for comparison: half-width, lower case, one character for one."""
    lowered = (char.lower() for char in text)
    return "".join(low if len(low) == 1 else char for low, char in zip(lowered, text, strict=True))


def fold(name: str) -> str:
    """A name for comparison, with single spaces."""
    return " ".join(plain(unicodedata.normalize("NFKC", name)).replace("’", "'").split())


def forms_of_account(account: Account) -> dict[str, float]:
    """How an account may be called, with how sure the form alone makes us."""
    forms = {account.id.lower(): 1.0}
    for name in (account.name, *account.aliases):
        for form in name_variants(name):
            forms.setdefault(fold(form), 1.0)
    if account.domain:
        domain = account.domain.lower().removeprefix("https://").removeprefix("www.").strip("/")
        forms.setdefault(domain, 1.0)
        stem = domain.split(".")[0]
        if len(stem) > 4:
            forms.setdefault(stem, 0.9)
            forms.setdefault(stem.replace("-", " "), 0.9)
    for form in list(forms):
        for part, weight in _parts(form):
            forms.setdefault(part, weight)
    return {form: weight for form, weight in forms.items() if len(form) > 1}


def _parts(form: str) -> list[tuple[str, float]]:
    if form and is_cjk(form[0]):
        core = re.sub(r"\(.*?\)", "", _TOWN.sub("", form)) if len(form) > 4 else form
        core = re.sub(r"(?:股份|集团)?(?:有限)?(?:责任)?(?:公司|集团)$", "", core)
        return [(core[:size], 0.96 if size > 2 else 0.93) for size in range(len(core), 1, -1)]
    words = form.split()
    parts = [(" ".join(words[:size]), 0.96) for size in range(len(words) - 1, 0, -1)]
    return [(part, weight) for part, weight in parts if len(part) > 3 and part not in _GENERAL and not part.isdigit()]


def forms_of_person(person: Contact | SalesPerson) -> dict[str, float]:
    """Whole name, mail address, and in Latin script first and last name alone."""
    name = fold(person.name)
    forms = {name: 1.0}
    if person.email:
        forms[person.email.lower()] = 1.0
    if isinstance(person, Contact):
        forms[person.id.lower()] = 1.0
    if name and is_cjk(name[0]):
        if len(name) > 2:
            forms[name[1:]] = 0.9
        return forms
    words = [word for word in re.split(r"[\s.]+", name) if len(word) > 2 and word not in {"dr", "van", "von", "der"}]
    for word in (words[-1:] + words[:1]) if len(words) > 1 else words:
        forms.setdefault(word, 0.95)
    return forms


def forms_of_product(product: Product) -> dict[str, float]:
    """Code with and without its hyphen, and both names, with and without the code."""
    code = product.id.lower()
    forms = {code: 1.0, code.replace("-", ""): 1.0, code.replace("-", " "): 1.0}
    for name in filter(None, (product.name, product.name_zh)):
        whole = fold(name)
        forms.setdefault(whole, 1.0)
        rest = whole.replace(code, "").strip(" -")
        if len(rest) > 3 or (len(rest) > 2 and is_cjk(rest[0])):
            forms.setdefault(rest, 0.9)
    for form, weight in list(forms.items()):
        if form[-1:].isalpha() and form.isascii() and not form.endswith("s"):
            forms.setdefault(f"{form}s", weight)
    return {form: weight for form, weight in forms.items() if len(form) > 2}


def forms_of_deal(deal: Opportunity) -> dict[str, float]:
    """Whole name and id."""
    name = fold(deal.name)
    return {deal.id.lower(): 1.0} | ({name: 1.0} if len(name) > 3 else {})
