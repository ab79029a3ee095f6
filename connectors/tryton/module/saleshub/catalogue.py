"""Products and prices."""

from trytond.model import fields
from trytond.pool import PoolMeta

from .record import HubRecord


class Product(HubRecord, metaclass=PoolMeta):
    __name__ = "product.product"

    saleshub_currency = fields.Many2One("currency.currency", "Currency of the List Price")


class PriceList(metaclass=PoolMeta):
    __name__ = "product.price_list"

    saleshub_currency = fields.Many2One("currency.currency", "Currency", help="Empty: that of the company.")


class PriceListLine(HubRecord, metaclass=PoolMeta):
    __name__ = "product.price_list.line"

    saleshub_from = fields.Date("Valid from")
    saleshub_to = fields.Date("Valid to")
    saleshub_price = fields.Function(fields.Numeric("Unit Price"), "get_saleshub_price")

    def get_saleshub_price(self, name):
        """What the formula gives for the product of the line; None where the line is for many products."""
        if not self.product:
            return None
        uom = self.product.default_uom
        context = self.price_list.get_context_formula(self.product, self.quantity or 1, uom)
        return self.get_unit_price(**context)
