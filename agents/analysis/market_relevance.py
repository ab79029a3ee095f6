"""How much a market note matters to one account and its open deals.

Each fact that ties the note to the account has a strength w in 0–1. Independent ties add up as a noisy-or
(Pearl, 1988): `tie = 1 - Π(1 - wᵢ)`, so that one more tie never lowers the score and no sum passes 1. Age then takes
its share: `relevance = tie · ½^(age / half-life)`; a note about another industry or another region counts for less, by
the factors in `ELSEWHERE`. The score is monotone: it rises with every tie, and falls with age and distance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import prod

from agents.analysis.names import NameFinder, build_finder
from agents.analysis.words import content_words, likeness
from core.domain.accounts import Account
from core.domain.deals import Opportunity
from core.domain.interactions import Author, Interaction, InteractionKind
from core.domain.market import MarketNote
from core.text import normalise_name

HALF_LIFE_DAYS = 120
MENTION_DAYS = 180
UNDATED = 0.5
SHOWN_FROM = 0.15
SAME_STORY = 0.6

# Strength of each tie alone. Naming the account or standing on its deal is about this very customer; industry and
# region alone fit many customers, hence below a quarter each.
STRENGTH = {"account": 0.6, "deal": 0.5, "named": 0.4, "industry": 0.2, "words": 0.2, "region": 0.15}
ELSEWHERE = {"industry": 0.6, "region": 0.7}
_ENOUGH_WORDS = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """An interaction in which the account's side named a competitor."""

    competitor: str
    interaction: Interaction


@dataclass(frozen=True, slots=True)
class Setting:
    """What notes are compared with: the account, its open deals, and who was named, newest mention first."""

    account: Account
    today: date
    deals: tuple[Opportunity, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a note to the setting. `words` are shared content words, `strength` is 0–1 for each tie found."""

    strength: dict[str, float]
    deal: Opportunity | None = None
    mention: Mention | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A note with its relevance (0–1), its ties, and the notes that tell the same story."""

    note: MarketNote
    relevance: float
    ties: Ties
    same: tuple[MarketNote, ...] = ()


def relevance(strengths: Iterable[float], age_days: int | None) -> float:
    """The score of the module's formula; `age_days` None means undated and counts as one half-life."""
    tie = 1 - prod(1 - min(max(strength, 0.0), 1.0) for strength in strengths)
    freshness = UNDATED if age_days is None else 0.5 ** (max(age_days, 0) / HALF_LIFE_DAYS)
    return tie * freshness


def find_mentions(finder: NameFinder, interactions: Iterable[Interaction], today: date) -> tuple[Mention, ...]:
    """Competitors named by the account's side within `MENTION_DAYS` of `today`, newest first.

    Our own mails do not count: that we wrote a name proves nothing. Our notes and minutes do, they report the customer.
    """
    found = []
    for one in interactions:
        ours = one.author is Author.INTERNAL and one.form in (InteractionKind.MAIL, InteractionKind.POST)
        if ours or not 0 <= (today - one.at.date()).days <= MENTION_DAYS:
            continue
        found += [Mention(name, one) for name in finder.find(f"{one.subject or ''}\n{one.text}")]
    return tuple(sorted(found, key=lambda mention: (mention.interaction.at, mention.interaction.id), reverse=True))


_key = lru_cache(maxsize=1024)(normalise_name)


def _same_name(one: str | None, other: str | None) -> bool:
    return bool(one and other and one.strip()) and _key(one or "") == _key(other or "")


def _elsewhere(one: str | None, other: str | None) -> bool:
    """Whether both are known and differ."""
    return bool(one and other) and not _same_name(one, other)


def _listed_on(competitor: str, deals: Sequence[Opportunity]) -> Opportunity | None:
    finder = build_finder([competitor])
    return next((deal for deal in deals if deal.competitor and finder.find(deal.competitor)), None)


def _shared_words(note: MarketNote, setting: Setting) -> tuple[Opportunity | None, tuple[str, ...]]:
    told = content_words(f"{note.title} {note.text}"[:2000])
    names = content_words(f"{note.competitor} {setting.account.name} {' '.join(setting.account.aliases)}")
    best: tuple[Opportunity | None, tuple[str, ...]] = (None, ())
    for deal in setting.deals:
        shared = tuple(sorted((content_words(f"{deal.name} {deal.product_id or ''}") & told) - names))
        if len(shared) > len(best[1]):
            best = (deal, shared)
    return best


def find_ties(note: MarketNote, setting: Setting, own_name: NameFinder) -> Ties:
    """Everything that ties `note` to the account and its open deals; `own_name` finds the account's names."""
    account = setting.account
    strength: dict[str, float] = {}
    if note.account_id == account.id or own_name.find(f"{note.title}\n{note.text}"):
        strength["account"] = STRENGTH["account"]
    deal = _listed_on(note.competitor, setting.deals)
    if deal is not None:
        strength["deal"] = STRENGTH["deal"]
    mention = next((one for one in setting.mentions if _same_name(one.competitor, note.competitor)), None)
    if mention is not None:
        strength["named"] = STRENGTH["named"]
    like_deal, words = _shared_words(note, setting)
    if words:
        strength["words"] = STRENGTH["words"] * min(1.0, len(words) / _ENOUGH_WORDS)
    if _same_name(note.industry, account.industry):
        strength["industry"] = STRENGTH["industry"]
    if _same_name(note.region, account.region):
        strength["region"] = STRENGTH["region"]
    return Ties(strength, deal or like_deal, mention, words)


def _nearness(note: MarketNote, account: Account, ties: Ties) -> float:
    """1, less what `ELSEWHERE` takes; a note that names the account is near wherever it comes from."""
    if "account" in ties.strength:
        return 1.0
    industry = ELSEWHERE["industry"] if _elsewhere(note.industry, account.industry) else 1.0
    return industry * (ELSEWHERE["region"] if _elsewhere(note.region, account.region) else 1.0)


def score_notes(notes: Iterable[MarketNote], setting: Setting) -> list[Scored]:
    """Notes at or above `SHOWN_FROM`, most relevant first; notes dated after `today` are not known yet."""
    own_name = build_finder((setting.account.name, *setting.account.aliases))
    scored = []
    for note in notes:
        age = None if note.at is None else (setting.today - note.at).days
        if age is not None and age < 0:
            continue
        ties = find_ties(note, setting, own_name)
        score = relevance(ties.strength.values(), age) * _nearness(note, setting.account, ties)
        if score >= SHOWN_FROM:
            scored.append(Scored(note, score, ties))
    return sorted(scored, key=lambda one: (-one.relevance, -_ordinal(one.note.at), one.note.id))


def without_repeats(scored: Iterable[Scored], limit: int) -> list[Scored]:
    """The first `limit` stories; a note much like an earlier one of the same competitor joins that one as `same`."""
    kept: list[Scored] = []
    for one in scored:
        twin = next((i for i, other in enumerate(kept) if _tells_the_same(one.note, other.note)), None)
        if twin is not None:
            kept[twin] = Scored(kept[twin].note, kept[twin].relevance, kept[twin].ties, (*kept[twin].same, one.note))
        elif len(kept) < limit:
            kept.append(one)
    return kept


def _tells_the_same(one: MarketNote, other: MarketNote) -> bool:
    if not _same_name(one.competitor, other.competitor) or one.move is not other.move:
        return False
    titles = likeness(one.title, other.title)
    return titles >= SAME_STORY and likeness(f"{one.title}{one.text}", f"{other.title}{other.text}") >= SAME_STORY / 2


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
