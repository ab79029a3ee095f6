"""The package as Markdown."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.domain.claims import Section
from core.language import Lang
from hub.rendering.facts import spoken
from hub.rendering.html import render_html
from hub.rendering.markdown import render_brief, render_markdown
from hub.rendering.marked import escape, with_plain_notes
from hub.rendering.outline import outline_of
from tests.packages import build_package, without

HOSTILE = "<script>alert(1)</script> **bold** [x](http://evil.example) ![i](http://evil.example/i.png) `c` | # h"


@pytest.mark.parametrize("lang", Lang)
def test_every_claim_and_every_source_is_there(lang: Lang) -> None:
    package = build_package(lang)
    text = render_markdown(package)
    assert all(claim.text in text for claim in package.claims)
    labels = outline_of(package).labels
    assert all(spoken(labels, evidence) in text for evidence in package.evidence.values())


@pytest.mark.parametrize("lang", Lang)
def test_each_footnote_mark_has_its_footnote(lang: Lang) -> None:
    text = render_markdown(build_package(lang))
    defined = set(re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE))
    assert set(re.findall(r"\[\^(\d+)\](?!:)", text)) == defined


def test_unsupported_and_inferred_claims_are_marked() -> None:
    text = render_markdown(build_package())
    assert re.search(r"the day after the visit\. \*\*⚠ unsupported\*\*", text)
    assert re.search(r"glass works\. \*\(inferred\)\*", text)


def test_a_missing_section_says_why() -> None:
    text = render_markdown(without(build_package(), Section.STOCK, "ERP could not be reached."))
    assert text.count("ERP could not be reached.") == 2


def test_a_source_that_the_reader_may_not_see_is_said_to_be_hidden() -> None:
    package = build_package()
    hidden = package.model_copy(update={"evidence": {}})
    assert "A source that you may not see." in render_markdown(hidden)


def test_text_from_outside_cannot_mark_up_link_or_embed() -> None:
    package = build_package(account=HOSTILE)
    claims = tuple(claim.model_copy(update={"text": HOSTILE}) for claim in package.claims)
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(
        render_markdown(package.model_copy(update={"claims": claims}))
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "evil.example</a>" not in html
    assert "<code>" not in html


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    printable = " ".join(char for char in text.split() if char.isprintable())
    shown = MarkdownIt("commonmark").render(escape(printable))
    assert not re.search(r"<(?!/?p>)", shown)


def test_people_are_called_by_name_also_where_a_plan_gives_an_id() -> None:
    assert outline_of(build_package()).person("p2") == "Lin Wei"
    assert outline_of(build_package()).person("person:lin@harbour.example") == ""


def test_a_terminal_shows_footnotes_as_plain_numbers() -> None:
    assert with_plain_notes("Text. [^1][^22]\n\n[^1]: Source") == "Text. [1, 22]\n\n[1] Source"
    assert with_plain_notes(escape("[^1]")) == escape("[^1]")


@pytest.mark.parametrize("lang", Lang)
def test_a_pre_review_names_long_claims_by_their_beginning_only(lang: Lang) -> None:
    package = build_package(lang)
    text = render_markdown(package)
    long = [claim for claim in package.claims if len(claim.text) > 60 and claim.departments]
    before, reviews = text.split(f"## {outline_of(package).labels('reviews')}")
    assert all(claim.text in before for claim in package.claims)
    assert not any(claim.text in reviews for claim in long)


@pytest.mark.parametrize("lang", Lang)
def test_the_brief_has_plan_risks_and_one_line_a_department_and_no_sources(lang: Lang) -> None:
    package = build_package(lang)
    labels = outline_of(package).labels
    text = render_brief(package)
    assert f"## {labels.name(Section.PROPOSALS)}" in text
    assert f"## {labels.name(Section.RISKS)}" in text
    assert len(text.split(f"## {labels('reviews')}")[1].split("- ")) == 1 + len(package.reviews)
    assert not any(evidence.quote in text for evidence in package.evidence.values())
    assert "--full" in text.splitlines()[-1]
    assert package.run_id in text.splitlines()[-1]


def test_steps_of_the_approval_path_keep_their_own_numbers() -> None:
    package = build_package()
    view = package.sections.approval_path.data
    assert view is not None
    later = tuple(step.model_copy(update={"order": 2 * step.order + 1}) for step in view.steps)
    part = package.sections.approval_path.model_copy(update={"data": view.model_copy(update={"steps": later})})
    changed = package.model_copy(update={"sections": package.sections.model_copy(update={"approval_path": part})})
    assert all(f"**Step {step.order}**" in render_markdown(changed) for step in later)
    assert all(f'data-step="{step.order}"' in render_html(changed) for step in later)
