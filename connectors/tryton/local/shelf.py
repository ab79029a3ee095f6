"""Ids in a Tryton database by what the hub calls them, made on first use; for loading records."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from connectors.tryton.client import TrytonClient
from core.domain.base import Record, System

Values = dict[str, Any]
_CHUNK = 500


class Shelf:
    """Creates rows and remembers the ids of those that others refer to."""

    def __init__(self, client: TrytonClient) -> None:
        self.client = client
        self.currencies: dict[str, int] = {}
        self.parties: dict[str, int] = {}
        self.products: dict[str, int] = {}
        self.employees: dict[str, int] = {}
        self._warehouses: dict[str, Values] = {}
        self._price_lists: dict[str, int] = {}
        self.today = date.min
        self.company = self.unit = self.recurrence = self.lost_found = self.supplier = self.customer = 0

    async def open(self) -> "Shelf":
        """Look up what every database has."""
        for row in await self.rows("currency.currency", [], ["code"]):
            self.currencies[row["code"]] = row["id"]
        self.company = (await self.rows("company.company", [], ["id"]))[0]["id"]
        self.unit = (await self.rows("product.uom", [["symbol", "=", "u"]], ["id"]))[0]["id"]
        self.recurrence = (await self.rows("sale.subscription.recurrence.rule.set", [], ["id"]))[0]["id"]
        kinds = [["type", "in", ["lost_found", "supplier", "customer"]]]
        places = {row["type"]: row["id"] for row in await self.rows("stock.location", kinds, ["type"])}
        self.lost_found, self.supplier, self.customer = (places[one] for one in ("lost_found", "supplier", "customer"))
        self.today = await self.call("ir.date.today")
        return self

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a model's method."""
        return await self.client.call(System.ERP, f"model.{method}", *arguments)

    async def rows(self, model: str, domain: list[Any], fields: list[str]) -> list[Values]:
        """Rows of a model."""
        found: list[Values] = await self.call(f"{model}.search_read", domain, 0, None, None, fields)
        return found

    async def create(self, model: str, values: Iterable[Values]) -> list[int]:
        """Make rows; their ids in order."""
        todo = list(values)
        if len(todo) > _CHUNK:
            first = await self.create(model, todo[:_CHUNK])
            return first + await self.create(model, todo[_CHUNK:])
        made: list[int] = await self.call("saleshub.loading.create_rows", model, todo) if todo else []
        return made

    async def know_parties(self, codes: Iterable[str]) -> None:
        """Make the parties that are referred to and were not loaded; they are not accounts of the hub."""
        missing = sorted(set(codes) - self.parties.keys())
        made = await self.create(
            "party.party", ({"name": code, "saleshub_code": code, "saleshub_role": "none"} for code in missing)
        )
        self.parties.update(zip(missing, made, strict=True))

    async def know_products(self, codes: Iterable[str | None]) -> None:
        """Make the products that are referred to and were not loaded; they are not for sale."""
        missing = sorted({code for code in codes if code} - self.products.keys())
        await self.make_products([({"name": code, "salable": False}, {"saleshub_code": code}) for code in missing])

    async def make_products(self, products: list[tuple[Values, Values]]) -> None:
        """Make templates, each with its one product."""
        whole = {"type": "goods", "default_uom": self.unit, "sale_uom": self.unit, "cost_price_method": "fixed"}
        made = await self.create(
            "product.template",
            ({**whole, **template, "products": [["create", [product]]]} for template, product in products),
        )
        rows = await self.rows("product.product", [["template", "in", made]], ["saleshub_code"])
        self.products.update((row["saleshub_code"], row["id"]) for row in rows)

    async def warehouse(self, name: str) -> Values:
        """The warehouse of that name, with the id of its storage."""
        if name not in self._warehouses:
            known = await self.rows("stock.location", [["name", "=", name], ["type", "=", "warehouse"]], ["id"])
            id_ = known[0]["id"] if known else await self._new_warehouse(name)
            fields = ["storage_location"]
            self._warehouses[name] = (await self.rows("stock.location", [["id", "=", id_]], fields))[0]
        return self._warehouses[name]

    async def _new_warehouse(self, name: str) -> int:
        inner = await self.create(
            "stock.location", ({"name": f"{name} {part}", "type": "storage"} for part in ("input", "output", "storage"))
        )
        places = dict(zip(("input_location", "output_location", "storage_location"), inner, strict=True))
        [made] = await self.create("stock.location", [{"name": name, "type": "warehouse", **places}])
        return made

    async def price_list(self, currency: str) -> int:
        """The price list in a currency."""
        if currency not in self._price_lists:
            known = await self.rows("product.price_list", [["name", "=", f"List {currency}"]], ["id"])
            values = {"name": f"List {currency}", "saleshub_currency": self.currencies[currency], "price": "list_price"}
            made = [known[0]["id"]] if known else await self.create("product.price_list", [values])
            self._price_lists[currency] = made[0]
        return self._price_lists[currency]


def rights(record: Record) -> Values:
    """Id and rights of a record, as every row of ours carries them."""
    return {
        "saleshub_code": record.id,
        "saleshub_region": record.region,
        "saleshub_audience": ",".join(sorted(record.audience)) or None,
    }
