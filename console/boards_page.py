"""Boards: the measures of the company's work at a glance, each with its trend, its parts and its target."""

from nicegui import ui
from starlette.requests import Request

from console.charts import trend_options
from console.elements import Tag, chip, note, row, table
from console.frame import frame, refuse
from console.session import Session, open_session
from core.domain.boards import ENOUGH, Boards, Measure, Row, Unit, Verdict
from core.errors import ForbiddenError
from core.identity import Role
from hub.boards.measures import LONGEST_WEEKS, measure_company
from hub.installation import Platform
from hub.rendering.measures import VERDICT_CHIPS, MeasureWords, load_measure_words

_SPANS = (4, 12, 26, 52)
_USUAL = 12
_LONG_TABLE = 8


def add_boards_page(platform: Platform) -> None:
    """Register the page at `/boards`."""

    @ui.page("/boards")
    def boards(request: Request, weeks: int = _USUAL) -> None:
        session = open_session(platform, request)
        words = load_measure_words(session.lang)
        with frame(session, words.say("title"), "boards"):
            try:
                found = measure_company(platform, session.caller, min(max(weeks, 1), LONGEST_WEEKS))
            except ForbiddenError:
                refuse(session, words.say("no_role"), words.say("no_role_text"), _whom(session, words))
            else:
                _Boards(words, found, weeks).build()


def _whom(session: Session, words: MeasureWords) -> str:
    names = [user.name for user in session.users if Role.ADMIN in user.roles]
    return words.say("ask_whom", names=names) if names else words.say("ask_admin")


