"""What each operation of the hub does to Tryton's records, within one transaction of the ledger."""

import datetime as dt
import json
from decimal import Decimal

from trytond.pool import Pool
from trytond.transaction import Transaction

from .deals import currency_of
from .record import Refused


def write(operation, key, payload):
    """Do it; the record, and what its changed fields held before (empty for a new record)."""
    account = Pool().get("party.party").saleshub_account(payload["account_id"])
    return _OPERATIONS[operation](key, payload, account)


def restore(record, key, payload, before):
    """Give changed fields back what they held before, if they still hold what was written."""
    written = _changes(payload)
    _expect(record, {name: written[name] for name in before})
    _set(record, f"undo:{key}", before)


def _log_activity(key, payload, account):
    at = dt.datetime.fromisoformat(payload["at"]).astimezone(dt.UTC).replace(tzinfo=None)
    values = {name: payload[name] for name in ("form", "subject", "text")}
    return _made("saleshub.activity", key, at=at, **values, **_of(payload, account))


def _make_request(key, payload, account):
    kind = payload["operation"]
    model = Pool().get("saleshub.request")
    details = {name: value for name, value in payload.items() if name not in ("operation", "account_id")}
    values = {model.saleshub_field(kind, name): value for name, value in details.items()}
    known = {name: values[name] for name in ("subject", "text", "assignee", "quantity") if values.get(name)}
    if due := values.get("due_on"):
        known["due_on"] = dt.date.fromisoformat(due)
    if contract := payload.get("contract_id"):
        known["contract"] = Pool().get("sale.subscription").saleshub_find(contract, [("party", "=", account.id)]).id
    if product := payload.get("product_id"):
        known["product"] = Pool().get("product.product").saleshub_find(product).id
    known.setdefault("subject", kind.replace("_", " "))
    return _made("saleshub.request", key, kind=kind, details=json.dumps(details), **known, **_of(payload, account))


def _create_opportunity(key, payload, account):
    model = Pool().get("sale.opportunity")
    names = ("name", "stage", "amount", "close_on", "owner")
    values = model.saleshub_values(_typed({name: payload[name] for name in names if payload[name] is not None}))
    if payload["product_id"]:
        product = Pool().get("product.product").saleshub_find(payload["product_id"])
        line = {"product": product.id, "quantity": payload["quantity"] or 1, "unit": product.default_uom.id}
        values["lines"] = [("create", [line])]
    return _made("sale.opportunity", key, party=account.id, **values)


def _update_opportunity(key, payload, account):
    model = Pool().get("sale.opportunity")
    return _changed(model.saleshub_find(payload["opportunity_id"], [("party", "=", account.id)]), key, payload)


def _create_contact(key, payload, account):
    model = Pool().get("party.party")
    given = {name: payload[name] for name in ("name", "title", "department")}
    reach = {name: payload[name] for name in ("email", "phone") if payload[name]}
    values = {**model.saleshub_values(given), **reach}
    return _made("party.party", key, saleshub_role="person", saleshub_employer=account.id, **values)


def _update_contact(key, payload, account):
    model = Pool().get("party.party")
    return _changed(model.saleshub_find(payload["contact_id"], [("saleshub_employer", "=", account.id)]), key, payload)


def _reserve_stock(key, payload, account):
    pool = Pool()
    product = pool.get("product.product").saleshub_find(payload["product_id"])
    places = pool.get("stock.location").search(
        [("type", "=", "warehouse"), ("name", "=", payload["warehouse"])], limit=1
    )
    if not places:
        raise Refused("unknown", f"warehouse {payload['warehouse']}")
    pool.get("saleshub.stock").saleshub_hold(product, places[0])
    customers = pool.get("stock.location").search([("type", "=", "customer")], limit=1)
    company = pool.get("company.company")(Transaction().context["company"])
    of = _of(payload, account)
    made = _made(
        "stock.move",
        key,
        product=product.id,
        unit=product.default_uom.id,
        quantity=payload["quantity"],
        from_location=places[0].storage_location.id,
        to_location=customers[0].id,
        planned_date=dt.date.fromisoformat(payload["until"]),
        unit_price=Decimal(0),
        currency=company.currency.id,
        company=company.id,
        saleshub_party=of["party"],
        saleshub_opportunity=of["opportunity"],
    )
    move = made[0]
    # Tryton warns of moves without an origin, which asks a person; here one has decided already.
    with Transaction().set_context(_skip_warnings=True):
        assigned = move.assign_try([move])
    if not assigned:
        raise Refused("short", f"not enough {payload['product_id']} in {payload['warehouse']}")
    return made


def _draft_quote(key, payload, account):
    of = _of(payload, account)
    lines = []
    for line in payload["lines"]:
        product = Pool().get("product.product").saleshub_find(line["product_id"])
        price = {"unit_price": Decimal(line["unit_price"]["amount"]), "quantity": line["quantity"]}
        lines.append({"type": "line", "product": product.id, "unit": product.default_uom.id, **price})
    return _made(
        "sale.sale",
        key,
        party=account.id,
        currency=currency_of(payload["lines"][0]["unit_price"]["currency"]).id,
        saleshub_valid_until=dt.date.fromisoformat(payload["valid_until"]),
        saleshub_opportunity=of["opportunity"],
        lines=[("create", lines)],
    )


def _of(payload, account):
    deal = payload.get("opportunity_id")
    model = Pool().get("sale.opportunity")
    found = model.saleshub_find(deal, [("party", "=", account.id)]).id if deal else None
    return {"party": account.id, "opportunity": found}


def _made(model, key, **values):
    [record] = Pool().get(model).create([{**values, "saleshub_keys": key}])
    return record, {}


def _changed(record, key, payload):
    changes, expected = _changes(payload), payload["expected"]
    if payload["operation"] == "set_next_step":
        expected = {"next_step": expected}
    _expect(record, {name: value for name, value in expected.items() if value is not None or name in changes})
    _set(record, key, changes)
    return record, {name: expected[name] for name in changes}


def _changes(payload):
    if payload["operation"] == "set_next_step":
        return {"next_step": payload["next_step"]}
    return {name: value for name, value in payload["changes"].items() if value is not None}


def _expect(record, expected):
    held = record.saleshub_held()
    for name, value in expected.items():
        if not same(held[name], value):
            raise Refused("changed", name)


def _set(record, key, given):
    values = {**record.saleshub_values(_typed(given)), **record.saleshub_marked(key)}
    if hasattr(record, "saleshub_reach"):
        values.update(record.saleshub_reach(given))
    record.write([record], values)


def same(one, other):
    """Whether two values of the hub's fields mean the same; amounts are compared as numbers."""
    if isinstance(one, dict) and isinstance(other, dict) and "amount" in one:
        return one["currency"] == other["currency"] and Decimal(one["amount"]) == Decimal(other["amount"])
    return (one or None) == (other or None)


def _typed(given):
    return {
        name: dt.date.fromisoformat(value) if name == "close_on" and value else value for name, value in given.items()
    }


_OPERATIONS = {
    "log_activity": _log_activity,
    "create_task": _make_request,
    "create_opportunity": _create_opportunity,
    "update_opportunity": _update_opportunity,
    "set_next_step": _update_opportunity,
    "create_contact": _create_contact,
    "update_contact": _update_contact,
    "reserve_stock": _reserve_stock,
    "request_sample": _make_request,
    "draft_quote": _draft_quote,
    "open_review": _make_request,
    "request_amendment": _make_request,
    "schedule_signature": _make_request,
}
OPERATIONS = tuple(_OPERATIONS)
