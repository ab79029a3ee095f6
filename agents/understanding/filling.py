"""From a request for a tool to its calls: one, or one for each record where several are named."""

import re
from dataclasses import replace

from agents.understanding.choices import choose
from agents.understanding.frame import Draft, Frame
from agents.understanding.names import Kind
from agents.understanding.questions import QUESTIONS
from agents.understanding.writes import WRITES

_OF_ACCOUNT = frozenset(
    [
        "find_account",
        "find_approval_path",
        "find_experts",
        "find_interactions",
        "find_market_moves",
        "find_people",
        "find_references",
        "find_stage",
        "list_contracts",
        "list_opportunities",
        "list_orders",
        "list_risks",
        "list_signals",
        "suggest_proposal",
        "recall_history",
        "find_visit",
    ]
)
_SEVERAL = {
    **dict.fromkeys(_OF_ACCOUNT, Kind.ACCOUNT),
    "find_price": Kind.PRODUCT,
    "find_contact": Kind.CONTACT,
    "find_opportunity": Kind.DEAL,
}
_MANY_ACCOUNTS = 0.6
_SIDE_BY_SIDE = re.compile(r",|\b(?:and|or|plus|as well as)\b|&|/|以及|还有|和|跟|与|及|又")


def fill(tool: str, frame: Frame) -> list[Draft]:
    """The calls of a request; their gaps say what is still open."""
    kind = _SEVERAL.get(tool)
    named = _named(frame, kind) if kind else []
    if kind and len(named) > 1:
        return [fill_one(tool, replace(frame, only={kind: each})) for each in named]
    if tool == "find_people" and len(roles := _roles(frame)) > 1:
        return [fill_one(tool, replace(frame, given={**frame.given, "role": role})) for role in roles]
    draft = fill_one(tool, frame)
    if tool in WRITES and len(_named(frame, Kind.ACCOUNT)) > 1:
        draft.sure *= _MANY_ACCOUNTS
    return [draft]


def _roles(frame: Frame) -> list[str]:
    """The parts that people play, one after another, as far as they are asked for side by side."""
    if "role" in frame.given:
        return []
    found = (choose("roles", piece) for piece in _SIDE_BY_SIDE.split(frame.spelled))
    return list(dict.fromkeys(role for role in found if role is not None))


def fill_one(tool: str, frame: Frame) -> Draft:
    """One call of a request."""
    draft = Draft(tool)
    (QUESTIONS.get(tool) or WRITES[tool])(frame, draft)
    for slot, value in frame.given.items():
        if slot not in draft.args and not any(gap.slot == slot for gap in draft.gaps):
            draft.args[slot] = value
    return draft


def _named(frame: Frame, kind: Kind) -> list[str]:
    """The records of a kind that are named without doubt, once each."""
    found = [sign.mention.ids(kind) for sign in frame.of(kind) if sign.mention]
    if any(len(ids) != 1 for ids in found):
        return []
    return list(dict.fromkeys(ids[0] for ids in found))
