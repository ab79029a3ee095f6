"""What an expected call leaves behind: the effect that it proposes, as far as the call says."""

from collections.abc import Mapping
from typing import Any

from core.domain.payloads import Operation
from evals.suites.chat.cases import ANY

WRITES = frozenset(operation.value for operation in Operation)
_RECORDS = {
    "account": "account_id",
    "deal": "opportunity_id",
    "product": "product_id",
    "contract": "contract_id",
    "contact": "contact_id",
}
# What these change is held apart from whom or what they change.
_CHANGING = {
    Operation.UPDATE_OPPORTUNITY.value: frozenset({"account", "deal"}),
    Operation.UPDATE_CONTACT.value: frozenset({"account", "contact"}),
}


def expected_payload(operation: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the payload that the arguments fix; what they leave open is not in it."""
    fixed = {name: value for name, value in args.items() if value != ANY}
    named = _CHANGING.get(operation)
    if named is None:
        return _fields(fixed)
    changed = {name: value for name, value in fixed.items() if name not in named}
    return {**_fields({name: fixed[name] for name in named & fixed.keys()}), "changes": _fields(changed)}


def _fields(args: Mapping[str, Any]) -> dict[str, Any]:
    fields = {_RECORDS.get(name, name): value for name, value in args.items() if name != "currency"}
    for amount, name in (("amount", "amount"), ("unit_price", "unit_price")):
        if amount in args:
            fields[name] = {"amount": args[amount], "currency": args.get("currency", ANY)}
    if "lines" in args:
        fields["lines"] = [{"unit_price": ANY, "discount": ANY, **_fields(line)} for line in args["lines"]]
    return fields
