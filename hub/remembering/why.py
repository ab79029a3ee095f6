"""Why a sentence is believed: what it cites, and whether that still says so."""

from enum import StrEnum

from pydantic import AwareDatetime

from core.domain.accounts import Account, Contact
from core.domain.base import Evidence, Frozen, Record
from core.domain.claims import Claim
from core.domain.contracts import ApprovalRule, Contract
from core.domain.deals import Opportunity, Order
from core.domain.market import MarketNote
from core.domain.packages import Package
from core.domain.products import Price, PricingRule, Product, StockLine
from core.domain.resources import Expert, ReferenceCase
from core.errors import NotFoundError
from core.identity import Caller
from hub.installation import Platform
from hub.visits import get_package

_SEARCHED = 500
_KINDS: dict[str, type[Record]] = {
    kind.kind: kind
    for kind in (
        *(Account, Contact, Contract, ApprovalRule, Opportunity, Order, MarketNote),
        *(Product, StockLine, Price, PricingRule, Expert, ReferenceCase),
    )
}


class Standing(StrEnum):
    """Whether a source still says what was cited. *gone*: it is no longer there, or no longer for this reader."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class Ground(Frozen):
    """One source of a claim as it was cited, and how it stands today."""

    evidence: Evidence
    standing: Standing


class Why(Frozen):
    """A claim of a package with its sources; `stands` when all of them still say so.

    `agent` concluded it, in the package of `run_id` that was made at `made_at`.
    """

    claim: Claim
    agent: str
    account_id: str
    run_id: str
    made_at: AwareDatetime
    grounds: tuple[Ground, ...]
    stands: bool


def explain_claim(platform: Platform, caller: Caller, claim_id: str) -> Why:
    """Why a claim was made, from the newest of the caller's packages that has it.

    Raises NotFoundError when none of the newest 500 that the caller may see has it.
    """
    with platform.store.read() as unit:
        runs = unit.visits.list(caller, _SEARCHED)
        holding = unit.visits.runs_with_claim(caller.tenant, claim_id)
    for run in (each for each in runs if each.id in holding):
        package = get_package(platform, caller, run.id)
        claim = next((each for each in package.claims if each.id == claim_id), None)
        if claim is not None:
            return _explained(platform, caller, package, claim)
    raise NotFoundError(
        f"no claim “{claim_id}” in your packages",
        field="CLAIM",
        remedy="Take the id of a claim from a package: `saleshub visit … --json`.",
    )


def _explained(platform: Platform, caller: Caller, package: Package, claim: Claim) -> Why:
    cited = [package.evidence[id_] for id_ in claim.evidence if id_ in package.evidence]
    grounds = tuple(_ground(platform, caller, each) for each in cited)
    return Why(
        claim=claim,
        agent=claim.kind.partition(".")[0],
        account_id=package.account_id,
        run_id=package.run_id,
        made_at=package.created_at,
        grounds=grounds,
        stands=bool(grounds) and all(each.standing is Standing.SAME for each in grounds),
    )


def _ground(platform: Platform, caller: Caller, evidence: Evidence) -> Ground:
    """How a source stands: an interaction must still hold the words cited, a record the same facts."""
    kind = _KINDS.get(evidence.id.split(":")[1])
    with platform.store.read() as unit:
        if kind is None:
            said = unit.interactions.get(caller, [evidence.record])
            same = [evidence.quote in each.text or evidence.quote == each.quote() for each in said]
        else:
            seen = unit.records.find(caller, kind, ids=[evidence.record])
            # Compared whole, whatever fields this reader may read: evidence was cited whole, too.
            whole = unit.records.find(platform.owner(caller.tenant), kind, ids=[evidence.record]) if seen else []
            same = [evidence.quote == each.quote() for each in whole]
    standing = Standing.GONE if not same else Standing.SAME if same[0] else Standing.CHANGED
    return Ground(evidence=evidence, standing=standing)
