"""Contacts with customers, and what somebody is asked to do; Tryton 8.2 has no such models without its CRM add-ons."""

import json

from trytond.model import ModelSQL, ModelView, fields

from .record import HubRecord


class _OfParty(HubRecord):
    __slots__ = ()

    party = fields.Many2One("party.party", "Party", required=True, ondelete="RESTRICT")
    opportunity = fields.Many2One("sale.opportunity", "Deal", ondelete="SET NULL")
    subject = fields.Char("Subject", required=True)
    text = fields.Text("Text")
    state = fields.Selection([("open", "Open"), ("done", "Done"), ("void", "Void")], "State", required=True)

    @staticmethod
    def default_state():
        return "open"

    def _saleshub_of(self):
        return {
            "account_id": self.party.saleshub_id,
            "opportunity_id": self.opportunity.saleshub_id if self.opportunity else None,
        }

    def saleshub_void(self):
        """Take the record back; it stays readable."""
        return {"state": "void"}


class Activity(_OfParty, ModelSQL, ModelView):
    __name__ = "saleshub.activity"

    form = fields.Char("Kind", required=True)
    at = fields.Timestamp("At", required=True, help="In UTC.")

    def saleshub_held(self):
        """The activity as the hub names the fields."""
        return {
            **self._saleshub_of(),
            "form": self.form,
            "subject": self.subject,
            "text": self.text or "",
            "at": self.at.isoformat() + "Z",
        }


class Request(_OfParty, ModelSQL, ModelView):
    """A task, a sample or demo unit asked for, a review, an amendment or a signature; `kind` is the operation."""

    __name__ = "saleshub.request"

    kind = fields.Char("Kind", required=True)
    due_on = fields.Date("Due on")
    assignee = fields.Char("For")
    product = fields.Many2One("product.product", "Product")
    quantity = fields.Integer("Quantity")
    contract = fields.Many2One("sale.subscription", "Contract")
    details = fields.Text("Details", help="What was asked, as the hub wrote it (JSON).")

    # The hub's names of the fields, where they differ.
    _saleshub_names = {
        "request_sample": {"needed_on": "due_on"},
        "request_amendment": {"reason": "subject", "wording": "text"},
        "open_review": {"question": "text"},
        "schedule_signature": {"on": "due_on"},
    }

    @classmethod
    def saleshub_field(cls, kind, name):
        """This model's name of one of the hub's fields."""
        return cls._saleshub_names.get(kind, {}).get(name, name)

    def saleshub_held(self):
        """What is asked, as the hub names the fields."""
        held = {**json.loads(self.details or "{}"), **self._saleshub_of()}
        columns = {
            "subject": self.subject,
            "text": self.text or "",
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "assignee": self.assignee,
            "product_id": self.product.saleshub_id if self.product else None,
            "quantity": self.quantity,
            "contract_id": self.contract.saleshub_id if self.contract else None,
        }
        return {name: columns.get(self.saleshub_field(self.kind, name), value) for name, value in held.items()}
