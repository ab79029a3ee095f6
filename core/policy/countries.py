"""One name per country: systems write `CN`, `China` or `中国`, rules must treat them alike."""

from types import MappingProxyType

from core.language import is_cjk
from core.text import normalise_name

# ISO 3166 code, currency (ISO 4217) and other spellings of the countries that exports name most.
_COUNTRIES = (
    (
        "CN",
        "CNY",
        "CHN",
        "China",
        "PRC",
        "P.R. China",
        "People's Republic of China",
        "Mainland China",
        "中国",
        "中华人民共和国",
        "中国大陆",
    ),
    ("HK", "HKD", "HKG", "Hong Kong", "Hong Kong SAR", "中国香港", "香港"),
    ("TW", "TWD", "TWN", "Taiwan", "中国台湾", "台湾"),
    ("US", "USD", "USA", "U.S.", "U.S.A.", "United States", "United States of America", "America", "美国"),
    ("GB", "GBP", "UK", "GBR", "United Kingdom", "Great Britain", "England", "英国"),
    ("JP", "JPY", "JPN", "Japan", "日本"),
    ("SG", "SGD", "SGP", "Singapore", "新加坡"),
    ("DE", "EUR", "DEU", "Germany", "Deutschland", "德国"),
    ("FR", "EUR", "FRA", "France", "法国"),
    ("IT", "EUR", "ITA", "Italy", "意大利"),
    ("ES", "EUR", "ESP", "Spain", "西班牙"),
    ("NL", "EUR", "NLD", "Netherlands", "The Netherlands", "Holland", "荷兰"),
    ("BE", "EUR", "BEL", "Belgium", "比利时"),
    ("AT", "EUR", "AUT", "Austria", "奥地利"),
    ("FI", "EUR", "FIN", "Finland", "芬兰"),
    ("IE", "EUR", "IRL", "Ireland", "爱尔兰"),
    ("PT", "EUR", "PRT", "Portugal", "葡萄牙"),
    ("KR", "KRW", "KOR", "South Korea", "Korea", "Republic of Korea", "韩国"),
    ("IN", "INR", "IND", "India", "印度"),
    ("VN", "VND", "VNM", "Vietnam", "Viet Nam", "越南"),
    ("TH", "THB", "THA", "Thailand", "泰国"),
    ("MY", "MYR", "MYS", "Malaysia", "马来西亚"),
    ("ID", "IDR", "IDN", "Indonesia", "印度尼西亚", "印尼"),
    ("BR", "BRL", "BRA", "Brazil", "巴西"),
    ("MX", "MXN", "MEX", "Mexico", "墨西哥"),
    ("RU", "RUB", "RUS", "Russia", "Russian Federation", "俄罗斯"),
    ("BY", "BYN", "BLR", "Belarus", "白俄罗斯"),
    ("IR", "IRR", "IRN", "Iran", "伊朗"),
    ("KP", "KPW", "PRK", "North Korea", "DPRK", "朝鲜"),
    ("SY", "SYP", "SYR", "Syria", "叙利亚"),
    ("CU", "CUP", "CUB", "Cuba", "古巴"),
    ("AE", "AED", "ARE", "United Arab Emirates", "UAE", "阿联酋"),
    ("SA", "SAR", "SAU", "Saudi Arabia", "沙特阿拉伯", "沙特"),
    ("TR", "TRY", "TUR", "Turkey", "Türkiye", "土耳其"),
    ("PL", "PLN", "POL", "Poland", "波兰"),
    ("CH", "CHF", "CHE", "Switzerland", "瑞士"),
    ("SE", "SEK", "SWE", "Sweden", "瑞典"),
    ("CA", "CAD", "CAN", "Canada", "加拿大"),
    ("AR", "ARS", "ARG", "Argentina", "阿根廷"),
    ("CL", "CLP", "CHL", "Chile", "智利"),
    ("CZ", "CZK", "CZE", "Czechia", "Czech Republic", "捷克"),
    ("NO", "NOK", "NOR", "Norway", "挪威"),
    ("DK", "DKK", "DNK", "Denmark", "丹麦"),
    ("AU", "AUD", "AUS", "Australia", "澳大利亚"),
)
_CODES = MappingProxyType(
    {normalise_name(name): code for code, _, *names in _COUNTRIES for name in (code, *names)},
)
_ZH_NAMES = MappingProxyType({code: next(name for name in names if is_cjk(name[0])) for code, _, *names in _COUNTRIES})
_CURRENCIES = MappingProxyType({code: currency for code, currency, *_ in _COUNTRIES})


def country_code(name: str | None) -> str | None:
    """The ISO code of a country named in English or Chinese; another name is returned as it is."""
    return _CODES.get(normalise_name(name), name) if name and name.strip() else None


def chinese_name(country: str) -> str | None:
    """The usual Chinese name of a country, None when it is not known."""
    return _ZH_NAMES.get(country_code(country) or "")


def currency_of(country: str | None) -> str | None:
    """The currency of a country, None when it is not known."""
    return _CURRENCIES.get(country_code(country) or "")
