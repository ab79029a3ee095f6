"""What a fresh Tryton database needs before records can be loaded: a company, currencies, one unit of recurrence."""

from typing import Any

from connectors.tryton.client import TrytonClient
from core.domain.base import System

_CURRENCIES = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "SGD": "S$"}


async def set_up_company(client: TrytonClient, name: str = "Hub Trial Company") -> None:
    """Make the company and its currencies, and let the user who logs in work for it; only once per database."""

    async def create(model: str, *values: dict[str, Any]) -> list[int]:
        made: list[int] = await client.call(System.ERP, f"model.{model}.create", list(values))
        return made

    user = await client.call(System.ERP, "model.res.user.search", [["login", "=", "admin"]], 0, 1, None)
    currencies = await create(
        "currency.currency", *({"name": code, "code": code, "symbol": symbol} for code, symbol in _CURRENCIES.items())
    )
    party = await create("party.party", {"name": name, "saleshub_role": "none"})
    company = await create("company.company", {"party": party[0], "currency": currencies[0]})
    await create(
        "sale.subscription.recurrence.rule.set",
        {"name": "Yearly", "rules": [["create", [{"freq": "yearly", "interval": 1}]]]},
    )
    joined = {"companies": [["add", company]], "company": company[0]}
    await client.call(System.ERP, "model.res.user.write", user, joined)
    client.forget_session()
