"""What of a package a reader may see."""

from typing import Any

from core.domain.accounts import Contact
from core.domain.claims import cited_in, claims_in
from core.domain.packages import Package, PackageSection, Sections, SectionStatus
from core.identity import Caller
from core.policy.field_rights import hidden_fields
from prompts.loader import load_phrases


def visible_to(package: Package, caller: Caller) -> Package:
    """The package without what rests on evidence that the caller may not see.

    Claims that cite such evidence go, since their words may tell what it says; so does the typed data of a section that
    loses a claim, mentions the evidence or repeats a claim that went. The section says that something was left out.
    Addresses of people go for those who do not read them in the CRM either.
    """
    package = _without_addresses(package) if "email" in hidden_fields(caller, Contact.kind) else package
    hidden = {
        evidence.id for evidence in package.evidence.values() if not caller.may_see(evidence.region, evidence.audience)
    }
    if not hidden:
        return package
    claims = tuple(claim for claim in package.claims if hidden.isdisjoint(claim.evidence))
    kept = {claim.id for claim in claims}
    reason = load_phrases("visit").render("left_out", package.lang)
    sections = {name: _visible(section, kept, hidden, reason) for name, section in package.sections}
    reviews = tuple(
        review.model_copy(update={"claims": tuple(each for each in review.claims if each in kept)})
        for review in package.reviews
    )
    return package.model_copy(
        update={
            "claims": claims,
            "summary": tuple(each for each in package.summary if each in kept),
            "evidence": {name: evidence for name, evidence in package.evidence.items() if name not in hidden},
            "sections": Sections(**sections),
            "reviews": reviews,
        }
    )


def _without_addresses(package: Package) -> Package:
    section = package.sections.influence_map
    if section.data is None:
        return package
    people = tuple(person.model_copy(update={"addresses": ()}) for person in section.data.people)
    bare = section.model_copy(update={"data": section.data.model_copy(update={"people": people})})
    return package.model_copy(update={"sections": package.sections.model_copy(update={"influence_map": bare})})


def _visible(section: PackageSection[Any], kept: set[str], hidden: set[str], reason: str) -> PackageSection[Any]:
    claims = tuple(each for each in section.claims if each in kept)
    data = section.data
    tells = data is not None and not (
        claims == section.claims and hidden.isdisjoint(cited_in(data)) and kept.issuperset(claims_in(data))
    )
    if claims == section.claims and not tells:
        return section
    return section.model_copy(
        update={
            "claims": claims,
            "data": None if tells else section.data,
            "status": SectionStatus.STALE,
            "reason": " ".join(filter(None, (section.reason, reason))),
        }
    )
