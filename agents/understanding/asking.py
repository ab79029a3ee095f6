"""What is asked back, in whole sentences, and the answers that are offered."""

from agents.understanding.dialogue import Option
from agents.understanding.frame import Gap
from core.domain.chat import Choice, Reason
from core.language import Lang
from prompts.loader import load_phrases

_KINDS = {
    "account": "account",
    "account_id": "account",
    "product": "product",
    "product_id": "product",
    "product_ids": "product",
    "contact": "contact",
    "contact_id": "contact",
    "person_id": "contact",
    "deal": "deal",
    "opportunity_id": "deal",
}
_CHANGED = frozenset({"stage", "title", "email", "phone", "department"})
FREE_TEXT = frozenset({"subject", "name", "next_step", "question", "wording", "reason", "purpose", "query"})


def word_question(gap: Gap, lang: Lang) -> str:
    """The question that closes a gap."""
    book = load_phrases("understanding")
    kind = _KINDS.get(gap.slot)
    labels = [option.label for option in gap.options]
    if kind and gap.reason is Reason.NOT_FOUND:
        return book.render(f"unknown_{kind}", lang, said=gap.said)
    if kind == "account" and labels and gap.said:
        return book.render("which_account", lang, said=gap.said, names=labels)
    if kind and kind != "account" and labels:
        return book.render(f"which_{kind}", lang, names=labels)
    slot = kind or ("value" if gap.slot in _CHANGED else "days" if gap.slot == "quiet_for_days" else gap.slot)
    name = f"missing_{slot}"
    return book.render(name if name in book.kinds else "missing_other", lang)


def word_choices(gap: Gap) -> tuple[Choice, ...]:
    """Ready answers to a question back."""
    return tuple(Choice(label=option.label, message=_message(gap.slot, option)) for option in gap.options)


def _message(slot: str, option: Option) -> str:
    return option.value if _KINDS.get(slot) in ("deal", "product") else option.label
