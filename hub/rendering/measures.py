"""Measures in words and figures, for the screen and for the terminal."""

from dataclasses import dataclass

from core.domain.base import System
from core.domain.boards import Measure, MeasureName, Row, Unit, Verdict
from core.domain.contracts import Department
from core.domain.reviews import DelayReason
from core.language import Lang
from hub.rendering.labels import Labels, load_labels

# Figures that count something; all others are in the unit of their measure or named here.
_COUNTS = frozenset({"waiting", "dropped", "failed", "open", "published", "visits"})
_SHARES = frozenset({"share_within", "confirmed_share", "without_model", "own_visits"})
_SMALLEST = {Unit.HOURS: 0.1, Unit.MINUTES: 0.1, Unit.DAYS: 0.1}


@dataclass(frozen=True)
class MeasureWords:
    """Words for measures in one language; `say` has all other phrases."""

    say: Labels
    names: Labels
    reviews: Labels

    def name(self, measure: Measure) -> str:
        """What a measure is called."""
        return self.say.name(measure.name)

    def about(self, measure: Measure) -> str:
        """What it measures, and what it does not."""
        if measure.name is MeasureName.DATA_FRESHNESS:
            return self.say(f"about_{measure.name}", days=measure.figures["limit_days"] or 0)
        return self.say(f"about_{measure.name}")

    def amount(self, value: float | None, unit: Unit) -> str:
        """A value with its unit; a dash for none, and a bound for what rounds to nothing."""
        if value is None:
            return "–"
        least = _SMALLEST.get(unit, 0)
        if 0 < value < least / 2:
            return self.say("below", value=self.say(f"value_{unit}", value=least))
        return self.say(f"value_{unit}", value=value)

    def target(self, measure: Measure) -> str:
        """The value to reach."""
        if measure.target is None:
            return self.say("no_target")
        phrase = "target_at_least" if measure.target.at_least else "target_at_most"
        return self.say(phrase, value=self.amount(measure.target.value, measure.unit))

    def verdict(self, measure: Measure) -> str:
        """Whether the target is met, or why that is not said."""
        empty = measure.n == 0 and measure.measurable
        return self.say("no_data") if empty else self.say.name(measure.verdict)

    def figures(self, measure: Measure) -> list[tuple[str, str]]:
        """Name and value of the further figures that have a name."""
        found = []
        for key, value in measure.figures.items():
            # Of reviews `waiting` is a time, of requests a number.
            timed = measure.name is MeasureName.REVIEW_CYCLE and key in ("waiting", "working")
            phrase = f"figure_mean_{key}" if timed else f"figure_{key}"
            if phrase in self.say.book.kinds and value is not None:
                found.append((self.say(phrase), self._figure(measure, key, value, timed=timed)))
        return found

    def _figure(self, measure: Measure, key: str, value: float, *, timed: bool) -> str:
        if key in _SHARES:
            return self.amount(value, Unit.SHARE)
        if key in _COUNTS and not timed:
            return self.say.filters["number"](value, 0)
        if key.endswith("_days"):
            return self.amount(value, Unit.DAYS)
        if key == "seconds_p50":
            return self.say("value_seconds", value=value)
        return self.amount(value, measure.unit)

    def part(self, dimension: str, row: Row) -> str:
        """What a part of a measure is called."""
        if dimension == "department":
            return self.names.name(Department(row.key))
        if dimension == "reason" and row.key != "none":
            return self.reviews.name(DelayReason(row.key))
        if dimension == "feed":
            system, kind = row.key.split("/")
            phrase = f"kind_{kind}"
            known = phrase in self.say.book.kinds
            return f"{self.names.name(System(system))} · {self.say(phrase) if known else kind}"
        phrase = f"{dimension}_{row.key}"
        return self.say(phrase) if phrase in self.say.book.kinds else row.key


def load_measure_words(lang: Lang) -> MeasureWords:
    """The words in a language."""
    return MeasureWords(load_labels(lang, "boards"), load_labels(lang), load_labels(lang, "reviews"))


VERDICT_CHIPS = dict.fromkeys(Verdict, "plain") | {Verdict.MET: "", Verdict.MISSED: "high"}
