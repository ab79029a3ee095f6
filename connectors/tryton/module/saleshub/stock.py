"""Stock by product and warehouse, and reservations."""

from trytond.model import ModelSQL, ModelView, Unique, fields
from trytond.pool import Pool, PoolMeta

from .record import HubRecord


class Move(HubRecord, metaclass=PoolMeta):
    __name__ = "stock.move"

    saleshub_party = fields.Many2One("party.party", "Held for")
    saleshub_opportunity = fields.Many2One("sale.opportunity", "Deal")

    def saleshub_held(self):
        """The reservation as the hub names the fields."""
        return {
            "account_id": self.saleshub_party.saleshub_id if self.saleshub_party else None,
            "product_id": self.product.saleshub_id,
            "warehouse": self.from_location.warehouse.name,
            "quantity": int(self.quantity) if self.state == "assigned" else 0,
            "until": self.planned_date.isoformat() if self.planned_date else None,
            "opportunity_id": self.saleshub_opportunity.saleshub_id if self.saleshub_opportunity else None,
        }


class StockLine(HubRecord, ModelSQL, ModelView):
    """One product in one warehouse; its quantities come from the stock moves."""

    __name__ = "saleshub.stock"

    product = fields.Many2One("product.product", "Product", required=True, ondelete="CASCADE")
    warehouse = fields.Many2One(
        "stock.location", "Warehouse", required=True, ondelete="CASCADE", domain=[("type", "=", "warehouse")]
    )
    on_hand = fields.Function(fields.Integer("On Hand"), "get_quantities")
    reserved = fields.Function(fields.Integer("Reserved"), "get_quantities")
    incoming = fields.Function(fields.Integer("Incoming"), "get_quantities")
    incoming_on = fields.Function(fields.Date("Incoming on"), "get_quantities")
    forecast = fields.Function(fields.Integer("Forecast"), "get_quantities")

    @classmethod
    def __setup__(cls):
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(
            ("once", Unique(table, table.product, table.warehouse), "party.msg_party_code_unique")
        )

    @classmethod
    def saleshub_hold(cls, product, warehouse):
        """Let no other reservation of the same stock through until this transaction ends.

        Each sees the moves as they were when it began, so two at once would promise the same pieces; a second one that
        writes the same row fails, and trytond runs it again.
        """
        found = cls.search([("product", "=", product.id), ("warehouse", "=", warehouse.id)], limit=1)
        if found:
            cls.write(found, {"saleshub_more": found[0].saleshub_more})
        else:
            cls.create([{"product": product.id, "warehouse": warehouse.id}])

    @classmethod
    def get_quantities(cls, lines, names):
        """Pieces that are there, that are assigned to leave, that are planned to come, and what that makes."""
        at = {(line.product.id, line.warehouse.id): line.id for line in lines}
        values = {name: dict.fromkeys(at.values(), None if name == "incoming_on" else 0) for name in names}
        products = [product for product, _ in at]
        moves = Pool().get("stock.move").search([("product", "in", products), ("state", "!=", "cancelled")])
        for move in moves:
            out, into = (
                at.get((move.product.id, place.warehouse.id)) if place.warehouse else None
                for place in (move.from_location, move.to_location)
            )
            if out == into:
                continue
            pieces = int(move.internal_quantity)
            for line, sign in ((out, -1), (into, 1)):
                if line is not None:
                    _count(values, line, move, sign * pieces)
        return values


def _count(values, line, move, pieces):
    def add(name, number):
        if name in values:
            values[name][line] += number

    add("forecast", pieces)
    if move.state == "done":
        add("on_hand", pieces)
    elif pieces < 0 and move.state == "assigned":
        add("reserved", -pieces)
    elif pieces > 0:
        add("incoming", pieces)
        days = values.get("incoming_on")
        if days is not None and move.planned_date:
            days[line] = min(filter(None, (days[line], move.planned_date)))
