"""What is measured of a company's work with the hub, in the terms in which a board shows it."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from core.domain.base import Frozen, System
from core.domain.chat import AnswerStatus
from core.domain.effects import EffectStatus
from core.identity import Role

# With fewer there is a figure, but no judgement.
ENOUGH = 5


class MeasureName(StrEnum):
    """What is measured; docs/reference/boards.md defines each."""

    RESPONSE_TIME = "response_time"
    PACKAGE_TIME = "package_time"
    REVIEW_CYCLE = "review_cycle"
    ADOPTION = "adoption"
    DATA_FRESHNESS = "data_freshness"
    PROCESS_CHANGE = "process_change"
    SELF_SERVICE = "self_service"


class Unit(StrEnum):
    """In what a measure counts; a share is between 0 and 1."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    SHARE = "share"


class Verdict(StrEnum):
    """Whether the target is met; `too_few` items to say so, `unmeasured` while none can be, `none` without a target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too_few"
    UNMEASURED = "unmeasured"
    NONE = "none"


class Target(Frozen):
    """The value to reach: no more than it, or with `at_least` no less."""

    value: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it."""
        return value >= self.value if self.at_least else value <= self.value


class Week(Frozen):
    """A measure over the `n` items of one week, which begins on `monday` (UTC); no value without items."""

    monday: date
    value: float | None
    n: int


class Row(Frozen):
    """A part of what was measured: `key` is a department, a reason, a kind of request …; `figures` by name."""

    key: str
    n: int
    value: float | None = None
    figures: dict[str, float | None] = Field(default_factory=dict)


class Measure(Frozen):
    """One measure: its value over `n` items, by week and by part (`by`: dimension to rows).

    `figures` are further values by name, `monitored` marks the four dimensions that the company watches. What would be
    counted is not on record yet where `measurable` is false: then there is no value, whatever the figures say.
    """

    name: MeasureName
    unit: Unit
    value: float | None
    n: int
    target: Target | None = None
    monitored: bool = False
    measurable: bool = True
    figures: dict[str, float | None] = Field(default_factory=dict)
    weeks: tuple[Week, ...] = ()
    by: dict[str, tuple[Row, ...]] = Field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Whether the target is met, said only of enough items."""
        if not self.measurable:
            return Verdict.UNMEASURED
        if self.target is None:
            return Verdict.NONE
        if self.value is None or self.n < ENOUGH:
            return Verdict.TOO_FEW
        return Verdict.MET if self.target.is_met(self.value) else Verdict.MISSED


class Boards(Frozen):
    """All measures, of what began since `since`; what is a state and no flow is as of `at`."""

    at: AwareDatetime
    since: AwareDatetime
    measures: tuple[Measure, ...]

    def of(self, name: MeasureName) -> Measure:
        """The measure of that name."""
        return next(measure for measure in self.measures if measure.name is name)


class Asked(Frozen):
    """A request or message, and when it was answered; `dropped` ones never will be. `roles` are the requester's."""

    kind: str
    at: AwareDatetime
    answered_at: AwareDatetime | None = None
    dropped: bool = False
    roles: frozenset[Role] = frozenset()


class Answered(Frozen):
    """How a question of chat ended, how long it took, and how often a language model was called for it."""

    at: AwareDatetime
    status: AnswerStatus
    model_calls: int
    seconds: float


class Followed(Frozen):
    """A package: how many recommendations it gave, and the writes it led to, counted by status."""

    at: AwareDatetime
    recommended: int
    effects: dict[EffectStatus, int]


class Fed(Frozen):
    """A kind of record of one system: when it last came in, and how many are held."""

    system: System
    kind: str
    last_good_at: AwareDatetime
    records: int
