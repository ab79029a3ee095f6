"""The market agent: competitors' moves that matter to this account and its deals."""

from collections.abc import Sequence

from agents.analysis.market_relevance import (
    MENTION_DAYS,
    Mention,
    Scored,
    Setting,
    find_mentions,
    score_notes,
    without_repeats,
)
from agents.analysis.names import build_finder
from agents.analysis.quoting import quoted
from agents.analysis.signals import find_signals
from agents.analysis.voices import customer_lines, our_names
from agents.spec import AgentInput, AgentOutput, AgentSpec, Notebook
from core.domain.accounts import Account
from core.domain.claims import ClaimState, Section, Sentence, sentences_of
from core.domain.contracts import Department
from core.domain.deals import Opportunity
from core.domain.interactions import Interaction
from core.domain.market import MarketNote, MoveKind
from core.domain.views.market import MarketView, Move
from core.domain.views.stage import SignalKind
from core.text import normalise_name

MOVES_SHOWN = 6
REASONS_SAID = 3
_MONEY_DEPARTMENTS = (Department.SALES, Department.FINANCE)


class MarketInput(AgentInput):
    """The account with its deals, what is known of competitors, and what was said; None means not readable."""

    account: Account
    opportunities: tuple[Opportunity, ...] | None = None
    notes: tuple[MarketNote, ...] | None = None
    interactions: tuple[Interaction, ...] = ()


def _named(mention: Mention) -> Sentence | Interaction:
    """The sentence that names the competitor, or the interaction where the name stands in the subject."""
    finder = build_finder([mention.competitor])
    sentences = sentences_of(mention.interaction)
    return next((one for one in sentences if finder.find(one.text)), mention.interaction)


def _why(notebook: Notebook, scored: Scored) -> tuple[str, ...]:
    ties, params = scored.ties, dict[str, dict[str, object]]()
    if ties.deal is not None:
        params["deal"] = {"deal": quoted(ties.deal.name, 60) or ties.deal.id}
        params["words"] = {"words": ties.words[:3], **params["deal"]}
    if ties.mention is not None:
        params["named"] = {"at": ties.mention.interaction.at.date()}
    strongest = sorted(ties.strength, key=lambda tie: -ties.strength[tie])
    return tuple(notebook.phrase(f"why_{tie}", **params.get(tie, {})) for tie in strongest)


def _sources(scored: Scored) -> list[MarketNote | Opportunity | Sentence | Interaction]:
    ties = scored.ties
    sources: list[MarketNote | Opportunity | Sentence | Interaction] = [scored.note, *scored.same]
    if ties.deal is not None and ties.strength.keys() & {"deal", "words"}:
        sources.append(ties.deal)
    if ties.mention is not None:
        sources.append(_named(ties.mention))
    return sources


def _move(notebook: Notebook, scored: Scored) -> Move:
    note = scored.note
    why = _why(notebook, scored)
    sources = _sources(scored)
    notebook.claim(
        Section.COMPETITORS,
        f"move_{note.move}",
        *sources,
        departments=_MONEY_DEPARTMENTS if note.move is MoveKind.PRICE else (),
        competitor=quoted(note.competitor, 60),
        at=note.at,
        title=quoted(note.title) or quoted(note.text) or note.id,
        why=why[:REASONS_SAID],
    )
    return Move(
        competitor=note.competitor,
        move=note.move,
        title=note.title,
        at=note.at,
        relevance=round(scored.relevance, 4),
        why=why,
        evidence=notebook.cite(sources),
    )


def _active(given: MarketInput, mentions: tuple[Mention, ...]) -> dict[str, list[Sentence | Interaction | Opportunity]]:
    """Competitors in play and what shows it, the one named last first, then those listed on deals only."""
    active: dict[str, list[Sentence | Interaction | Opportunity]] = {}
    for mention in mentions:
        active.setdefault(mention.competitor, []).append(_named(mention))
    known = build_finder([*active, *(note.competitor for note in given.notes or ())])
    for deal in given.opportunities or ():
        if deal.stage.is_open and deal.competitor and deal.competitor.strip():
            for name in known.find(deal.competitor) or (deal.competitor.strip(),):
                active.setdefault(name, []).append(deal)
    return active


def _ever_named(names: Sequence[str], given: MarketInput) -> bool:
    """Whether any exchange on record names a competitor, known or told by the context, whoever wrote it."""
    finder, own = build_finder(names), frozenset(map(normalise_name, (given.account.name, *given.account.aliases)))
    ours = our_names(given.interactions)
    return any(
        finder.find(f"{one.subject or ''}\n{one.text}")
        or any(
            found.kind is SignalKind.COMPETITOR
            for line in customer_lines(one, ours)
            for found in find_signals(line, {}, own)
        )
        for one in given.interactions
        if 0 <= (given.today - one.at.date()).days <= MENTION_DAYS
    )


def run(given: MarketInput) -> AgentOutput[MarketView]:
    """At most `MOVES_SHOWN` relevant moves, most relevant first, and the competitors in play."""
    notebook = Notebook("market", given)
    notes = given.notes or ()
    deals = tuple(deal for deal in given.opportunities or () if deal.stage.is_open)
    names = [note.competitor for note in notes] + [deal.competitor for deal in deals if deal.competitor]
    names += [deal.competitor for deal in given.opportunities or () if deal.competitor and not deal.stage.is_open]
    mentions = find_mentions(build_finder(names), given.interactions, given.today)
    active = _active(given, mentions)
    evidence = {}
    for name, sources in active.items():
        shown = sources[:3]
        latest = next((mention.interaction.at.date() for mention in mentions if mention.competitor == name), None)
        listed = next((quoted(one.name, 60) or one.id for one in sources if isinstance(one, Opportunity)), None)
        notebook.claim(
            Section.COMPETITORS,
            "active",
            *shown,
            competitor=quoted(name, 60),
            at=latest,
            times=len(sources),
            deal=listed,
        )
        evidence[name] = notebook.cite(shown)
    scored = score_notes(notes, Setting(given.account, given.today, deals, mentions))
    moves = [_move(notebook, one) for one in without_repeats(scored, MOVES_SHOWN)]
    if given.notes is not None and not moves and not active and not _ever_named(names, given):
        notebook.claim(
            Section.COMPETITORS,
            "quiet",
            given.account,
            state=ClaimState.INFERRED,
            notes=len(notes),
            name=given.account.name,
        )
    return notebook.output(MarketView(moves=tuple(moves), active=tuple(active), active_evidence=evidence))


SPEC = AgentSpec(
    name="market",
    purpose="Competitors' moves relevant to this account and its deals, and the competitors in play",
    input_model=MarketInput,
    output_model=AgentOutput[MarketView],
    run=run,
)
