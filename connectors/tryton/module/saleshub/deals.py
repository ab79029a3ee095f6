"""Opportunities, orders and quotes, and contracts."""

from decimal import Decimal

from trytond.model import fields
from trytond.pool import Pool, PoolMeta

from .record import HubRecord, Refused, money

# Tryton's states, each with the stages of the hub that it covers; the first is meant where no stage is given.
STAGES = {
    "lead": ("prospecting", "qualification"),
    "opportunity": ("needs_analysis", "proposal", "negotiation"),
    "converted": ("negotiation",),
    "won": ("won",),
    "lost": ("lost",),
    "cancelled": ("lost",),
}
STATES = {"converted": "opportunity"}


def state_of(stage):
    """Tryton's state for a stage."""
    return next(state for state, stages in STAGES.items() if stage in stages)


def currency_of(code):
    """The currency with that code; Refused when Tryton has none."""
    found = Pool().get("currency.currency").search([("code", "=", code)], limit=1)
    if not found:
        raise Refused("invalid", f"currency {code}")
    return found[0]


class Opportunity(HubRecord, metaclass=PoolMeta):
    __name__ = "sale.opportunity"

    saleshub_stage = fields.Char("Stage")
    saleshub_next_step = fields.Char("Next Step")
    saleshub_owner = fields.Char("Owner", help="The name of an owner who is not an employee here.")

    @classmethod
    def __setup__(cls):
        super().__setup__()
        cls.employee.states.pop("required", None)  # deals come without an owner, too

    @property
    def saleshub_stage_held(self):
        """The stage: what the hub or a person set, as long as the state agrees with it."""
        stages = STAGES[self.state]
        return self.saleshub_stage if self.saleshub_stage in stages else stages[0]

    def saleshub_held(self):
        """The deal as the hub names the fields."""
        line = self.lines[0] if self.lines else None
        return {
            "account_id": self.party.saleshub_id if self.party else None,
            "name": self.description,
            "stage": self.saleshub_stage_held,
            "amount": money(self.amount, self.currency),
            "close_on": self.end_date.isoformat() if self.end_date else None,
            "owner": self.employee.party.name if self.employee else self.saleshub_owner,
            "next_step": self.saleshub_next_step,
            "product_id": line.product.saleshub_id if line and line.product else None,
            "quantity": int(line.quantity) if line else None,
        }

    @classmethod
    def saleshub_values(cls, given):
        """Values of this model for the hub's fields of a deal."""
        values = {}
        plain = {"name": "description", "close_on": "end_date", "next_step": "saleshub_next_step"}
        values.update({plain[name]: value for name, value in given.items() if name in plain})
        if "stage" in given:
            values.update(saleshub_stage=given["stage"], state=state_of(given["stage"]))
        if "amount" in given:
            amount = given["amount"]
            values["amount"] = Decimal(amount["amount"]) if amount else None
            if amount:
                values["currency"] = currency_of(amount["currency"]).id
        if "owner" in given:
            values.update(cls._saleshub_owner(given["owner"]))
        return values

    @classmethod
    def _saleshub_owner(cls, name):
        known = Pool().get("company.employee").search([("party.name", "=", name)], limit=1) if name else []
        return {"employee": known[0].id if known else None, "saleshub_owner": None if known else name}

    def saleshub_void(self):
        """Take the deal back."""
        return {"state": "cancelled"}


class Sale(HubRecord, metaclass=PoolMeta):
    __name__ = "sale.sale"

    saleshub_valid_until = fields.Date("Quote Valid until")
    saleshub_opportunity = fields.Many2One("sale.opportunity", "Deal")

    def saleshub_held(self):
        """The quote as the hub names the fields."""
        return {
            "account_id": self.party.saleshub_id,
            "valid_until": self.saleshub_valid_until.isoformat() if self.saleshub_valid_until else None,
            "opportunity_id": self.saleshub_opportunity.saleshub_id if self.saleshub_opportunity else None,
            "lines": [
                {
                    "product_id": line.product.saleshub_id,
                    "quantity": int(line.quantity),
                    "unit_price": money(line.unit_price, self.currency),
                }
                for line in self.lines
            ],
        }

    def saleshub_void(self):
        """Take the quote back, unless somebody went on with it."""
        if self.state not in ("draft", "quotation"):
            raise Refused("changed", f"the quote is {self.state}")
        return {"state": "cancelled"}


class Subscription(HubRecord, metaclass=PoolMeta):
    __name__ = "sale.subscription"
