"""Each section is there or explained: `ok`, `stale` or `missing`, by what it stands on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.domain.claims import ClaimState, Section
from core.domain.packages import SectionStatus
from core.language import Lang
from graphs.visit.compose import NEEDS, compose
from tests.unit.graphs.composing import NOW, claim, context, source, state
from tools.registry import TOOLS

REQUIRED = [(section, tool) for section, needs in NEEDS.items() for tool in needs.required]
WANTED = [(section, tool) for section, needs in NEEDS.items() for tool in needs.wanted if tool != "recall_history"]
ALL = [claim(section, "crm:account:a1") for section in Section]


def test_with_all_sources_good_every_section_is_ok() -> None:
    draft = compose(state(*ALL), context())

    for section in Section:
        shown = draft.sections.of(section)
        assert (shown.status, shown.reason, shown.as_of) == (SectionStatus.OK, None, NOW)
        assert shown.claims == (f"c-{section}",)
        assert shown.data is not None
    assert len(draft.claims) == len(Section)
    assert set(draft.evidence) == {"crm:account:a1"}


@pytest.mark.parametrize("problem", ["down", "timeout", "malformed", "forbidden", "a code of its own"])
@pytest.mark.parametrize(("section", "tool"), REQUIRED)
def test_a_section_without_a_source_it_needs_is_missing_with_the_reason(
    section: Section, tool: str, problem: str
) -> None:
    last_good = NOW - timedelta(days=3)
    broken = state(*ALL, sources={tool: source(tool, problem=problem, as_of=last_good)})
    draft = compose(broken, context())

    shown = draft.sections.of(section)
    assert shown.status is SectionStatus.MISSING
    assert "17 May 2026" in str(shown.reason)
    assert shown.as_of == last_good
    assert shown.claims == ()
    assert shown.data is None
    assert f"c-{section}" not in {each.id for each in draft.claims}
    assert f"c-{section}" not in draft.summary


@pytest.mark.parametrize(("section", "tool"), WANTED)
def test_a_section_without_a_source_that_makes_it_better_is_stale_with_the_reason(section: Section, tool: str) -> None:
    draft = compose(state(*ALL, sources={tool: source(tool, problem="down", as_of=None)}), context())

    shown = draft.sections.of(section)
    assert shown.status is SectionStatus.STALE
    assert "could not be reached" in str(shown.reason)
    assert shown.claims == (f"c-{section}",)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(("section", "tool"), REQUIRED + WANTED)
def test_a_system_that_never_held_such_records_is_a_gap_that_is_named(section: Section, tool: str, lang: Lang) -> None:
    draft = compose(state(*ALL, sources={tool: source(tool, as_of=None)}), context(lang=lang))

    shown = draft.sections.of(section)
    expected = SectionStatus.MISSING if (section, tool) in REQUIRED else SectionStatus.STALE
    assert shown.status is expected
    assert ("has never received" if lang is Lang.EN else "还没有导入过") in str(shown.reason)


@pytest.mark.parametrize("section", Section)
def test_only_what_is_known_as_of_today_is_marked_in_the_package_of_a_past_visit(section: Section) -> None:
    now = context()
    past = replace(now, tools=replace(now.tools, past_day=date(2026, 3, 2)))

    shown = compose(state(*ALL), past).sections.of(section)
    marked = section in {Section.STOCK, Section.APPROVAL_PATH}
    assert shown.status is (SectionStatus.STALE if marked else SectionStatus.OK)
    assert ("not as of 2 March 2026" in str(shown.reason)) == marked


@pytest.mark.parametrize(("section", "tool"), REQUIRED + WANTED)
def test_an_empty_answer_of_a_system_that_is_good_is_no_gap(section: Section, tool: str) -> None:
    assert compose(state(*ALL, sources={tool: source(tool)}), context()).sections.of(section).status is SectionStatus.OK


@pytest.mark.parametrize(("days", "status"), [(30, SectionStatus.OK), (31, SectionStatus.STALE)])
def test_data_older_than_allowed_makes_a_section_stale(days: int, status: SectionStatus) -> None:
    old = NOW - timedelta(days=days)
    draft = compose(state(*ALL, sources={"read_contacts": source("read_contacts", as_of=old)}), context())

    shown = draft.sections.influence_map
    assert (shown.status, shown.as_of) == (status, old)
    assert (f"{days} days old" in str(shown.reason)) == (status is SectionStatus.STALE)


@pytest.mark.parametrize("agent", sorted({needs.agent for needs in NEEDS.values()}))
def test_a_failed_agent_leaves_its_sections_missing_and_the_others_whole(agent: str) -> None:
    draft = compose(state(*ALL, failed=agent), context())

    for section, needs in NEEDS.items():
        shown = draft.sections.of(section)
        assert (shown.status is SectionStatus.MISSING) == (needs.agent == agent)
        assert (agent in str(shown.reason)) == (needs.agent == agent)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("tool", sorted({tool for _section, tool in REQUIRED + WANTED}))
def test_a_gap_is_explained_in_the_language_of_the_package(tool: str, lang: Lang) -> None:
    draft = compose(state(*ALL, sources={tool: source(tool, problem="timeout", as_of=None)}), context(lang=lang))

    reasons = {shown.reason for section in Section if (shown := draft.sections.of(section)).reason}
    assert len(reasons) == 1
    assert ("限定时间" in reasons.pop()) == (lang is Lang.ZH)
    assert TOOLS[tool].system


def test_a_claim_about_what_was_not_read_is_shown_as_unsupported() -> None:
    draft = compose(state(claim(Section.RISKS, "crm:contact:nobody")), context())

    shown = draft.claims[0]
    assert (shown.state, shown.evidence) == (ClaimState.UNSUPPORTED, ())
    assert draft.evidence == {}


def test_the_claims_to_read_first_are_claims_of_the_package() -> None:
    draft = compose(state(*ALL), context())

    assert draft.summary[0] == f"c-{Section.PROPOSALS}"
    assert set(draft.summary) <= {each.id for each in draft.claims}
