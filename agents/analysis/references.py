"""Which delivered projects come closest to this customer, and whether they may be shown.

`score = 0.40·family + 0.30·industry + 0.15·country + 0.15·½^(age / 4 years)`. Without the same family or the same
industry a project is no reference, and a customer is never their own. Family is 1 for that of the
foremost deal and ½ for another one of the visit.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.analysis.fit import Need, shared_families
from agents.analysis.names import name_variants
from core.domain.resources import ReferenceCase, Shareable
from core.policy.countries import country_code
from core.text import normalise_name

WEIGHT = {"family": 0.40, "industry": 0.30, "country": 0.15, "recent": 0.15}
HALF_LIFE_YEARS = 4
OTHER_FAMILY = 0.5
_OPENNESS = (Shareable.PUBLIC, Shareable.NDA, Shareable.INTERNAL)


@dataclass(frozen=True, slots=True)
class ReferenceFit:
    """A reference with its score and what it has in common with the visit."""

    case: ReferenceCase
    score: float
    family: str | None
    industry: bool
    country: bool

    @property
    def may_compete(self) -> bool:
        """Whether its customer may compete with ours: the same industry in the same country."""
        return self.industry and self.country


def is_own(case: ReferenceCase, need: Need) -> bool:
    """Whether the project was delivered to the account itself, by id or by any of its names."""
    own = {form for name in (need.account.name, *need.account.aliases) for form in name_variants(name)}
    return case.customer_id == need.account.id or not own.isdisjoint(name_variants(case.customer))


def fit_of(case: ReferenceCase, need: Need) -> ReferenceFit:
    """How close `case` is to `need`, by the formula of this module; an undated project counts as old."""
    families = shared_families(need.families, (case.family or "",))
    industry = bool(case.industry) and normalise_name(case.industry or "") == normalise_name(
        need.account.industry or ""
    )
    country = bool(case.country) and country_code(case.country) == country_code(need.account.country)
    recent = 0.0
    if case.year is not None and case.year <= need.day.year:
        recent = 0.5 ** (min(need.day.year - case.year, 100) / HALF_LIFE_YEARS)
    family = 0.0 if not families else 1.0 if families[0] == need.families[0] else OTHER_FAMILY
    parts = {"family": family, "industry": industry, "country": country, "recent": recent}
    score = sum(WEIGHT[name] * float(part) for name, part in parts.items())
    return ReferenceFit(case, round(score, 4), families[0] if families else None, industry, country)


def rank_references(cases: Iterable[ReferenceCase], need: Need, limit: int) -> list[ReferenceFit]:
    """The best `limit` references, one per customer, best first; of equal ones those that may be shown.

    Projects of the future are left out.
    """
    known = (case for case in cases if not is_own(case, need) and (case.year is None or case.year <= need.day.year))
    fits = [fit for fit in (fit_of(case, need) for case in known) if fit.family or fit.industry]
    fits.sort(key=lambda fit: (-fit.score, _OPENNESS.index(fit.case.shareable), -(fit.case.year or 0), fit.case.id))
    best = {normalise_name(fit.case.customer): fit for fit in reversed(fits)}
    return [fit for fit in fits if best[normalise_name(fit.case.customer)] is fit][:limit]
