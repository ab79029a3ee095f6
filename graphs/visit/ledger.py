"""The records a run has read, by evidence id: the only place evidence of a package comes from."""

from collections.abc import Iterable

from core.domain.accounts import Account
from core.domain.base import Evidence, Record
from core.domain.claims import Claim, ClaimState, evidence_from, sentences_of
from core.domain.interactions import Interaction
from core.identity import Caller
from core.ports.reading import Reading
from graphs.visit.state import Source, VisitContext


class Ledger:
    """Looks evidence ids up among what was read in this run and what the caller may see."""

    def __init__(self, account: Account, sources: Iterable[Source], context: VisitContext) -> None:
        self._caller: Caller = context.tools.caller
        self._as_of = {Account.kind: context.now}
        self._records: dict[str, Record] = {account.evidence_id: account}
        for source in sources:
            if isinstance(source.answer, Reading):
                self._records.update((record.evidence_id, record) for record in source.answer.records)
                as_of = source.as_of or context.now
                self._as_of.update((record.kind, as_of) for record in source.answer.records)
        self._found: dict[str, Evidence | None] = {}

    def find(self, evidence_id: str) -> Evidence | None:
        """The evidence with this id; None when no record read in this run has it or the caller may not see it."""
        if evidence_id not in self._found:
            self._found[evidence_id] = self._look_up(evidence_id)
        return self._found[evidence_id]

    def _look_up(self, evidence_id: str) -> Evidence | None:
        record = self._records.get(evidence_id)
        evidence = None
        if record is not None:
            evidence = evidence_from(record, self._as_of[record.kind])
        else:
            parent = self._records.get(evidence_id.rpartition("#s")[0])
            if isinstance(parent, Interaction):
                sentences = {sentence.evidence_id: sentence for sentence in sentences_of(parent)}
                if evidence_id in sentences:
                    evidence = evidence_from(sentences[evidence_id], parent.at)
        if evidence is None or not self._caller.may_see(evidence.region, evidence.audience):
            return None
        return evidence

    def check(self, claim: Claim) -> Claim:
        """The claim with only the evidence that stands; unsupported when none is left."""
        standing = tuple(cited for cited in claim.evidence if self.find(cited) is not None)
        if standing == claim.evidence and standing:
            return claim
        state = claim.state if standing else ClaimState.UNSUPPORTED
        return claim.model_copy(update={"evidence": standing, "state": state})

    def collect(self, ids: Iterable[str]) -> dict[str, Evidence]:
        """Evidence for all ids that stand, in order."""
        found = ((evidence_id, self.find(evidence_id)) for evidence_id in dict.fromkeys(ids))
        return {evidence_id: evidence for evidence_id, evidence in found if evidence is not None}
