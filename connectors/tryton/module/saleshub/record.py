"""What every record that the hub reads or writes carries beside Tryton's own fields."""

import json

from trytond.model import Index, Unique, fields
from trytond.rpc import RPCReturnException


class Refused(RPCReturnException):
    """The write will not be done: the transaction is rolled back and the reason returned."""

    def __init__(self, reason, detail=""):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail

    def result(self):
        """What the caller receives."""
        return {"refused": self.reason, "detail": self.detail}


class HubRecord:
    """Id, rights and traces of the hub.

    `saleshub_more` is JSON: fields of the hub's record for which Tryton has no place. `saleshub_keys` has one line per
    write of the hub, so that anyone can count them from the record itself.
    """

    __slots__ = ()

    saleshub_code = fields.Char("External Code", help="The id under which the hub knows the record.")
    saleshub_region = fields.Char("Sales Region")
    saleshub_audience = fields.Char("Audience", help="Roles that may see the record, separated by commas; empty: all.")
    saleshub_more = fields.Text("More")
    saleshub_keys = fields.Text("Writes of the Hub", readonly=True)

    @classmethod
    def __setup__(cls):
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(
            ("saleshub_code_unique", Unique(table, table.saleshub_code), "party.msg_party_code_unique")
        )
        cls._sql_indexes.add(Index(table, (table.write_date, Index.Range())))

    @property
    def saleshub_id(self):
        """The id under which the hub knows the record."""
        return self.saleshub_code or f"tryton-{self.id}"

    @classmethod
    def saleshub_find(cls, code, domain=()):
        """The record with that id; Refused when there is none."""
        where = [("saleshub_code", "=", code)]
        number = code.removeprefix("tryton-")
        if number != code and number.isdigit():
            where = [("id", "=", int(number)), ("saleshub_code", "=", None)]
        found = cls.search([*where, *domain], limit=1)
        if not found:
            raise Refused("unknown", f"{cls.__name__} {code}")
        return found[0]

    def saleshub_marked(self, key):
        """Values that add a write to the record's trace."""
        return {"saleshub_keys": f"{self.saleshub_keys}\n{key}" if self.saleshub_keys else key}

    @property
    def saleshub_extra(self):
        """The fields in `saleshub_more`."""
        return json.loads(self.saleshub_more) if self.saleshub_more else {}


def money(amount, currency):
    """An amount as the hub writes it."""
    return None if amount is None else {"amount": str(amount), "currency": currency.code}
