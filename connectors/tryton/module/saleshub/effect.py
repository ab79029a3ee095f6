"""The ledger that makes a write of the hub happen once: its row and the write commit together, or not at all."""

import json

from sql import Select
from sql.functions import CurrentTimestamp
from trytond.model import ModelSQL, ModelView, Unique, fields
from trytond.pool import Pool
from trytond.rpc import RPC
from trytond.transaction import Transaction, check_access

from .record import Refused
from .writes import OPERATIONS, restore, write


class Effect(ModelSQL, ModelView):
    """One write of the hub. `key` is unique, which is what lets only one of two parallel writes through."""

    __name__ = "saleshub.effect"

    key = fields.Char("Key", required=True, readonly=True)
    payload = fields.Text("Payload", required=True, readonly=True)
    model = fields.Char("Model", readonly=True)
    record = fields.Integer("Record", readonly=True)
    before = fields.Text("Before", readonly=True, help="What changed fields held before (JSON).")
    undone = fields.Boolean("Undone", readonly=True)

    @classmethod
    def __setup__(cls):
        super().__setup__()
        table = cls.__table__()
        cls._sql_constraints.append(("key_unique", Unique(table, table.key), "party.msg_party_code_unique"))
        cls.__rpc__.update(
            # The ledger writes fields that people may not write by hand; `_allowed` checks the right to the ledger.
            apply=RPC(readonly=False, check_access=False),
            undo=RPC(readonly=False, check_access=False),
            find=RPC(),
            now=RPC(),
            holds=RPC(),
        )

    @classmethod
    def apply(cls, key, operation, payload):
        """Write under the key and return the receipt, or what was written under it before.

        `payload` is JSON. Returns `{"refused": reason, "detail": text}` when nothing is written.
        """
        cls._allowed()
        if known := cls._of(key):
            if known.model is None:
                raise Refused("forbidden", "it was taken back before it was written")
            return known._receipt()
        if operation not in OPERATIONS:
            raise Refused("invalid", operation)
        # The row first: a parallel write of the same key waits here for our commit, and then fails.
        [effect] = cls.create([{"key": key, "payload": payload}])
        record, before = write(operation, key, json.loads(payload))
        effect.model, effect.record, effect.before = record.__name__, record.id, json.dumps(before)
        effect.save()
        return effect._receipt()

    @classmethod
    def find(cls, keys):
        """Receipts of the keys that were used."""
        return [effect._receipt() for effect in cls.search([("key", "in", keys), ("model", "!=", None)])]

    @classmethod
    def now(cls):
        """The time by the clock that stamps rows."""
        cursor = Transaction().connection.cursor()
        cursor.execute(*Select([CurrentTimestamp()]))
        return cursor.fetchone()[0].replace(tzinfo=None)

    @classmethod
    def undo(cls, key):
        """Take back what was written under the key, once; None when nothing was, and then nothing can be later."""
        cls._allowed()
        effect = cls._of(key)
        if effect is None:
            cls.create([{"key": key, "payload": "{}", "undone": True}])
            return None
        if effect.model is None:
            return None
        if not effect.undone:
            effect.undone = True
            effect.save()
            effect._take_back()
        return effect._receipt()

    @classmethod
    def holds(cls, key):
        """The fields of the record written under the key, as it holds them now; None when nothing was."""
        effect = cls._of(key)
        if effect is None or effect.model is None:
            return None
        return {**effect._written().saleshub_held(), "void": bool(effect.undone)}

    @classmethod
    def _allowed(cls):
        with check_access():
            Pool().get("ir.model.access").check(cls.__name__, "create")

    @classmethod
    def _of(cls, key):
        found = cls.search([("key", "=", key)], limit=1)
        return found[0] if found else None

    def _written(self):
        return Pool().get(self.model)(self.record)

    def _receipt(self):
        return {
            "key": self.key,
            "operation": json.loads(self.payload)["operation"],
            "id": self._written().saleshub_id,
            "undone": bool(self.undone),
        }

    def _take_back(self):
        record, before = self._written(), json.loads(self.before)
        if before:
            restore(record, self.key, json.loads(self.payload), before)
            return
        if self.model == "stock.move":
            record.cancel([record])
            record.write([record], record.saleshub_marked(f"undo:{self.key}"))
            return
        record.write([record], {**record.saleshub_void(), **record.saleshub_marked(f"undo:{self.key}")})
