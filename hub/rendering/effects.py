"""Effects in words: what people call operations, fields and values, and what to do about one that was given up."""

import re
from dataclasses import dataclass

from core.domain.effects import Change, Delivery, Effect, Seat
from core.domain.payloads import Operation
from core.language import Lang
from hub.rendering.labels import Labels, load_labels
from hub.rendering.refusals import translate

_NUMBERED = re.compile(r"line_(\d+)")
# Fields by which people tell effects of one operation apart, the most telling first.
_TELLING = ("line_1", "product_id", "subject", "next_step", "name", "clause", "contract_id", "stage", "amount")
_CODES = frozenset({"form", "stage", "clause"})
_REMEDIES = {
    **dict.fromkeys(("down", "timeout", "malformed", "throttled"), "remedy_again"),
    **dict.fromkeys(("changed", "unknown", "invalid", "short", "unapproved", "expired"), "remedy_anew"),
    "forbidden": "remedy_rights",
    "mismatch": "remedy_compare",
}


@dataclass(frozen=True)
class EffectWords:
    """Words for effects in one language; `say` has all other phrases."""

    say: Labels

    def field(self, change: Change) -> str:
        """What people call the field."""
        numbered = _NUMBERED.fullmatch(change.field)
        return self.say("field_line", number=numbered[1]) if numbered else self.say(f"field_{change.field}")

    def value(self, effect: Effect, change: Change, value: str | None) -> str:
        """The old or new value of a change; codes as words, nothing as a dash."""
        if value is None:
            return "—"
        coded = change.field in _CODES or (
            change.field == "department" and effect.payload.operation is Operation.OPEN_REVIEW
        )
        known = coded and f"value_{value}" in self.say.book.kinds
        return self.say(f"value_{value}") if known else value

    def gist(self, effect: Effect) -> str:
        """What is written, with what tells it from others of its kind: the product, the subject, the next step."""
        told = {change.field: change for change in effect.preview}
        name = self.say.name(effect.payload.operation)
        found = next((told[field] for field in _TELLING if field in told), None)
        return name if found is None else self.say.pair(name, self.value(effect, found, found.new or found.old))

    def reason(self, seat: Seat) -> str:
        """Why somebody must agree, in the language where the policy has it."""
        return (seat.reason_zh if self.say.lang is Lang.ZH else None) or seat.reason

    def error(self, delivery: Delivery) -> str | None:
        """What went wrong with a sending, with what the system said; None when nothing did."""
        if delivery.error is None:
            return None
        phrase = f"error_{delivery.error}"
        known = phrase in self.say.book.kinds
        problem = self.say(phrase) if known else self.say("error_other", code=delivery.error)
        return problem + (
            self.say.aside(translate(delivery.error_detail, self.say.lang)) if delivery.error_detail else ""
        )

    def remedy(self, delivery: Delivery) -> str:
        """What a person can do about a sending that was given up."""
        phrase = _REMEDIES.get(delivery.error or "", "remedy_again")
        return self.say(phrase) if phrase == "remedy_anew" else self.say(phrase, id=delivery.effect_id)


def load_effect_words(lang: Lang) -> EffectWords:
    """The words in a language."""
    return EffectWords(load_labels(lang, "effects"))