class _Boards:
    def __init__(self, words: MeasureWords, boards: Boards, weeks: int) -> None:
        self._words = words
        self._say = words.say
        self._boards = boards
        self._weeks = weeks

    def build(self) -> None:
        """Draw the tiles, then a panel for each measure."""
        say = self._say
        with Tag("header", classes="top"):
            with ui.element("div"):
                Tag("h1", say("title"))
                note(say("hint"))
                note(say("span", day=self._boards.since.date(), at=self._boards.at))
            with Tag("nav", classes="segments"):
                for weeks in _SPANS:
                    link = Tag("a", say("span_weeks", count=weeks)).props(f"href=/boards?weeks={weeks}")
                    if weeks == self._weeks:
                        link.props("aria-current=page")
        for heading, monitored in (("monitored", True), ("flow", False)):
            Tag("h2", say(heading), "over")
            with ui.element("div").classes("tiles"):
                for measure in self._boards.measures:
                    if measure.monitored is monitored:
                        self._tile(measure)
        with ui.element("div").classes("boards"):
            for measure in self._boards.measures:
                self._panel(measure)

    def _tile(self, measure: Measure) -> None:
        words = self._words
        with Tag("a", classes="tile").props(f"href=#{measure.name}"):
            with ui.element("div").classes("line"):
                Tag("span", words.name(measure), "strong")
                self._verdict(measure)
            Tag("span", words.amount(measure.value, measure.unit), "big" if measure.n else "big none")
            about = [words.target(measure), self._say("count", count=measure.n)]
            Tag("span", " · ".join(about), "soft")
            self._spark(measure)

    def _verdict(self, measure: Measure) -> None:
        if measure.verdict is not Verdict.NONE or not measure.n:
            chip(self._words.verdict(measure), VERDICT_CHIPS[measure.verdict] if measure.n else "plain")

    def _spark(self, measure: Measure) -> None:
        """The weeks as bars no bigger than words; the panel below has them with figures."""
        values = [week.value or 0 for week in measure.weeks]
        most = max(values, default=0)
        with ui.element("div").classes("spark").props("aria-hidden=true"):
            for value in values:
                height = 8 + 92 * value / most if most and value else 4
                Tag("i", classes="" if value else "none").style(f"height: {height:.0f}%")

    def _panel(self, measure: Measure) -> None:
        words, say = self._words, self._say
        with Tag("section", classes="panel board").props(f"id={measure.name}"):
            with ui.element("div").classes("line"):
                Tag("h2", words.name(measure))
                self._verdict(measure)
            note(words.about(measure))
            with Tag("p", classes="headline"):
                Tag("strong", words.amount(measure.value, measure.unit), "big" if measure.n else "big none")
                Tag("span", f"{words.target(measure)} · {say('count', count=measure.n)}", "soft")
                if measure.verdict is Verdict.TOO_FEW and measure.n:
                    Tag("span", say("too_few_why", enough=ENOUGH), "soft")
            figures = words.figures(measure)
            if figures and (measure.n or not measure.measurable):
                with Tag("dl", classes="figures"):
                    for name, value in figures:
                        with ui.element("div"):
                            Tag("dt", name)
                            Tag("dd", value)
            self._trend(measure)
            for dimension, rows in measure.by.items():
                if any(each.n for each in rows):
                    self._part(measure, dimension, rows)

    def _trend(self, measure: Measure) -> None:
        words, say = self._words, self._say
        if not measure.weeks:
            return
        Tag("h3", say("trend"))
        if not any(week.n for week in measure.weeks):
            note(say("trend_none"))
            return
        chart = ui.echart(trend_options(measure, words), renderer="svg").classes("weeks").props("role=img")
        chart.props["aria-label"] = say("trend_of", name=words.name(measure))
        with Tag("details"):
            Tag("summary", say("as_table"))
            rows = table([say("col_week"), say("col_value"), say("col_n")], (1, 2))
            for week in reversed(measure.weeks):
                day = say.filters["date"](week.monday)
                row(rows, day, words.amount(week.value, measure.unit), str(week.n))

    def _part(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        Tag("h3", self._say(f"by_{dimension}"))
        draw = {"feed": self._feeds, "table": self._tables, "step": self._steps, "outcome": self._outcomes}
        draw.get(dimension, self._times)(measure, dimension, rows)

    def _times(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        words = self._words
        columns = [name for name in ("p50", "waiting", "working", "share_within") if self._has(dimension, name, rows)]
        head = [self._say("col_p90"), *(self._say(f"col_{name}") for name in columns), self._say("col_n")]
        made = table([self._say(f"by_{dimension}"), *head], range(1, len(head) + 1))
        for each in rows:
            units = {"share_within": Unit.SHARE}
            cells = [words.amount(each.figures.get(name), units.get(name, measure.unit)) for name in columns]
            row(made, words.part(dimension, each), words.amount(each.value, measure.unit), *cells, str(each.n))

    @staticmethod
    def _has(dimension: str, name: str, rows: tuple[Row, ...]) -> bool:
        # Of requests `waiting` is a number, of reviews a time.
        return all(name in each.figures for each in rows) and not (dimension == "request" and name == "waiting")

    def _feeds(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        limit = measure.figures["limit_days"] or 0
        head = [self._say(f"by_{dimension}"), self._say("col_age"), self._say("col_records")]

        def draw(some: tuple[Row, ...]) -> None:
            made = table(head, (1, 2))
            for each in some:
                age = self._say("ago", value=self._words.amount(each.value, Unit.DAYS))
                late = "bad" if (each.value or 0) > limit else ""
                row(made, self._words.part(dimension, each), (age, late), self._say.filters["number"](each.n))

        draw(rows[:_LONG_TABLE])
        if len(rows) > _LONG_TABLE:
            with Tag("details"):
                Tag("summary", f"+ {len(rows) - _LONG_TABLE}")
                draw(rows[_LONG_TABLE:])

    def _tables(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        head = [self._say(name) for name in ("by_table", "col_median", "col_in_force", "col_versions")]
        made = table(head, (1, 2, 3))
        for each in rows:
            in_force = self._words.amount(each.figures["in_force_days"], Unit.DAYS)
            row(
                made,
                self._words.part(dimension, each),
                self._words.amount(each.value, measure.unit),
                in_force,
                str(each.n),
            )

    def _steps(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        most = max(each.n for each in rows)
        with ui.element("div").classes("bars"):
            for each in rows:
                self._bar(self._words.part(dimension, each), each.n / most, self._say.filters["number"](each.n))

    def _outcomes(self, measure: Measure, dimension: str, rows: tuple[Row, ...]) -> None:
        with ui.element("div").classes("bars"):
            for each in rows:
                share = each.value or 0
                self._bar(self._words.part(dimension, each), share, self._words.amount(share, Unit.SHARE))

    @staticmethod
    def _bar(name: str, share: float, text: str) -> None:
        Tag("span", name)
        with Tag("span", classes="bar").style("--c: var(--accent)"):
            Tag("i").style(f"width: {share * 100:.1f}%")
        Tag("span", text, "n")
