"""Customers, the people who work for them, and our sellers."""

from trytond.model import fields
from trytond.pool import PoolMeta

from .record import HubRecord, Refused


class Party(HubRecord, metaclass=PoolMeta):
    __name__ = "party.party"

    saleshub_role = fields.Selection(
        [("account", "Customer Account"), ("person", "Person"), ("none", "Not for the Hub")], "Role for the Hub"
    )
    saleshub_employer = fields.Many2One("party.party", "Works for", ondelete="RESTRICT")
    saleshub_class = fields.Char("Customer Class", help="A (key account), B or C.")
    saleshub_title = fields.Char("Job Title")
    saleshub_department = fields.Char("Department")
    saleshub_left_on = fields.Date("Left on")

    @staticmethod
    def default_saleshub_role():
        return "account"

    @classmethod
    def saleshub_account(cls, code):
        """The customer account with that id; Refused when there is none."""
        return cls.saleshub_find(code, [("saleshub_role", "=", "account")])

    def saleshub_held(self):
        """The person as the hub names the fields."""
        return {
            "account_id": self.saleshub_employer.saleshub_id if self.saleshub_employer else None,
            "name": self.name,
            "title": self.saleshub_title,
            "department": self.saleshub_department,
            "email": self.email or None,
            "phone": self.phone or None,
        }

    @classmethod
    def saleshub_values(cls, given):
        """Values of this model for the hub's fields of a person, without those for ways to reach them."""
        names = {"name": "name", "title": "saleshub_title", "department": "saleshub_department"}
        return {names[name]: value for name, value in given.items() if name in names}

    def saleshub_reach(self, given):
        """Values that set e-mail and phone, changing the mechanism that is there or adding one."""
        todo = []
        for type_ in ("email", "phone"):
            if type_ not in given:
                continue
            value, known = given[type_], self.contact_mechanism_get(type_)
            if known is None:
                todo += [("create", [{"type": type_, "value": value}])] if value else []
            elif value:
                todo.append(("write", [known.id], {"value": value}))
            else:
                todo.append(("delete", [known.id]))
        return {"contact_mechanisms": todo} if todo else {}

    def saleshub_void(self):
        """Take the person back: inactive, kept for what refers to them."""
        if self.saleshub_role != "person":
            raise Refused("invalid", "only a person can be taken back")
        return {"active": False}


class Employee(HubRecord, metaclass=PoolMeta):
    __name__ = "company.employee"
