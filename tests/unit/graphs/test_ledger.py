"""Evidence of a package comes only from what was read in the run and what the caller may see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.accounts import Contact
from core.domain.claims import ClaimState, Section, cited_in
from core.identity import Role
from graphs.visit.ledger import Ledger
from tests.samples import account, interaction, rep
from tests.unit.graphs.composing import ADA, SAID, claim, context, sources_of

IN_SOUTH = Contact(id="c2", account_id="a1", name="Ola Berg", region="South")
FOR_LEGAL = interaction("i2", text="Our lawyers object.", audience=frozenset({Role.LEGAL}))


def ledger(*regions: str) -> Ledger:
    caller = rep("t", set(regions)) if regions else rep()
    return Ledger(account("a1"), sources_of(SAID, ADA, IN_SOUTH, FOR_LEGAL), context(caller))


def test_records_sentences_and_the_account_itself_are_found() -> None:
    found = ledger()
    for evidence_id, quote in (
        ("crm:account:a1", "Account a1"),
        ("crm:contact:c1", "Ada Frost"),
        ("memory:interaction:i1#s0", "We need ten pumps."),
        ("memory:interaction:i1#s1", "The budget is approved."),
    ):
        evidence = found.find(evidence_id)
        assert evidence is not None
        assert evidence.id == evidence_id
        assert quote in evidence.quote


@pytest.mark.parametrize(
    "evidence_id",
    [
        "crm:contact:c9",
        "crm:account:a2",
        "memory:interaction:i1#s2",
        "memory:interaction:i1#s-1",
        "memory:interaction:i1#s01",
        "memory:interaction:i1#s١",
        "memory:interaction:i1#s" + "9" * 5000,
        "memory:interaction:i1#s",
        "crm:contact:c1#s0",
        "#s0",
        "",
    ],
)
def test_what_was_not_read_is_no_evidence(evidence_id: str) -> None:
    assert ledger().find(evidence_id) is None


@pytest.mark.parametrize("hidden", ["memory:interaction:i2", "memory:interaction:i2#s0", "crm:contact:c2"])
def test_what_the_caller_may_not_see_is_no_evidence(hidden: str) -> None:
    assert ledger("North").find(hidden) is None


@pytest.mark.parametrize("state", [ClaimState.SUPPORTED, ClaimState.INFERRED])
def test_a_claim_left_without_evidence_is_unsupported(state: ClaimState) -> None:
    checked = ledger("North").check(claim(Section.RISKS, "crm:contact:c9", "memory:interaction:i2#s0", state=state))
    assert checked.evidence == ()
    assert checked.state is ClaimState.UNSUPPORTED


def test_a_claim_keeps_its_state_with_the_evidence_that_stands() -> None:
    checked = ledger().check(claim(Section.RISKS, "crm:contact:c9", "crm:contact:c1", state=ClaimState.INFERRED))
    assert checked.evidence == ("crm:contact:c1",)
    assert checked.state is ClaimState.INFERRED


def test_a_claim_that_cites_nothing_is_unsupported() -> None:
    assert ledger().check(claim(Section.RISKS)).state is ClaimState.UNSUPPORTED


KNOWN = ["crm:account:a1", "crm:contact:c1", "memory:interaction:i1", "memory:interaction:i1#s1"]
IDS = st.one_of(st.sampled_from([*KNOWN, "crm:contact:c2", "memory:interaction:i2#s0"]), st.text(max_size=30))


@given(st.lists(IDS, max_size=6).map(tuple), st.sampled_from(ClaimState))
def test_no_claim_cites_what_is_not_there(cited: tuple[str, ...], state: ClaimState) -> None:
    found = ledger("North")
    checked = found.check(claim(Section.RISKS, *cited, state=state))

    assert set(checked.evidence) <= set(KNOWN) & set(cited)
    assert set(found.collect(cited)) == set(checked.evidence)
    assert checked.evidence or checked.state is ClaimState.UNSUPPORTED


def test_every_evidence_id_in_a_view_is_found() -> None:
    assert list(cited_in(claim(Section.RISKS, "one", "two"))) == ["one", "two"]
