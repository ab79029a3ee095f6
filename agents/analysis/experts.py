"""Which technical expert fits a visit.

`score = 0.50·family + 0.25·language + 0.15·place + 0.10·skills`, each part 0–1, a quarter less when the expert is busy
on the day, and 0.3 more (1 at most) for an expert whom the customer names. Family is the share of the visit's product
families covered, two thirds of it for the foremost deal's; two fitting skills give the full part. An expert who covers
neither a family nor a skill, and whom nobody named, is not proposed when the visit is about anything in particular.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from agents.analysis.fit import Need, family_share, matching_skills, shared_families
from agents.analysis.names import build_finder
from agents.analysis.places import language_codes, local_languages
from agents.analysis.voices import Line
from core.domain.resources import Busy, Expert
from core.policy.countries import country_code
from core.text import normalise_name

WEIGHT = {"family": 0.50, "language": 0.25, "place": 0.15, "skills": 0.10}
BUSY_FACTOR = 0.75
NAMED = 0.3
_ENOUGH_SKILLS = 2


@dataclass(frozen=True, slots=True)
class ExpertFit:
    """An expert with the parts of the score; `busy` is the engagement on the day, `free_on` the first free day.

    `lacks` is the customer's language when the expert does not speak it, `asked` the sentence that names the expert.
    """

    expert: Expert
    score: float
    families: tuple[str, ...]
    skills: tuple[str, ...]
    language: str | None
    near: bool
    busy: Busy | None
    free_on: date | None
    lacks: str | None = None
    asked: Line | None = None


def engagement_on(busy: Iterable[Busy], day: date) -> Busy | None:
    """The engagement that covers `day`, the longest lasting one of several; reversed ranges are read as meant."""
    covering = [one for one in busy if min(one.first, one.last) <= day <= max(one.first, one.last)]
    return max(covering, key=lambda one: max(one.first, one.last), default=None)


def next_free_day(busy: Iterable[Busy], day: date) -> date | None:
    """The first working day (Monday to Friday) from `day` on without an engagement; None past the calendar's end."""
    engagements = tuple(busy)
    try:
        while True:
            taken = engagement_on(engagements, day)
            if taken is not None:
                day = max(taken.first, taken.last) + timedelta(days=1)
            elif day.weekday() >= 5:
                day += timedelta(days=1)
            else:
                return day
    except OverflowError:
        return None


def _language(expert: Expert, need: Need) -> tuple[float, str | None]:
    spoken = language_codes(expert.languages)
    local = local_languages(need.account.country)
    found = next((language for language in local if language in spoken), None)
    if found is not None:
        return 1.0, found
    if "en" in spoken:
        return (0.5 if local else 1.0), "en"
    return 0.0, None


def _is_near(expert: Expert, need: Need) -> bool:
    account = need.account
    same_region = bool(account.region) and normalise_name(expert.region or "") == normalise_name(account.region or "")
    based = normalise_name(expert.based_in or "")
    places = [based, *(part.strip() for part in based.replace("，", ",").split(","))]
    return same_region or (bool(account.country) and country_code(account.country) in map(country_code, places))


def named_experts(experts: Iterable[Expert], lines: Iterable[Line]) -> dict[str, Line]:
    """By expert id, the newest of `lines` that names the expert: in full, or by a first name no other expert has."""
    known = tuple(experts)
    firsts = Counter(expert.name.split(" ")[0] for expert in known)
    forms: dict[str, str] = {}
    for expert in known:
        first = expert.name.split(" ")[0]
        for form in (expert.name, first if firsts[first] == 1 and len(first) > 2 else ""):
            if form.strip():
                forms[form] = expert.id
    finder, found = build_finder(forms), dict[str, Line]()
    for line in sorted(lines, key=lambda one: (one.interaction.at, one.index)):
        for form in finder.find(line.words):
            found[forms[form]] = line
    return found


def fit_of(expert: Expert, need: Need, asked: Line | None = None) -> ExpertFit:
    """How well `expert` fits `need`, by the formula of this module; `asked` is where the customer names them."""
    families = shared_families(need.families, expert.families)
    skills = matching_skills(need, expert.skills)
    speaks, language = _language(expert, need)
    near = _is_near(expert, need)
    parts = {
        "family": family_share(need.families, families),
        "skills": min(1.0, len(skills) / _ENOUGH_SKILLS),
        "language": speaks,
        "place": float(near),
    }
    busy = engagement_on(expert.busy, need.day)
    score = sum(WEIGHT[name] * part for name, part in parts.items()) * (BUSY_FACTOR if busy else 1.0)
    score = min(1.0, score + (NAMED if asked else 0.0))
    local = local_languages(need.account.country)
    lacks = local[0] if local and language not in local else None
    free_on = next_free_day(expert.busy, need.day) if busy else need.day
    return ExpertFit(expert, round(score, 4), families, skills, language, near, busy, free_on, lacks, asked)


def rank_experts(
    experts: Iterable[Expert], need: Need, limit: int, asked: Mapping[str, Line] = MappingProxyType({})
) -> list[ExpertFit]:
    """The best `limit` fits, best first."""
    fits = [fit_of(expert, need, asked.get(expert.id)) for expert in experts]
    if need.families or need.words:
        fits = [fit for fit in fits if fit.families or fit.skills or fit.asked]
    return sorted((fit for fit in fits if fit.score > 0), key=lambda fit: (-fit.score, fit.expert.id))[:limit]
