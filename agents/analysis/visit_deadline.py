"""By when the customer needs the goods, and whether they take them in parts, in the customer's own sentences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agents.analysis.due_dates import days_until_due
from core.domain.views.operations import Cover
from core.domain.views.stage import Signal

_GOODS = re.compile(
    r"\bon site\b|deliver|arriv|in place|\binstalled\b|\brunning\b|start.?up|shipped"
    r"|(?:need|want) (?:it|them|all|every)"
    r"|到货|交货|到位|现场|投产|上线|发货|交付|送到|装好",
    re.IGNORECASE,
)
# What else customers set a date for: papers and answers.
_PAPERS = re.compile(
    r"\b(?:quote|quotation|offer|proposal|decision|decide|sign|signed|answer|reply|confirm)\b|报价|答复|回复|签约|签字|决定|方案|确认",
    re.IGNORECASE,
)
_NO_PARTS = re.compile(
    r"\b(?:no|not|never|without) (?:any |in )?(?:part|partial|split)[- ](?:deliver|shipment)\w*"
    r"|\bnot \w+ now and \w+ later|\ball (?:\w+ )?(?:at once|together)\b|\bin one (?:delivery|shipment|go)\b"
    r"|不(?:接受|同意|能|要|可以?|允许)分批|分批.{0,6}(?:不接受|不行|不可以|不同意)|一次性?(?:到货|交货|交付|到齐)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which the customer needs the goods, and the sentence that says so."""

    by: date
    said: Signal

    def days_late(self, cover: Cover | None) -> int | None:
        """Days by which the earliest complete delivery misses the day; None when it holds or is not known."""
        if cover is None or cover.ready_on is None or cover.ready_on <= self.by:
            return None
        return (cover.ready_on - self.by).days


def find_deadline(signals: Iterable[Signal], today: date) -> Deadline | None:
    """The latest word of the customer on a day still to come; their own words go before reported ones."""
    for signal in _latest_first(signals):
        if not _GOODS.search(signal.quote) or _PAPERS.search(signal.quote):
            continue
        said_on = signal.at.date()
        days = days_until_due(signal.quote, said_on)
        if days is not None and said_on + timedelta(days=days) >= today:
            return Deadline(said_on + timedelta(days=days), signal)
    return None


def refuses_parts(signals: Iterable[Signal]) -> bool:
    """Whether the customer has said that part deliveries are no help."""
    return any(_NO_PARTS.search(signal.quote) for signal in signals)


def _latest_first(signals: Iterable[Signal]) -> list[Signal]:
    return sorted(signals, key=lambda signal: (not signal.reported, signal.at), reverse=True)
