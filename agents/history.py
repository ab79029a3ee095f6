"""What went before: the latest exchanges, those that bear on the purpose, and what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.analysis.journey import in_order
from agents.analysis.quotes import names_by_address, said_by, shortened
from agents.analysis.salience import open_questions, telling_line
from agents.analysis.voices import Line, lines_of, our_names
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account, Contact
from core.domain.base import Frozen
from core.domain.claims import ClaimState, Section
from core.domain.interactions import Interaction, InteractionKind
from core.domain.views.history import HistoryView, Moment
from core.text import split_sentences

_RECENT, _RECALLED = 5, 5
_RECENT_CLAIMS, _RECALLED_CLAIMS, _OPEN_CLAIMS = 3, 2, 2


class Recalled(Frozen):
    """A passage that memory found for the purpose: verbatim `quote`, larger `score` is closer."""

    interaction_id: str
    quote: str
    score: float


class HistoryInput(AgentInput):
    """`recalled` None: memory could not be searched. Ids that are not among `interactions` are passed over."""

    account: Account
    interactions: tuple[Interaction, ...] | None = None
    recalled: tuple[Recalled, ...] | None = None
    purpose: str = ""
    contacts: tuple[Contact, ...] | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """An exchange worth showing with the sentence that stands for it."""

    interaction: Interaction
    line: Line
    relevant: bool


def run(given: HistoryInput) -> AgentOutput[HistoryView]:
    """Choose the moments, newest first, and write at most eight claims."""
    ordered = in_order(given.interactions or ())
    notebook = Notebook("history", given)
    if not ordered:
        if given.interactions is not None:
            name = given.account.name
            notebook.claim(Section.HISTORY, "nothing", given.account, state=ClaimState.INFERRED, account=name)
        return notebook.output(HistoryView())
    picks = choose(ordered, given.recalled or ())
    view = HistoryView(
        total=len(ordered),
        first_at=ordered[0].at,
        last_at=last_exchange(ordered).at,
        moments=tuple(_moment(notebook, pick) for pick in picks),
    )
    _write_last(notebook, given, ordered)
    names = names_by_address(given.contacts or ())
    recent = [pick for pick in picks if not pick.relevant][:_RECENT_CLAIMS]
    relevant = [pick for pick in picks if pick.relevant][:_RECALLED_CLAIMS]
    for kind, chosen in (("recent", recent), ("relevant", relevant)):
        for pick in chosen:
            _write_pick(notebook, kind, pick, names)
    _write_open(notebook, given, ordered)
    return notebook.output(view)


def choose(ordered: Sequence[Interaction], recalled: Sequence[Recalled]) -> list[Pick]:
    """The five latest exchanges and the five best recalled, each once, newest first.

    One that is both counts as relevant, with the recalled words.
    """
    known = {interaction.id: interaction for interaction in ordered}
    picks: dict[str, Pick] = {}
    for hit in sorted(recalled, key=lambda hit: -hit.score):
        interaction = known.get(hit.interaction_id)
        line = _recalled_line(interaction, hit.quote) if interaction else None
        if interaction and line and interaction.id not in picks and len(picks) < _RECALLED:
            picks[interaction.id] = Pick(interaction, line, relevant=True)
    for interaction in reversed(ordered[-_RECENT:]):
        line = telling_line(interaction)
        if line and interaction.id not in picks:
            picks[interaction.id] = Pick(interaction, line, relevant=False)
    return sorted(picks.values(), key=lambda pick: (pick.interaction.at, pick.interaction.id), reverse=True)


def last_exchange(ordered: Sequence[Interaction]) -> Interaction:
    """The latest exchange with the customer, which a note of our own is not; the latest record when there is none."""
    notes = (InteractionKind.NOTE, InteractionKind.POST)
    return next((one for one in reversed(ordered) if one.form not in notes), ordered[-1])


def _recalled_line(interaction: Interaction, quote: str) -> Line | None:
    """The longest sentence of the interaction that stands in the quote, else its most telling one."""
    parts = set(split_sentences(quote))
    inside = [line for line in lines_of(interaction) if line.text in parts or line.text in quote]
    return max(inside, key=lambda line: len(line.words), default=None) or telling_line(interaction)


def _moment(notebook: Notebook, pick: Pick) -> Moment:
    return Moment(
        interaction=pick.interaction.id,
        form=pick.interaction.form,
        at=pick.interaction.at,
        subject=pick.interaction.subject,
        quote=pick.line.text,
        why=notebook.phrase("why_relevant" if pick.relevant else "why_recent"),
        evidence=notebook.cite([pick.line.source])[0],
    )


def _write_last(notebook: Notebook, given: HistoryInput, ordered: Sequence[Interaction]) -> None:
    last = last_exchange(ordered)
    notebook.claim(
        Section.HISTORY,
        "last_contact",
        last,
        ordered[0],
        account=given.account.name,
        days=max((given.today - last.at.date()).days, 0),
        last=last.at.date(),
        form=notebook.phrase(f"form_{last.form}"),
        total=len(ordered),
        first=ordered[0].at.date(),
    )


def _write_pick(notebook: Notebook, kind: str, pick: Pick, names: Mapping[str, str]) -> None:
    notebook.claim(
        Section.HISTORY,
        kind,
        pick.line.source,
        at=pick.interaction.at.date(),
        form=notebook.phrase(f"form_{pick.interaction.form}"),
        subject=shortened(pick.interaction.subject or ""),
        who=said_by(pick.line, notebook, names) if pick.line.speaker or pick.interaction.sender else "",
        quote=shortened(pick.line.words),
    )


def _write_open(notebook: Notebook, given: HistoryInput, ordered: Sequence[Interaction]) -> None:
    for line in open_questions(ordered, our_names(ordered), given.today)[:_OPEN_CLAIMS]:
        notebook.claim(
            Section.HISTORY,
            "open_question",
            line.source,
            state=ClaimState.INFERRED,
            who=said_by(line, notebook, names_by_address(given.contacts or ())),
            at=line.interaction.at.date(),
            quote=shortened(line.words),
        )


SPEC = AgentSpec(
    name="history",
    purpose="Recall the latest exchanges with the account, those that bear on the purpose, and open questions.",
    input_model=HistoryInput,
    output_model=AgentOutput[HistoryView],
    run=run,
)
